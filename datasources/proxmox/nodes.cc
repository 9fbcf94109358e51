#include "datasources/proxmox/nodes.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "datasources/rows.h"
#include "provider/base/status_macros.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct NodeRow {
  Value<std::string> name;
  Value<bool> online;
  Value<std::int64_t> cores;
  Value<wire::Number> cpu_usage;
  Value<std::int64_t> memory_total;
  Value<std::int64_t> memory_used;
  Value<std::int64_t> memory_free;
  Value<std::int64_t> disk_total;
  Value<std::int64_t> disk_used;
  Value<std::int64_t> disk_free;
  Value<std::int64_t> uptime;
};

struct ProxmoxNodes {
  Value<bool> online;
  Value<schema::List<NodeRow>> nodes;
};

constexpr auto kNodeRow = schema::Describe<NodeRow>(
    schema::Attr<&NodeRow::name>("name").Computed().Doc("Name of the node."),
    schema::Attr<&NodeRow::online>("online").Computed().Doc("Whether the cluster sees it."),
    schema::Attr<&NodeRow::cores>("cores").Computed().Doc("CPU cores, threads included."),
    schema::Attr<&NodeRow::cpu_usage>("cpu_usage")
        .Computed()
        .Doc("Share of all cores that is in use, from 0 to 1."),
    schema::Attr<&NodeRow::memory_total>("memory_total").Computed().Doc("Memory in bytes."),
    schema::Attr<&NodeRow::memory_used>("memory_used").Computed().Doc("Memory in use, in bytes."),
    schema::Attr<&NodeRow::memory_free>("memory_free").Computed().Doc("Memory that is left, in bytes."),
    schema::Attr<&NodeRow::disk_total>("disk_total").Computed().Doc("Size of the root file system in bytes."),
    schema::Attr<&NodeRow::disk_used>("disk_used")
        .Computed()
        .Doc("Used part of the root file system in bytes."),
    schema::Attr<&NodeRow::disk_free>("disk_free")
        .Computed()
        .Doc("Free part of the root file system in bytes."),
    schema::Attr<&NodeRow::uptime>("uptime").Computed().Doc("Seconds since the node started."));

constexpr auto kProxmoxNodes = schema::Describe<ProxmoxNodes>(
    {.name = "fediversity_proxmox_nodes",
     .doc =
         "The nodes of the cluster and how much of each is in use. Numbers are null for nodes that are offline, and "
         "for credentials without Sys.Audit on the node. All are read in one request, which other data sources and "
         "resources share."},
    schema::Attr<&ProxmoxNodes::online>("online").Optional().Doc(
        "Only nodes that are online, or only those that are not; all where it is left out."),
    schema::Attr<&ProxmoxNodes::nodes>("nodes").Computed().Nested<kNodeRow>().Doc(
        "The nodes, sorted by name."));

Value<std::int64_t> Left(const std::optional<std::int64_t>& total, const std::optional<std::int64_t>& used) {
  if (!total.has_value() || !used.has_value()) return {};
  return std::max<std::int64_t>(*total - *used, 0);
}

absl::StatusOr<NodeRow> RowOf(const proxmox::Node& node) {
  NodeRow row;
  row.name = node.name;
  row.online = node.online;
  row.cores = ValueOrNull(node.max_cpu);
  if (node.cpu.has_value()) {
    ASSIGN_OR_RETURN(row.cpu_usage, wire::Number::FromDouble(*node.cpu));
  }
  row.memory_total = ValueOrNull(node.max_memory);
  row.memory_used = ValueOrNull(node.memory);
  row.memory_free = Left(node.max_memory, node.memory);
  row.disk_total = ValueOrNull(node.max_disk);
  row.disk_used = ValueOrNull(node.disk);
  row.disk_free = Left(node.max_disk, node.disk);
  row.uptime = ValueOrNull(node.uptime);
  return row;
}

class ProxmoxNodesSource final : public schema::DataSource<ProxmoxNodes> {
 public:
  explicit ProxmoxNodesSource(const Slot<proxmox::Api>& api) : api_(api) {}

  absl::StatusOr<ProxmoxNodes> Read(ProxmoxNodes config, schema::Context<ProxmoxNodes>& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(auto nodes, api->ListNodes(LimitsOf(context)));
    std::ranges::sort(nodes, {}, &proxmox::Node::name);
    schema::List<NodeRow> rows;
    for (const proxmox::Node& node : nodes) {
      if (!Passes(config.online, node.online)) continue;
      ASSIGN_OR_RETURN(NodeRow row, RowOf(node));
      rows.emplace_back(std::move(row));
    }
    config.nodes = std::move(rows);
    return config;
  }

 private:
  const Slot<proxmox::Api>& api_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeProxmoxNodes(const Slot<proxmox::Api>& api) {
  return schema::MakeDataSource<ProxmoxNodes>(kProxmoxNodes, std::make_unique<ProxmoxNodesSource>(api));
}

}  // namespace fediversity::datasources
