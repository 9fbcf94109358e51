#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_HTTP_API_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_HTTP_API_H_

#include <memory>
#include <string>
#include <string_view>

#include "provider/backends/garage/api.h"
#include "provider/backends/garage/client.h"
#include "provider/backends/garage/listing.h"
#include "provider/backends/garage/s3_client.h"
#include "provider/http/transport.h"

namespace fediversity::garage {

// The Api over HTTP. MakeApi() in api.h opens it on a cluster; its methods are in one file for each part of the API:
// buckets.cc, aliases.cc, grants.cc, emptying.cc, keys.cc, lists.cc and cluster_reads.cc.
class HttpApi final : public Api {
 public:
  struct Options {
    std::string service = {};
    int page_size = 1000;
    int parallel = 4;  // reads at the same time, where the server has no lists with details
  };

  // `s3` is nullptr where there is no S3 endpoint. `clock` must outlive it.
  HttpApi(std::unique_ptr<http::Transport> transport, const Secret& token, std::unique_ptr<S3Client> s3,
          const Options& options, Clock& clock);

  const std::string& service() const override { return options_.service; }

  absl::StatusOr<Bucket> FetchBucket(std::string_view id, const CallLimits& limits) override {
    return buckets_.Fetch(id, limits);
  }
  absl::StatusOr<std::shared_ptr<const Buckets>> ListBuckets(const CallLimits& limits) override {
    return buckets_.All(limits);
  }
  absl::StatusOr<Bucket> ReadBucket(std::string_view id, const CallLimits& limits) override;
  absl::StatusOr<Bucket> FindBucket(std::string_view global_alias, const CallLimits& limits) override;
  absl::StatusOr<Bucket> CreateBucket(std::string_view alias, const CallLimits& limits) override;
  absl::StatusOr<Bucket> UpdateBucket(std::string_view id, const BucketChange& change,
                                      const CallLimits& limits) override;
  absl::Status DeleteBucket(std::string_view id, const CallLimits& limits) override;

  absl::StatusOr<Bucket> AddGlobalAlias(std::string_view id, std::string_view alias,
                                        const CallLimits& limits) override;
  absl::StatusOr<Bucket> RemoveGlobalAlias(std::string_view id, std::string_view alias,
                                           const CallLimits& limits) override;
  absl::StatusOr<Bucket> AddLocalAlias(std::string_view id, std::string_view access_key_id,
                                       std::string_view alias, const CallLimits& limits) override;
  absl::StatusOr<Bucket> RemoveLocalAlias(std::string_view id, std::string_view access_key_id,
                                          std::string_view alias, const CallLimits& limits) override;

  absl::StatusOr<Bucket> SetPermissions(std::string_view id, std::string_view access_key_id,
                                        const Permissions& permissions, const CallLimits& limits) override;

  absl::StatusOr<std::uint64_t> CleanupIncompleteUploads(std::string_view id, absl::Duration older_than,
                                                         const CallLimits& limits) override;
  absl::StatusOr<std::uint64_t> EmptyBucket(std::string_view id, const AnnounceKey& announce,
                                            const CallLimits& limits) override;

  absl::StatusOr<Key> FetchKey(std::string_view access_key_id, const CallLimits& limits) override {
    return keys_.Fetch(access_key_id, limits);
  }
  absl::StatusOr<std::shared_ptr<const Keys>> ListKeys(const CallLimits& limits) override {
    return keys_.All(limits);
  }
  absl::StatusOr<Key> ReadKey(std::string_view access_key_id, const CallLimits& limits) override;
  absl::StatusOr<Secret> ReadSecret(std::string_view access_key_id, const CallLimits& limits) override;
  absl::StatusOr<Key> ImportKey(const KeyCredentials& credentials, std::string_view name,
                                const CallLimits& limits) override;
  absl::StatusOr<Key> UpdateKey(std::string_view access_key_id, const KeyChange& change,
                                const CallLimits& limits) override;
  absl::Status DeleteKey(std::string_view access_key_id, const CallLimits& limits) override;

  absl::StatusOr<Health> ReadHealth(const CallLimits& limits) override;
  absl::StatusOr<ClusterStatus> ReadStatus(const CallLimits& limits) override;
  absl::StatusOr<Layout> ReadLayout(const CallLimits& limits) override;
  absl::StatusOr<Statistics> ReadStatistics(const CallLimits& limits) override;
  absl::StatusOr<std::string> ReadVersion(const CallLimits& limits) override;
  absl::StatusOr<TokenInfo> ReadToken(const CallLimits& limits) override;

  void DropListing() override;

 private:
  // A write, before and after which the listings are dropped: what was read while it ran may lack it.
  absl::StatusOr<nlohmann::json> Write(const Call& call, const CallLimits& limits);
  // One whose answer is the bucket, and which may be sent twice.
  absl::StatusOr<Bucket> WriteBucket(std::string name, nlohmann::json body, const std::string& what,
                                     const CallLimits& limits);

  // What a creation that got no answer may have left, for people.
  std::string DescribeLeftover(absl::Time begin, const CallLimits& limits);

  Listing<Bucket>::Source BucketSource();
  Listing<Key>::Source KeySource();
  // Every id of a list without details.
  absl::StatusOr<std::vector<std::string>> ListIds(const std::string& call, const std::string& what,
                                                   const CallLimits& limits);

  // What an alias that was added or refused leads to in the end.
  absl::StatusOr<Bucket> VerifyAlias(std::string_view id, std::string_view alias, const CallLimits& limits);
  absl::StatusOr<Key> ReconcileImport(const KeyCredentials& credentials, std::string_view name,
                                      const absl::Status& taken, const CallLimits& limits);

  Client client_;
  std::unique_ptr<S3Client> const s3_;
  Options const options_;
  Clock& clock_;
  Listing<Bucket> buckets_;
  Listing<Key> keys_;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_HTTP_API_H_
