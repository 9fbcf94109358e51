#include "provider/backends/garage/access_check.h"

#include <array>
#include <string_view>

#include "absl/strings/str_split.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

// `calls` are separated by blanks.
struct Work {
  std::string_view name;
  std::string_view calls;
  bool needed = false;
  std::string_view without = {};
};

constexpr std::array kWorks = {
    Work{"read buckets", "GetBucketInfo", true},
    Work{"read keys", "GetKeyInfo", true},
    Work{"read all buckets and keys at once", "ListBucketsInfo ListKeysInfo", false,
         "A refresh asks for each bucket and each key by itself."},
    Work{"list buckets and keys", "ListBuckets ListKeys"},
    Work{"create and change buckets",
         "CreateBucket UpdateBucket AddBucketAlias RemoveBucketAlias GetBucketInfo"},
    Work{"delete buckets", "DeleteBucket"},
    Work{"create and change keys", "ImportKey UpdateKey GetKeyInfo"},
    Work{"delete keys", "DeleteKey"},
    Work{"give keys access to buckets", "AllowBucketKey DenyBucketKey"},
    Work{"empty buckets before they are deleted",
         "GetBucketInfo ImportKey UpdateKey AllowBucketKey CleanupIncompleteUploads DeleteKey"},
    Work{"read the cluster's state",
         "GetClusterHealth GetClusterStatus GetClusterLayout GetClusterStatistics GetNodeInfo"},
};

}  // namespace

std::vector<AccessFinding> CheckAccess(const TokenInfo& token) {
  std::vector<AccessFinding> findings;
  for (const Work& work : kWorks) {
    AccessFinding finding{.work = std::string(work.name), .needed = work.needed, .missing = {}};
    for (const auto call : absl::StrSplit(ToAbsl(work.calls), ' ')) {
      std::string name(call);
      if (!token.Allows(name)) finding.missing.push_back(std::move(name));
    }
    if (!finding.ok()) finding.without = std::string(work.without);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace fediversity::garage
