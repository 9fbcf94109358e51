#include <algorithm>

#include "absl/strings/ascii.h"
#include "provider/backends/garage/decode.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

using nlohmann::json;

NodeRole RoleOf(const JsonFields& fields) {
  return {
      .zone = fields.Text("zone"), .tags = fields.TextSet("tags"), .capacity = fields.MaybeCount("capacity")};
}

std::optional<Space> SpaceOf(const std::optional<JsonFields>& fields) {
  if (!fields.has_value()) return std::nullopt;
  return Space{.available = fields->Count("available"), .total = fields->Count("total")};
}

Node NodeOf(const JsonFields& fields) {
  Node node{.id = fields.Text("id"),
            .address = fields.MaybeText("addr"),
            .hostname = fields.MaybeText("hostname"),
            .is_up = fields.Flag("isUp"),
            .draining = fields.Flag("draining"),
            .last_seen_secs_ago = fields.MaybeInteger("lastSeenSecsAgo"),
            .data_partition = SpaceOf(fields.Object("dataPartition")),
            .metadata_partition = SpaceOf(fields.Object("metadataPartition"))};
  if (auto const version = fields.MaybeText("garageVersion")) node.garage_version = PlainVersion(*version);
  if (auto const role = fields.Object("role")) node.role = RoleOf(*role);
  return node;
}

ClusterStatus StatusOf(const JsonFields& fields) {
  ClusterStatus status{.layout_version = fields.Integer("layoutVersion"), .nodes = {}};
  for (const JsonFields& node : fields.Objects("nodes")) status.nodes.push_back(NodeOf(node));
  std::ranges::sort(status.nodes, {}, &Node::id);
  return status;
}

Layout LayoutOf(const JsonFields& fields) {
  Layout layout{.version = fields.Integer("version"),
                .roles = {},
                .partition_size = fields.Count("partitionSize"),
                .staged_changes = static_cast<std::int64_t>(fields.Objects("stagedRoleChanges").size())};
  for (const JsonFields& role : fields.Objects("roles")) {
    layout.roles.push_back({.id = role.Text("id"),
                            .role = RoleOf(role),
                            .stored_partitions = role.MaybeInteger("storedPartitions"),
                            .usable_capacity = role.MaybeCount("usableCapacity")});
  }
  std::ranges::sort(layout.roles, {}, &LayoutRole::id);
  return layout;
}

TokenInfo TokenOf(const JsonFields& fields) {
  return {.id = fields.MaybeText("id"),
          .name = fields.MaybeText("name").value_or(""),
          .created = fields.MaybeTime("created"),
          .expiration = fields.MaybeTime("expiration"),
          .expired = fields.Flag("expired"),
          .scope = fields.TextSet("scope")};
}

}  // namespace

absl::Status NotAnAnswer(std::string_view what, std::string_view problem) {
  return absl::InternalError(
      ToAbsl(Cat({what, ": the answer is not one of Garage's admin API\n", ValidUtf8(problem),
                  ". Check that the endpoint is the admin API of a Garage server, by default port 3903, or a "
                  "proxy that leads to it."})));
}

std::string PlainVersion(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    bool const digit = absl::ascii_isdigit(static_cast<unsigned char>(text[begin]));
    bool const inside = begin > 0 && absl::ascii_isalnum(static_cast<unsigned char>(text[begin - 1])) &&
                        text[begin - 1] != 'v';
    if (digit && !inside) break;
    ++begin;
  }
  if (begin == text.size()) return ValidUtf8(text);
  std::size_t end = begin;
  while (end < text.size() &&
         (absl::ascii_isdigit(static_cast<unsigned char>(text[end])) || text[end] == '.'))
    ++end;
  while (end > begin && text[end - 1] == '.') --end;
  return std::string(text.substr(begin, end - begin));
}

absl::StatusOr<Health> DecodeHealth(const json& answer, std::string_view what) {
  return DecodeObject<Health>(answer, what, [](const JsonFields& fields) {
    return Health{.status = fields.Text("status"),
                  .known_nodes = fields.Integer("knownNodes"),
                  .connected_nodes = fields.Integer("connectedNodes"),
                  .storage_nodes = fields.Integer("storageNodes"),
                  .storage_nodes_up = fields.Integer("storageNodesUp"),
                  .partitions = fields.Integer("partitions"),
                  .partitions_quorum = fields.Integer("partitionsQuorum"),
                  .partitions_all_ok = fields.Integer("partitionsAllOk")};
  });
}

absl::StatusOr<ClusterStatus> DecodeStatus(const json& answer, std::string_view what) {
  return DecodeObject<ClusterStatus>(answer, what, &StatusOf);
}

absl::StatusOr<Layout> DecodeLayout(const json& answer, std::string_view what) {
  auto layout = DecodeObject<Layout>(answer, what, &LayoutOf);
  if (!layout.ok()) return layout;
  // "maximum", or {"atLeast": 2}.
  json const parameters = answer.value("parameters", json());
  json const redundancy = parameters.is_object() ? parameters.value("zoneRedundancy", json()) : json();
  if (redundancy.is_object()) {
    std::string problem;
    layout->zone_redundancy =
        JsonFields(redundancy, "parameters.zoneRedundancy", problem).MaybeInteger("atLeast");
    if (!problem.empty()) return NotAnAnswer(what, problem);
  }
  return layout;
}

absl::StatusOr<Statistics> DecodeStatistics(const json& answer, std::string_view what) {
  return DecodeObject<Statistics>(answer, what, [](const JsonFields& fields) {
    return Statistics{.data_available = fields.MaybeCount("dataAvail"),
                      .metadata_available = fields.MaybeCount("metadataAvail"),
                      .incomplete = fields.MaybeFlag("incompleteAvailInfo"),
                      .bucket_count = fields.MaybeCount("bucketCount"),
                      .total_object_count = fields.MaybeCount("totalObjectCount"),
                      .total_object_bytes = fields.MaybeCount("totalObjectBytes")};
  });
}

absl::StatusOr<std::string> DecodeVersion(const json& answer, std::string_view what) {
  if (!answer.is_object()) return NotAnAnswer(what, "the answer is not an object");
  auto const success = answer.find("success");
  if (success == answer.end() || !success->is_object() || success->empty()) {
    return NotAnAnswer(what, "no node tells its version");
  }
  return DecodeObject<std::string>(*success->begin(), what, [](const JsonFields& fields) {
    return PlainVersion(fields.Text("garageVersion"));
  });
}

absl::StatusOr<TokenInfo> DecodeToken(const json& answer, std::string_view what) {
  return DecodeObject<TokenInfo>(answer, what, &TokenOf);
}

absl::StatusOr<std::uint64_t> DecodeUploadsDeleted(const json& answer, std::string_view what) {
  return DecodeObject<std::uint64_t>(answer, what,
                                     [](const JsonFields& fields) { return fields.Count("uploadsDeleted"); });
}

}  // namespace fediversity::garage
