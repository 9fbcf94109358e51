#include "provider/config/provider_block.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "provider/backends/garage/api.h"
#include "provider/backends/proxmox/api.h"
#include "provider/base/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/unknown_setting.h"
#include "provider/config/dns_settings.h"
#include "provider/config/garage_settings.h"
#include "provider/config/nix_settings.h"
#include "provider/config/proxmox_settings.h"
#include "provider/schema/engine.h"
#include "provider/schema/typed_resource.h"

namespace fediversity::config {
namespace {

struct ProviderModel {
  schema::Value<ProxmoxBlock> proxmox;
  schema::Value<GarageBlock> garage;
  schema::Value<DnsBlock> dns;
  schema::Value<NixBlock> nix;
};

constexpr auto kProvider = schema::Describe<ProviderModel>(
    {.name = "fediversity",
     .doc =
         "Manages what a hosting provider runs fediverse applications on. Each service is set up by one attribute; "
         "a service that is left out can be left out of the configuration too."},
    schema::Attr<&ProviderModel::proxmox>("proxmox").Optional().Nested<kProxmoxBlock>().Doc(
        "Proxmox VE cluster that runs the virtual machines."),
    schema::Attr<&ProviderModel::garage>("garage").Optional().Nested<kGarageBlock>().Doc(
        "Garage cluster that holds the buckets and their keys."),
    schema::Attr<&ProviderModel::dns>("dns").Optional().Nested<kDnsBlock>().Doc(
        "Name server that holds the zones of `fediversity_dns_record_set`."),
    schema::Attr<&ProviderModel::nix>("nix").Optional().Nested<kNixBlock>().Doc(
        "The hosting provider's rules, written in Nix, that every resource is held against before it is planned."));

// An Api with the clock that it goes by.
template <typename Api>
struct Open {
  SystemClock clock;
  std::unique_ptr<Api> api;
};

class FediversityBlock final : public schema::ProviderBlock {
 public:
  FediversityBlock(Backends& backends, Environment environment, Logger logger)
      : backends_(backends),
        environment_(std::move(environment)),
        logger_(std::move(logger)) {
    auto table = schema::MakeTable(kProvider.erased());
    if (table.ok()) table_ = *std::move(table);
  }

  const schema::Table& table() const override { return table_; }

  void Validate(const wire::Value& config, schema::Diagnostics& diagnostics) const override {
    schema::ValidateTable(table_, config, diagnostics);
    // Resources are validated before anything is configured.
    if (!diagnostics.has_errors() && config.kind() == wire::Value::Kind::kMap) {
      ConfigureNix(schema::DecodeModel<ProviderModel>(kProvider.erased(), config).nix, diagnostics);
    }
  }

  void Configure(const wire::Value& config, schema::Diagnostics& diagnostics) override {
    auto const model = schema::DecodeModel<ProviderModel>(kProvider.erased(), config);
    ConfigureProxmox(model.proxmox, diagnostics);
    ConfigureGarage(model.garage, diagnostics);
    ConfigureDns(model.dns, diagnostics);
    ConfigureNix(model.nix, diagnostics);
  }

 private:
  void ConfigureProxmox(const schema::Value<ProxmoxBlock>& block, schema::Diagnostics& diagnostics) {
    std::string unknown;
    Fill(backends_.proxmox, ResolveProxmox(block, environment_, unknown), unknown, "proxmox", diagnostics,
         [this](const proxmox::Settings& settings) {
           return OpenApi<proxmox::Api>(proxmox::MakeApi, settings);
         });
  }

  void ConfigureGarage(const schema::Value<GarageBlock>& block, schema::Diagnostics& diagnostics) {
    std::string unknown;
    Fill(
        backends_.garage, ResolveGarage(block, environment_, unknown), unknown, "garage", diagnostics,
        [this](const garage::Settings& settings) { return OpenApi<garage::Api>(garage::MakeApi, settings); });
  }

  void ConfigureDns(const schema::Value<DnsBlock>& block, schema::Diagnostics& diagnostics) {
    std::string unknown;
    Fill(backends_.dns, ResolveDns(block, environment_, unknown), unknown, "dns", diagnostics,
         [](const dns::Rfc2136Settings& settings) { return dns::MakeRfc2136Store(settings); });
  }

  void ConfigureNix(const schema::Value<NixBlock>& block, schema::Diagnostics& diagnostics) const {
    std::string unknown;
    Fill(backends_.nix, ResolveNix(block, environment_, unknown), unknown, "nix", diagnostics,
         // Looks for Nix and reads the rules when the first resource is judged.
         [this](const nix::RulesSettings& settings) -> absl::StatusOr<std::shared_ptr<nix::ResourceRules>> {
           return std::make_shared<nix::ResourceRules>(settings, environment_, logger_);
         });
  }

  // Fills the slot with what `open` makes of the settings; `unknown` names the setting that is not known yet. What is
  // wrong is told on `attribute`.
  template <typename Backend, typename Settings, typename OpenBackend>
  static void Fill(Slot<Backend>& slot, const absl::StatusOr<std::optional<Settings>>& settings,
                   const std::string& unknown, std::string_view attribute, schema::Diagnostics& diagnostics,
                   const OpenBackend& open) {
    if (!settings.ok()) {
      diagnostics.AddStatus(settings.status());
    } else if (!unknown.empty()) {
      slot.Refuse([setting = std::make_shared<UnknownSetting>(unknown)] { return setting->ToStatus(); });
    } else if (!settings->has_value()) {
      slot.Reset();
    } else if (auto backend = open(**settings); backend.ok()) {
      slot.Fill(*std::move(backend));
    } else {
      diagnostics.AddStatus(schema::OnAttribute(backend.status(), attribute));
    }
  }

  template <typename Api, typename Make, typename Settings>
  absl::StatusOr<std::shared_ptr<Api>> OpenApi(const Make& make, const Settings& settings) const {
    auto open = std::make_shared<Open<Api>>();
    ASSIGN_OR_RETURN(open->api, make(settings, environment_, logger_, open->clock));
    Api* const api = open->api.get();
    return std::shared_ptr<Api>(std::move(open), api);
  }

  Backends& backends_;
  Environment environment_;
  Logger logger_;
  schema::Table table_;
};

}  // namespace

std::unique_ptr<schema::ProviderBlock> MakeProviderBlock(Backends& backends, Environment environment,
                                                         Logger logger) {
  return std::make_unique<FediversityBlock>(backends, std::move(environment), std::move(logger));
}

}  // namespace fediversity::config
