#include "datasources/proxmox/storages.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "datasources/rows.h"
#include "provider/base/status_macros.h"
#include "resources/proxmox/rules.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct StorageRow {
  Value<std::string> name;
  Value<std::string> node;
  Value<std::string> type;
  Value<schema::Set<std::string>> content;
  Value<bool> shared;
  Value<bool> enabled;
  Value<bool> active;
  Value<std::int64_t> total;
  Value<std::int64_t> used;
  Value<std::int64_t> available;
};

struct ProxmoxStorages {
  Value<std::string> node;
  Value<std::string> content;
  Value<schema::List<StorageRow>> storages;
};

constexpr auto kStorageRow = schema::Describe<StorageRow>(
    schema::Attr<&StorageRow::name>("name").Computed().Doc("Name of the storage."),
    schema::Attr<&StorageRow::node>("node").Computed().Doc("Node that sees it so."),
    schema::Attr<&StorageRow::type>("type").Computed().Doc("Such as `dir`, `lvmthin`, `zfspool` or `rbd`."),
    schema::Attr<&StorageRow::content>("content").Computed().Doc(
        "What it may hold, such as `images`, `import`, `iso` and `snippets`."),
    schema::Attr<&StorageRow::shared>("shared").Computed().Doc("Whether all its nodes see the same volumes."),
    schema::Attr<&StorageRow::enabled>("enabled").Computed().Doc("Whether it is switched on."),
    schema::Attr<&StorageRow::active>("active").Computed().Doc("Whether the node can reach it."),
    schema::Attr<&StorageRow::total>("total").Computed().Doc("Size in bytes; null where it is not active."),
    schema::Attr<&StorageRow::used>("used").Computed().Doc(
        "Used part in bytes; null where it is not active."),
    schema::Attr<&StorageRow::available>("available")
        .Computed()
        .Doc("Free part in bytes; null where it is not active."));

constexpr auto kProxmoxStorages = schema::Describe<ProxmoxStorages>(
    {.name = "fediversity_proxmox_storages",
     .doc =
         "The storages of a node, or of all nodes that are online, as each of them sees them. Storages that the "
         "credentials may not see are left out. One request for each node, and one to find the nodes."},
    schema::Attr<&ProxmoxStorages::node>("node")
        .Optional()
        .Check(resources::kNameOfNodeOrStorage)
        .Doc("Node to ask; all that are online where it is left out."),
    schema::Attr<&ProxmoxStorages::content>("content").Optional().Doc(
        "Only storages that may hold this, such as `images` or `import`."),
    schema::Attr<&ProxmoxStorages::storages>("storages")
        .Computed()
        .Nested<kStorageRow>()
        .Doc("The storages, sorted by name and node; one that several nodes see is listed for each."));

StorageRow RowOf(const proxmox::Storage& storage) {
  StorageRow row;
  row.name = storage.name;
  row.node = storage.node;
  row.type = storage.type;
  row.content = SetOf(storage.content);
  row.shared = storage.shared;
  row.enabled = storage.enabled;
  row.active = storage.active;
  if (!storage.active) return row;
  row.total = storage.total;
  row.used = storage.used;
  row.available = storage.available;
  return row;
}

bool Holds(const proxmox::Storage& storage, const Value<std::string>& content) {
  return !content.has_value() || std::ranges::find(storage.content, *content) != storage.content.end();
}

class ProxmoxStoragesSource final : public schema::DataSource<ProxmoxStorages> {
 public:
  explicit ProxmoxStoragesSource(const Slot<proxmox::Api>& api) : api_(api) {}

  absl::StatusOr<ProxmoxStorages> Read(ProxmoxStorages config,
                                       schema::Context<ProxmoxStorages>& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(std::vector<std::string> const nodes, NodesToAsk(*api, config, LimitsOf(context)));
    std::vector<proxmox::Storage> all;
    for (const std::string& node : nodes) {
      auto listed = api->ListStorages(node, LimitsOf(context));
      if (!listed.ok())
        return config.node.has_value() ? schema::OnAttribute(listed.status(), "node") : listed.status();
      std::ranges::move(*listed, std::back_inserter(all));
    }
    std::ranges::sort(all, {},
                      [](const proxmox::Storage& storage) { return std::tie(storage.name, storage.node); });
    schema::List<StorageRow> rows;
    for (const proxmox::Storage& storage : all) {
      if (Holds(storage, config.content)) rows.emplace_back(RowOf(storage));
    }
    config.storages = std::move(rows);
    return config;
  }

 private:
  static absl::StatusOr<std::vector<std::string>> NodesToAsk(proxmox::Api& api, const ProxmoxStorages& config,
                                                             const CallLimits& limits) {
    if (config.node.has_value()) return std::vector<std::string>{*config.node};
    ASSIGN_OR_RETURN(auto const nodes, api.ListNodes(limits));
    std::vector<std::string> online;
    for (const proxmox::Node& node : nodes) {
      if (!node.offline) online.push_back(node.name);
    }
    return online;
  }

  const Slot<proxmox::Api>& api_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeProxmoxStorages(const Slot<proxmox::Api>& api) {
  return schema::MakeDataSource<ProxmoxStorages>(kProxmoxStorages,
                                                 std::make_unique<ProxmoxStoragesSource>(api));
}

}  // namespace fediversity::datasources
