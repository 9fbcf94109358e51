#include "datasources/proxmox/images.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "datasources/rows.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/rules.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct ImageRow {
  Value<std::string> id;
  Value<std::string> file_name;
  Value<std::string> content;
  Value<std::string> format;
  Value<std::int64_t> size;
  Value<std::string> created_at;
};

struct ProxmoxImages {
  Value<std::string> node;
  Value<std::string> storage;
  Value<std::string> content;
  Value<schema::List<ImageRow>> images;
};

constexpr auto kImageRow = schema::Describe<ImageRow>(
    schema::Attr<&ImageRow::id>("id").Computed().Doc("Volume id, such as `local:import/nixos.qcow2`."),
    schema::Attr<&ImageRow::file_name>("file_name").Computed().Doc("Name of the file in the storage."),
    schema::Attr<&ImageRow::content>("content").Computed().Doc("One of `import`, `iso` and `vztmpl`."),
    schema::Attr<&ImageRow::format>("format").Computed().Doc("Such as `qcow2`, `iso` or `tzst`."),
    schema::Attr<&ImageRow::size>("size").Computed().Doc("Size in bytes."),
    schema::Attr<&ImageRow::created_at>("created_at")
        .Computed()
        .Doc(
            "When the file was put there, as in `2026-11-23T10:00:00Z`; null where the storage does not tell."));

constexpr auto kProxmoxImages = schema::Describe<ProxmoxImages>(
    {.name = "fediversity_proxmox_images",
     .doc =
         "The disk images, ISO images and container templates in a storage, as a node sees it. Read in one request."},
    schema::Attr<&ProxmoxImages::node>("node")
        .Required()
        .Check(resources::kNameOfNodeOrStorage)
        .Doc("Node to ask."),
    schema::Attr<&ProxmoxImages::storage>("storage")
        .Required()
        .Check(resources::kNameOfNodeOrStorage)
        .Doc("Storage to list."),
    schema::Attr<&ProxmoxImages::content>("content")
        .Optional()
        .Check(resources::kImageContent)
        .Doc("Only files of this kind: `import`, `iso` or `vztmpl`."),
    schema::Attr<&ProxmoxImages::images>("images").Computed().Nested<kImageRow>().Doc(
        "The files, sorted by volume id."));

bool IsImage(const proxmox::Volume& volume) {
  constexpr std::array<std::string_view, 3> kKinds = {"import", "iso", "vztmpl"};
  return std::ranges::find(kKinds, volume.content) != kKinds.end();
}

ImageRow RowOf(const proxmox::Volume& volume) {
  ImageRow row;
  row.id = volume.volid;
  row.file_name = volume.volid.substr(volume.volid.rfind('/') + 1);  // the whole id where it has no slash
  row.content = volume.content;
  row.format = volume.format;
  row.size = volume.size;
  if (volume.ctime.has_value()) {
    row.created_at =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(*volume.ctime), absl::UTCTimeZone());
  }
  return row;
}

class ProxmoxImagesSource final : public schema::DataSource<ProxmoxImages> {
 public:
  explicit ProxmoxImagesSource(const Slot<proxmox::Api>& api) : api_(api) {}

  absl::StatusOr<ProxmoxImages> Read(ProxmoxImages config, schema::Context<ProxmoxImages>& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    auto const listed =
        api->ListVolumes(*config.node, *config.storage, config.content.value_or(""), LimitsOf(context));
    if (absl::IsNotFound(listed.status())) return schema::OnAttribute(listed.status(), "storage");
    RETURN_IF_ERROR(listed.status());
    std::vector<proxmox::Volume> volumes = **listed;
    std::ranges::sort(volumes, {}, &proxmox::Volume::volid);
    schema::List<ImageRow> rows;
    for (const proxmox::Volume& volume : volumes) {
      if (IsImage(volume)) rows.emplace_back(RowOf(volume));
    }
    config.images = std::move(rows);
    return config;
  }

 private:
  const Slot<proxmox::Api>& api_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeProxmoxImages(const Slot<proxmox::Api>& api) {
  return schema::MakeDataSource<ProxmoxImages>(kProxmoxImages, std::make_unique<ProxmoxImagesSource>(api));
}

}  // namespace fediversity::datasources
