#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_DECODE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_DECODE_H_

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/garage/bucket.h"
#include "provider/backends/garage/cluster.h"
#include "provider/backends/garage/json_fields.h"
#include "provider/backends/garage/key.h"

namespace fediversity::garage {

// Answers of the admin API as values. Fields that this client does not know are passed over, and fields that only
// some versions send may be absent. What is of another type than it should be makes it Internal, for nothing of such
// an answer can be trusted; `what` was tried, such as "Bucket 0123: reading it", and begins the message.

absl::StatusOr<Bucket> DecodeBucket(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<std::vector<Bucket>> DecodeBuckets(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<Key> DecodeKey(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<std::vector<Key>> DecodeKeys(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<Secret> DecodeSecret(const nlohmann::json& answer, std::string_view what);

// What the lists without details have: the id, and of buckets the local aliases by access key id, which are all there
// even where servers 2.1 to 2.3 leave keys out of the details.
struct ListedEntry {
  std::string id;
  std::vector<std::pair<std::string, std::string>> local_aliases;
};
absl::StatusOr<std::vector<ListedEntry>> DecodeList(const nlohmann::json& answer, std::string_view what);

absl::StatusOr<Health> DecodeHealth(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<ClusterStatus> DecodeStatus(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<Layout> DecodeLayout(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<Statistics> DecodeStatistics(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<std::string> DecodeVersion(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<TokenInfo> DecodeToken(const nlohmann::json& answer, std::string_view what);
absl::StatusOr<std::uint64_t> DecodeUploadsDeleted(const nlohmann::json& answer, std::string_view what);

// Internal: an answer that is none of Garage's, because of `problem`.
absl::Status NotAnAnswer(std::string_view what, std::string_view problem);

// "2.5.0" out of "cargo:2.5.0", "v2.5.0", "git:v2.5.0-3-gabc"; the whole text where no number is in it.
std::string PlainVersion(std::string_view text);

// Permissions of an object with `read`, `write` and `owner`.
Permissions PermissionsOf(const JsonFields& fields);

// `fill` makes the value of the object.
template <typename T>
absl::StatusOr<T> DecodeObject(const nlohmann::json& answer, std::string_view what,
                               const std::function<T(const JsonFields&)>& fill) {
  std::string problem;
  T value = fill(JsonFields(answer, "", problem));
  if (!problem.empty()) return NotAnAnswer(what, problem);
  return value;
}

template <typename T>
absl::StatusOr<std::vector<T>> DecodeObjects(const nlohmann::json& answer, std::string_view what,
                                             const std::function<T(const JsonFields&)>& fill) {
  if (!answer.is_array()) return NotAnAnswer(what, "the answer is not a list");
  std::string problem;
  std::vector<T> values;
  for (const nlohmann::json& entry : answer) values.push_back(fill(JsonFields(entry, "", problem)));
  if (!problem.empty()) return NotAnAnswer(what, problem);
  return values;
}

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_DECODE_H_
