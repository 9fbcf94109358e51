#include "datasources/proxmox/version.h"

#include <string>

#include "datasources/rows.h"
#include "provider/base/status_macros.h"

namespace fediversity::datasources {
namespace {

struct ProxmoxVersion {
  schema::Value<std::string> version;
  schema::Value<std::string> release;
  schema::Value<std::string> repository_id;
};

constexpr auto kProxmoxVersion = schema::Describe<ProxmoxVersion>(
    {.name = "fediversity_proxmox_version", .doc = "The version of Proxmox VE that answers."},
    schema::Attr<&ProxmoxVersion::version>("version").Computed().Doc("Full version, such as `9.2.11`."),
    schema::Attr<&ProxmoxVersion::release>("release").Computed().Doc("Release, such as `9.2`."),
    schema::Attr<&ProxmoxVersion::repository_id>("repository_id")
        .Computed()
        .Doc("Short hash of the revision that it was built from."));

class ProxmoxVersionSource final : public schema::DataSource<ProxmoxVersion> {
 public:
  explicit ProxmoxVersionSource(const Slot<proxmox::Api>& api) : api_(api) {}

  absl::StatusOr<ProxmoxVersion> Read(ProxmoxVersion config,
                                      schema::Context<ProxmoxVersion>& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(proxmox::Version const found, api->ReadVersion(LimitsOf(context)));
    config.version = found.version;
    config.release = found.release;
    config.repository_id = found.repoid;
    return config;
  }

 private:
  const Slot<proxmox::Api>& api_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeProxmoxVersion(const Slot<proxmox::Api>& api) {
  return schema::MakeDataSource<ProxmoxVersion>(kProxmoxVersion, std::make_unique<ProxmoxVersionSource>(api));
}

}  // namespace fediversity::datasources
