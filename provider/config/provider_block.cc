#include "provider/config/provider_block.h"

#include <string>
#include <utility>

#include "provider/base/unknown_setting.h"
#include "provider/config/dns_settings.h"
#include "provider/schema/engine.h"
#include "provider/schema/typed_resource.h"

namespace fediversity::config {
namespace {

struct ProviderModel {
  schema::Value<DnsBlock> dns;
};

constexpr auto kProvider = schema::Describe<ProviderModel>(
    {.name = "fediversity",
     .doc =
         "Manages what a hosting provider runs fediverse applications on. Each service is set up by one attribute; "
         "a service that is left out can be left out of the configuration too."},
    schema::Attr<&ProviderModel::dns>("dns").Optional().Nested<kDnsBlock>().Doc(
        "Name server that holds the zones of `fediversity_dns_record_set`."));

class FediversityBlock final : public schema::ProviderBlock {
 public:
  FediversityBlock(Backends& backends, Environment environment)
      : backends_(backends),
        environment_(std::move(environment)) {
    auto table = schema::MakeTable(kProvider.erased());
    if (table.ok()) table_ = *std::move(table);
  }

  const schema::Table& table() const override { return table_; }

  void Validate(const wire::Value& config, schema::Diagnostics& diagnostics) const override {
    schema::ValidateTable(table_, config, diagnostics);
  }

  void Configure(const wire::Value& config, schema::Diagnostics& diagnostics) override {
    auto const model = schema::DecodeModel<ProviderModel>(kProvider.erased(), config);
    ConfigureDns(model.dns, diagnostics);
  }

 private:
  void ConfigureDns(const schema::Value<DnsBlock>& block, schema::Diagnostics& diagnostics) {
    std::string unknown;
    auto settings = ResolveDns(block, environment_, unknown);
    if (!settings.ok()) {
      diagnostics.AddStatus(settings.status());
    } else if (!unknown.empty()) {
      backends_.dns.Refuse(
          [setting = std::make_shared<UnknownSetting>(unknown)] { return setting->ToStatus(); });
    } else if (!settings->has_value()) {
      backends_.dns.Reset();
    } else {
      auto store = dns::MakeRfc2136Store(**std::move(settings));
      if (store.ok()) {
        backends_.dns.Fill(*std::move(store));
      } else {
        diagnostics.AddStatus(schema::OnAttribute(store.status(), "dns"));
      }
    }
  }

  Backends& backends_;
  Environment environment_;
  schema::Table table_;
};

}  // namespace

std::unique_ptr<schema::ProviderBlock> MakeProviderBlock(Backends& backends, Environment environment) {
  return std::make_unique<FediversityBlock>(backends, std::move(environment));
}

}  // namespace fediversity::config
