#include "tests/emulators/garage/call.h"

namespace fediversity::emulators::garage {
namespace {

constexpr std::uint64_t kCapacity = 1'000'000'000;
constexpr std::uint64_t kPartitions = 256;

std::string VersionName(const Store& store) {
  return store.settings.version == Version::kTwoFive ? "cargo:2.5.0" : "cargo:2.1.0";
}

Json Disk() { return {{"available", 60 * kCapacity}, {"total", 100 * kCapacity}}; }

Json Role() { return {{"zone", "dc1"}, {"tags", Json::array()}, {"capacity", kCapacity}}; }

Parsed GetClusterHealth(const Call&) {
  return Effect([](Store& store, const std::string&) {
    std::uint64_t const ready = store.has_quorum ? kPartitions : 0;
    return Ok({{"status", store.has_quorum ? "healthy" : "unavailable"},
               {"knownNodes", 1},
               {"connectedNodes", 1},
               {"storageNodes", 1},
               {"storageNodesUp", store.has_quorum ? 1 : 0},
               {"partitions", kPartitions},
               {"partitionsQuorum", ready},
               {"partitionsAllOk", ready}});
  });
}

Parsed GetClusterStatus(const Call&) {
  return Effect([](Store& store, const std::string&) {
    Json node = {{"id", store.node_id},
                 {"garageVersion", VersionName(store)},
                 {"addr", "127.0.0.1:3901"},
                 {"hostname", "emulated"},
                 {"isUp", true},
                 {"lastSeenSecsAgo", nullptr},
                 {"role", Role()},
                 {"draining", false},
                 {"dataPartition", Disk()},
                 {"metadataPartition", Disk()}};
    if (store.settings.version == Version::kTwoFive) node["resyncQueueLen"] = 0;
    return Ok({{"layoutVersion", 1}, {"nodes", Json::array({std::move(node)})}});
  });
}

Parsed GetClusterStatistics(const Call&) {
  return Effect([](Store& store, const std::string&) {
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    for (const auto& [id, bucket] : store.buckets) {
      objects += bucket.objects.size();
      bytes += bucket.Bytes();
    }
    return Ok({{"freeform", "Number of buckets: " + std::to_string(store.buckets.size()) + "\n"},
               {"dataAvail", Disk()["available"]},
               {"metadataAvail", Disk()["available"]},
               {"incompleteAvailInfo", false},
               {"bucketCount", store.buckets.size()},
               {"totalObjectCount", objects},
               {"totalObjectBytes", bytes}});
  });
}

Parsed GetNodeInfo(const Call& call) {
  return Effect([wanted = *call.query.Get("node")](Store& store, const std::string&) {
    if (wanted != "self" && wanted != "*" && !store.node_id.starts_with(wanted)) {
      return BadRequest("No nodes matching " + wanted);
    }
    Json const node = {{"nodeId", store.node_id},
                       {"hostname", "emulated"},
                       {"garageVersion", VersionName(store)},
                       {"garageFeatures", {"bundled-libs", "lmdb", "sqlite"}},
                       {"rustVersion", "1.95.0"},
                       {"dbEngine", "LMDB (using Heed crate)"},
                       {"connectionParameters", {{"region", store.settings.region}}},
                       {"addr", "127.0.0.1:3901"},
                       {"isUp", true},
                       {"role", Role()},
                       {"draining", false},
                       {"dataPartition", Disk()},
                       {"metadataPartition", Disk()}};
    return Ok({{"success", {{store.node_id, node}}}, {"error", Json::object()}});
  });
}

Parsed GetClusterLayout(const Call&) {
  return Effect([](Store& store, const std::string&) {
    Json role = Role();
    role["id"] = store.node_id;
    role["storedPartitions"] = kPartitions;
    role["usableCapacity"] = kCapacity;
    return Ok({{"version", 1},
               {"roles", Json::array({std::move(role)})},
               {"parameters", {{"zoneRedundancy", "maximum"}}},
               {"partitionSize", kCapacity / kPartitions},
               {"stagedRoleChanges", Json::array()},
               {"stagedParameters", nullptr}});
  });
}

Parsed GetClusterLayoutHistory(const Call&) {
  return Effect([](Store&, const std::string&) {
    Json const current = {{"version", 1}, {"status", "Current"}, {"storageNodes", 1}, {"gatewayNodes", 0}};
    return Ok({{"currentVersion", 1},
               {"minAck", 1},
               {"versions", Json::array({current})},
               {"updateTrackers", nullptr}});
  });
}

}  // namespace

std::vector<Endpoint> ClusterEndpoints() {
  return {{.method = "GET", .name = "GetClusterHealth", .parse = GetClusterHealth},
          {.method = "GET", .name = "GetClusterStatus", .parse = GetClusterStatus},
          {.method = "GET", .name = "GetClusterStatistics", .parse = GetClusterStatistics},
          {.method = "GET", .name = "GetNodeInfo", .parse = GetNodeInfo, .argument = "node"},
          {.method = "GET", .name = "GetClusterLayout", .parse = GetClusterLayout},
          {.method = "GET", .name = "GetClusterLayoutHistory", .parse = GetClusterLayoutHistory}};
}

}  // namespace fediversity::emulators::garage
