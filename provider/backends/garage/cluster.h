#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_CLUSTER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_CLUSTER_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace fediversity::garage {

struct Health {
  std::string status;  // "healthy", "degraded", "unavailable"
  std::int64_t known_nodes = 0;
  std::int64_t connected_nodes = 0;
  std::int64_t storage_nodes = 0;
  std::int64_t storage_nodes_up = 0;
  std::int64_t partitions = 0;
  std::int64_t partitions_quorum = 0;
  std::int64_t partitions_all_ok = 0;
};

struct Space {
  std::uint64_t available = 0;  // bytes
  std::uint64_t total = 0;
};

struct NodeRole {
  std::string zone;
  std::set<std::string> tags;
  std::optional<std::uint64_t> capacity = {};  // bytes; nullopt for a gateway
};

struct Node {
  std::string id;
  std::optional<std::string> garage_version = {};  // "2.5.0"
  std::optional<std::string> address = {};
  std::optional<std::string> hostname = {};
  bool is_up = false;
  bool draining = false;
  std::optional<std::int64_t> last_seen_secs_ago = {};  // of a node that is not up
  std::optional<NodeRole> role = {};                    // nullopt: not in the layout
  std::optional<Space> data_partition = {};
  std::optional<Space> metadata_partition = {};
};

struct ClusterStatus {
  std::int64_t layout_version = 0;
  std::vector<Node> nodes;  // by id
};

struct LayoutRole {
  std::string id;  // of the node
  NodeRole role;
  std::optional<std::int64_t> stored_partitions = {};
  std::optional<std::uint64_t> usable_capacity = {};  // bytes
};

struct Layout {
  std::int64_t version = 0;
  std::vector<LayoutRole> roles;  // by node
  std::optional<std::int64_t> zone_redundancy =
      {};                            // zones that hold each partition at least; nullopt: as many as can
  std::uint64_t partition_size = 0;  // bytes
  std::int64_t staged_changes = 0;   // roles that wait to be applied
};

// Of 2.3 and later; nullopt where the server does not tell.
struct Statistics {
  std::optional<std::uint64_t> data_available = {};  // bytes, of the whole cluster
  std::optional<std::uint64_t> metadata_available = {};
  std::optional<bool> incomplete = {};  // nodes are missing from what is available
  std::optional<std::uint64_t> bucket_count = {};
  std::optional<std::uint64_t> total_object_count = {};
  std::optional<std::uint64_t> total_object_bytes = {};
};

// The admin token that calls are made with.
struct TokenInfo {
  std::optional<std::string> id = {};  // nullopt: of the configuration file
  std::string name;
  std::optional<absl::Time> created = {};
  std::optional<absl::Time> expiration = {};
  bool expired = false;
  std::set<std::string> scope = {};  // names of calls; "*" for all

  bool Allows(const std::string& call) const { return scope.contains("*") || scope.contains(call); }
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_CLUSTER_H_
