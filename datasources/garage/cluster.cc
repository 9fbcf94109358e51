#include "datasources/garage/cluster.h"

#include <cstdint>
#include <string>
#include <utility>

#include "datasources/garage/facts.h"
#include "provider/base/status_macros.h"
#include "provider/schema/typed_data_source.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct GarageNodeRow {
  Value<std::string> id;
  Value<std::string> hostname;
  Value<std::string> address;
  Value<std::string> version;
  Value<bool> is_up;
  Value<bool> draining;
  Value<std::string> zone;
  Value<schema::Set<std::string>> tags;
  Value<std::int64_t> capacity;
  Value<std::int64_t> data_available;
  Value<std::int64_t> data_total;
  Value<std::int64_t> metadata_available;
  Value<std::int64_t> metadata_total;
};

struct GarageLayout {
  Value<std::int64_t> version;
  Value<std::int64_t> staged_changes;
  Value<std::int64_t> partition_size;
  Value<std::int64_t> zone_redundancy;
};

struct GarageCluster {
  Value<std::string> status;
  Value<std::string> version;
  Value<std::int64_t> known_nodes;
  Value<std::int64_t> connected_nodes;
  Value<std::int64_t> storage_nodes;
  Value<std::int64_t> storage_nodes_up;
  Value<std::int64_t> partitions;
  Value<std::int64_t> partitions_quorum;
  Value<std::int64_t> partitions_all_ok;
  Value<std::int64_t> data_available;
  Value<std::int64_t> metadata_available;
  Value<GarageLayout> layout;
  Value<schema::List<GarageNodeRow>> nodes;
};

constexpr auto kGarageNodeRow = schema::Describe<GarageNodeRow>(
    schema::Attr<&GarageNodeRow::id>("id").Computed().Doc("Id of the node."),
    schema::Attr<&GarageNodeRow::hostname>("hostname")
        .Computed()
        .Doc("Its host name; null where it has not told."),
    schema::Attr<&GarageNodeRow::address>("address").Computed().Doc(
        "Address at which other nodes reach it; null where it is not known."),
    schema::Attr<&GarageNodeRow::version>("version").Computed().Doc(
        "Version of Garage that it runs; null where it has not told."),
    schema::Attr<&GarageNodeRow::is_up>("is_up").Computed().Doc("Whether the node that was asked sees it."),
    schema::Attr<&GarageNodeRow::draining>("draining")
        .Computed()
        .Doc("Whether its data are being moved away."),
    schema::Attr<&GarageNodeRow::zone>("zone").Computed().Doc(
        "Zone in the layout; null where it is not part of it."),
    schema::Attr<&GarageNodeRow::tags>("tags").Computed().Doc("Tags in the layout."),
    schema::Attr<&GarageNodeRow::capacity>("capacity")
        .Computed()
        .Doc("Bytes that it gives to the cluster; null for a gateway."),
    schema::Attr<&GarageNodeRow::data_available>("data_available")
        .Computed()
        .Doc("Free bytes where it keeps data; null where it has not told, as below."),
    schema::Attr<&GarageNodeRow::data_total>("data_total").Computed().Doc("All bytes there."),
    schema::Attr<&GarageNodeRow::metadata_available>("metadata_available")
        .Computed()
        .Doc("Free bytes where it keeps metadata."),
    schema::Attr<&GarageNodeRow::metadata_total>("metadata_total").Computed().Doc("All bytes there."));

constexpr auto kGarageLayout = schema::Describe<GarageLayout>(
    schema::Attr<&GarageLayout::version>("version").Computed().Doc("Number of the layout."),
    schema::Attr<&GarageLayout::staged_changes>("staged_changes")
        .Computed()
        .Doc("Changes that wait to be applied."),
    schema::Attr<&GarageLayout::partition_size>("partition_size").Computed().Doc("Bytes of a partition."),
    schema::Attr<&GarageLayout::zone_redundancy>("zone_redundancy")
        .Computed()
        .Doc("Zones that hold each partition at least; null for as many as there can be."));

constexpr auto kGarageCluster = schema::Describe<GarageCluster>(
    {.name = "fediversity_garage_cluster",
     .doc =
         "The health of a Garage cluster, its nodes, its layout and what it has free. It is read in five requests, so the "
         "token needs GetClusterHealth, GetClusterStatus, GetClusterLayout, GetClusterStatistics and GetNodeInfo."},
    schema::Attr<&GarageCluster::status>("status").Computed().Doc(
        "`healthy`; `degraded`, where nodes are missing; or `unavailable`, where some data cannot be reached."),
    schema::Attr<&GarageCluster::version>("version").Computed().Doc("Version of the node that was asked."),
    schema::Attr<&GarageCluster::known_nodes>("known_nodes").Computed().Doc("Nodes that were ever seen."),
    schema::Attr<&GarageCluster::connected_nodes>("connected_nodes")
        .Computed()
        .Doc("Nodes that are connected."),
    schema::Attr<&GarageCluster::storage_nodes>("storage_nodes").Computed().Doc("Nodes that store data."),
    schema::Attr<&GarageCluster::storage_nodes_up>("storage_nodes_up")
        .Computed()
        .Doc("Those of them that are connected."),
    schema::Attr<&GarageCluster::partitions>("partitions")
        .Computed()
        .Doc("Parts into which data are divided."),
    schema::Attr<&GarageCluster::partitions_quorum>("partitions_quorum")
        .Computed()
        .Doc("Parts that can be written."),
    schema::Attr<&GarageCluster::partitions_all_ok>("partitions_all_ok")
        .Computed()
        .Doc("Parts of which all nodes are connected."),
    schema::Attr<&GarageCluster::data_available>("data_available")
        .Computed()
        .Doc("Bytes that can still be stored in the cluster; null where its version does not tell."),
    schema::Attr<&GarageCluster::metadata_available>("metadata_available")
        .Computed()
        .Doc("Free bytes for metadata; null where its version does not tell."),
    schema::Attr<&GarageCluster::layout>("layout").Computed().Nested<kGarageLayout>().Doc(
        "How data are spread over the nodes."),
    schema::Attr<&GarageCluster::nodes>("nodes").Computed().Nested<kGarageNodeRow>().Doc(
        "The nodes, sorted by id."));

GarageNodeRow RowOf(const garage::Node& node) {
  GarageNodeRow row{.id = node.id,
                    .hostname = ValueOf(node.hostname),
                    .address = ValueOf(node.address),
                    .version = ValueOf(node.garage_version),
                    .is_up = node.is_up,
                    .draining = node.draining};
  if (node.role.has_value()) {
    row.zone = node.role->zone;
    row.tags = TextsOf(node.role->tags);
    row.capacity = CountOf(node.role->capacity);
  }
  if (node.data_partition.has_value()) {
    row.data_available = CountOf(node.data_partition->available);
    row.data_total = CountOf(node.data_partition->total);
  }
  if (node.metadata_partition.has_value()) {
    row.metadata_available = CountOf(node.metadata_partition->available);
    row.metadata_total = CountOf(node.metadata_partition->total);
  }
  return row;
}

class GarageClusterSource final : public schema::DataSource<GarageCluster> {
 public:
  explicit GarageClusterSource(const Slot<garage::Api>& garage) : garage_(garage) {}

  absl::StatusOr<GarageCluster> Read(GarageCluster facts, schema::Context<GarageCluster>& context) override {
    ASSIGN_OR_RETURN(auto const api, garage_.Get());
    ASSIGN_OR_RETURN(garage::Health const health, api->ReadHealth(context.limits()));
    facts.status = health.status;
    facts.known_nodes = health.known_nodes;
    facts.connected_nodes = health.connected_nodes;
    facts.storage_nodes = health.storage_nodes;
    facts.storage_nodes_up = health.storage_nodes_up;
    facts.partitions = health.partitions;
    facts.partitions_quorum = health.partitions_quorum;
    facts.partitions_all_ok = health.partitions_all_ok;
    ASSIGN_OR_RETURN(facts.version, api->ReadVersion(context.limits()));
    ASSIGN_OR_RETURN(garage::Layout const layout, api->ReadLayout(context.limits()));
    facts.layout = GarageLayout{.version = layout.version,
                                .staged_changes = layout.staged_changes,
                                .partition_size = CountOf(layout.partition_size),
                                .zone_redundancy = ValueOf(layout.zone_redundancy)};
    ASSIGN_OR_RETURN(garage::Statistics const statistics, api->ReadStatistics(context.limits()));
    facts.data_available = CountOf(statistics.data_available);
    facts.metadata_available = CountOf(statistics.metadata_available);
    ASSIGN_OR_RETURN(garage::ClusterStatus const status, api->ReadStatus(context.limits()));
    schema::List<GarageNodeRow> rows;
    for (const garage::Node& node : status.nodes) rows.emplace_back(RowOf(node));
    facts.nodes = std::move(rows);
    return facts;
  }

 private:
  const Slot<garage::Api>& garage_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeGarageCluster(const Slot<garage::Api>& garage) {
  return schema::MakeDataSource<GarageCluster>(kGarageCluster, std::make_unique<GarageClusterSource>(garage));
}

}  // namespace fediversity::datasources
