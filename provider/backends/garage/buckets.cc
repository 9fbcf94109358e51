#include <utility>

#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/encode.h"
#include "provider/backends/garage/error.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/names.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::garage {

using nlohmann::json;

absl::StatusOr<json> HttpApi::Write(const Call& call, const CallLimits& limits) {
  DropListing();
  auto answer = client_.Send(call, limits);
  DropListing();
  return answer;
}

absl::StatusOr<Bucket> HttpApi::WriteBucket(std::string name, json body, const std::string& what,
                                            const CallLimits& limits) {
  ASSIGN_OR_RETURN(
      json const answer,
      Write({.name = std::move(name), .what = what, .body = std::move(body), .idempotent = true}, limits));
  return DecodeBucket(answer, what);
}

absl::StatusOr<Bucket> HttpApi::ReadBucket(std::string_view id, const CallLimits& limits) {
  std::string const what = OfBucket(id, "reading it");
  ASSIGN_OR_RETURN(json const answer, client_.Get("GetBucketInfo", {{"id", id}}, what, limits));
  return DecodeBucket(answer, what);
}

absl::StatusOr<Bucket> HttpApi::FindBucket(std::string_view global_alias, const CallLimits& limits) {
  std::string const what = Cat({"Alias ", ValidUtf8(global_alias), ": looking it up"});
  ASSIGN_OR_RETURN(json const answer,
                   client_.Get("GetBucketInfo", {{"globalAlias", global_alias}}, what, limits));
  return DecodeBucket(answer, what);
}

absl::StatusOr<Bucket> HttpApi::CreateBucket(std::string_view alias, const CallLimits& limits) {
  std::string const what = "A new bucket: creating it";
  absl::Time const begin = clock_.Now();
  json body = json::object();
  if (!alias.empty()) body["globalAlias"] = alias;
  auto const answer = Write({.name = "CreateBucket", .what = what, .body = std::move(body)}, limits);
  if (answer.ok()) return DecodeBucket(*answer, what);
  bool const sent = http::DeliveryOf(answer.status()) != http::Delivery::kNotSent;
  bool const refused = CauseOf(answer.status()) == Cause::kAccessDenied ||
                       CauseOf(answer.status()) == Cause::kInvalid ||
                       CauseOf(answer.status()) == Cause::kUnknownCall;
  if (!sent || refused) return answer.status();
  if (!alias.empty()) {
    auto found = FindBucket(alias, limits);
    if (found.ok()) return found;
  }
  return Reworded(answer.status(), answer.status().code(),
                  Cat({ToStd(answer.status().message()), "\n", DescribeLeftover(begin, limits)}));
}

// Nothing tells for certain which bucket a lost creation has made, where it has no name and no key.
std::string HttpApi::DescribeLeftover(absl::Time begin, const CallLimits& limits) {
  // Clocks differ.
  constexpr absl::Duration kSkew = absl::Minutes(1);
  std::vector<std::string> candidates;
  auto const buckets = buckets_.All(limits);
  if (buckets.ok()) {
    for (const auto& [id, bucket] : **buckets) {
      bool const nameless = bucket.global_aliases.empty() && bucket.keys.empty() && bucket.usage.objects == 0;
      if (nameless && bucket.created.has_value() && *bucket.created > begin - kSkew) candidates.push_back(id);
    }
    if (candidates.empty()) return "No bucket without a name is to be seen that it may have left: try again.";
  }
  return Cat({"It may have left an empty bucket that has no name",
              candidates.empty() ? "" : ". Made within the last minute was ", Join(candidates, ", "),
              ". Delete it with `garage bucket delete`, or import it by its id."});
}

absl::StatusOr<Bucket> HttpApi::UpdateBucket(std::string_view id, const BucketChange& change,
                                             const CallLimits& limits) {
  std::string const what = OfBucket(id, "changing it");
  ASSIGN_OR_RETURN(json const answer, Write({.name = "UpdateBucket",
                                             .what = what,
                                             .query = {{"id", id}},
                                             .body = Encode(change),
                                             .idempotent = true},
                                            limits));
  ASSIGN_OR_RETURN(Bucket bucket, DecodeBucket(answer, what));
  std::vector<std::string> const missing = Missing(change, bucket);
  if (missing.empty()) return bucket;
  return absl::UnimplementedError(ToAbsl(Cat(
      {what, ": the server did not take ", Join(missing, ", "),
       "\nIts answer has other values than were sent. Garage before 2.3 passes over CORS, lifecycle and routing "
       "rules in silence: upgrade, or leave them out. Everything else was done. On a newer server, somebody else "
       "has changed the bucket at the same time."})));
}

absl::Status HttpApi::DeleteBucket(std::string_view id, const CallLimits& limits) {
  std::string const what = OfBucket(id, "deleting it");
  auto const answer = Write({.name = "DeleteBucket",
                             .what = what,
                             .query = {{"id", id}},
                             .body = json::object(),
                             .idempotent = true},
                            limits);
  if (answer.ok() || absl::IsNotFound(answer.status())) return absl::OkStatus();
  if (CauseOf(answer.status()) != Cause::kNotEmpty) return answer.status();
  Parts const parts = PartsOf(answer.status());
  return Reworded(
      answer.status(), answer.status().code(),
      Cat({what, ": objects are inside\nNothing was deleted. Delete them first.\n", parts.detail}));
}

absl::StatusOr<std::uint64_t> HttpApi::CleanupIncompleteUploads(std::string_view id,
                                                                absl::Duration older_than,
                                                                const CallLimits& limits) {
  std::string const what = OfBucket(id, "deleting unfinished uploads");
  json body{{"bucketId", id}, {"olderThanSecs", absl::ToInt64Seconds(older_than)}};
  ASSIGN_OR_RETURN(
      json const answer,
      Write({.name = "CleanupIncompleteUploads", .what = what, .body = std::move(body), .idempotent = true},
            limits));
  return DecodeUploadsDeleted(answer, what);
}

}  // namespace fediversity::garage
