#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/http_api.h"
#include "provider/base/status_macros.h"

namespace fediversity::garage {
namespace {

using nlohmann::json;

constexpr std::string_view kBuckets = "The buckets: listing them";
constexpr std::string_view kKeys = "The keys: listing them";

std::vector<http::Field> PageQuery(const std::string& offset, int count) {
  std::vector<http::Field> query{{"limit", absl::StrCat(count)}};
  if (!offset.empty()) query.emplace_back("offset", offset);
  return query;
}

// `read` of each id, `parallel` of them at a time. What is gone meanwhile is left out.
template <typename T>
absl::StatusOr<std::map<std::string, T, std::less<>>> ReadEach(
    const std::vector<std::string>& ids, int parallel,
    const std::function<absl::StatusOr<T>(std::string_view id)>& read) {
  std::map<std::string, T, std::less<>> entries;
  absl::Status failure;
  std::mutex mutex;
  std::atomic<std::size_t> next = 0;
  auto work = [&] {
    for (std::size_t i = next++; i < ids.size(); i = next++) {
      absl::StatusOr<T> entry = read(ids[i]);
      std::lock_guard const lock(mutex);
      if (entry.ok()) {
        entries.emplace(ids[i], *std::move(entry));
      } else if (!absl::IsNotFound(entry.status())) {
        failure = entry.status();
        next = ids.size();
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < std::min<int>(parallel, static_cast<int>(ids.size())); ++i)
      workers.emplace_back(work);
    work();
  }
  if (!failure.ok()) return failure;
  return entries;
}

}  // namespace

HttpApi::HttpApi(std::unique_ptr<http::Transport> transport, const Secret& token,
                 std::unique_ptr<S3Client> s3, const Options& options, Clock& clock)
    : client_(std::move(transport), token),
      s3_(std::move(s3)),
      options_(options),
      clock_(clock),
      buckets_(BucketSource(), options.page_size, std::string(kBuckets), clock),
      keys_(KeySource(), options.page_size, std::string(kKeys), clock) {}

void HttpApi::DropListing() {
  buckets_.Drop();
  keys_.Drop();
}

Listing<Bucket>::Source HttpApi::BucketSource() {
  return {.page = [this](const std::string& offset, int count,
                         const CallLimits& limits) -> absl::StatusOr<std::vector<Listing<Bucket>::Entry>> {
            std::string const what(kBuckets);
            ASSIGN_OR_RETURN(json const answer,
                             client_.Get("ListBucketsInfo", PageQuery(offset, count), what, limits));
            ASSIGN_OR_RETURN(std::vector<Bucket> buckets, DecodeBuckets(answer, what));
            std::vector<Listing<Bucket>::Entry> entries;
            entries.reserve(buckets.size());
            for (Bucket& bucket : buckets) entries.emplace_back(bucket.id, std::move(bucket));
            return entries;
          },
          .one = [this](std::string_view id, const CallLimits& limits) { return ReadBucket(id, limits); },
          .all = [this](const CallLimits& limits) -> absl::StatusOr<Buckets> {
            ASSIGN_OR_RETURN(auto const ids, ListIds("ListBuckets", std::string(kBuckets), limits));
            return ReadEach<Bucket>(ids, options_.parallel,
                                    [&](std::string_view id) { return ReadBucket(id, limits); });
          }};
}

Listing<Key>::Source HttpApi::KeySource() {
  return {.page = [this](const std::string& offset, int count,
                         const CallLimits& limits) -> absl::StatusOr<std::vector<Listing<Key>::Entry>> {
            std::string const what(kKeys);
            ASSIGN_OR_RETURN(json const answer,
                             client_.Get("ListKeysInfo", PageQuery(offset, count), what, limits));
            ASSIGN_OR_RETURN(std::vector<Key> keys, DecodeKeys(answer, what));
            std::vector<Listing<Key>::Entry> entries;
            entries.reserve(keys.size());
            for (Key& key : keys) entries.emplace_back(key.access_key_id, std::move(key));
            return entries;
          },
          .one = [this](std::string_view id, const CallLimits& limits) { return ReadKey(id, limits); },
          .all = [this](const CallLimits& limits) -> absl::StatusOr<Keys> {
            ASSIGN_OR_RETURN(auto const ids, ListIds("ListKeys", std::string(kKeys), limits));
            return ReadEach<Key>(ids, options_.parallel,
                                 [&](std::string_view id) { return ReadKey(id, limits); });
          }};
}

absl::StatusOr<std::vector<std::string>> HttpApi::ListIds(const std::string& call, const std::string& what,
                                                          const CallLimits& limits) {
  std::set<std::string> ids;
  std::vector<http::Field> query;
  // 2.5 and later answer a part at a time; before, the whole comes at once, and again whatever the offset.
  while (true) {
    ASSIGN_OR_RETURN(json const answer, client_.Get(call, query, what, limits));
    ASSIGN_OR_RETURN(std::vector<ListedEntry> const listed, DecodeList(answer, what));
    std::size_t const before = ids.size();
    for (const ListedEntry& entry : listed) ids.insert(entry.id);
    if (ids.size() == before) return std::vector<std::string>(ids.begin(), ids.end());
    query = {{"offset", *ids.rbegin()}};
  }
}

}  // namespace fediversity::garage
