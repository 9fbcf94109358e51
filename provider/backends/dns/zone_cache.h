#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_ZONE_CACHE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_ZONE_CACHE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/dns/zone_contents.h"
#include "provider/base/call_limits.h"

namespace fediversity::dns {

// Zones as they were transferred, once each, and as our own writes have changed them since. Of callers that
// need a zone at the same time one transfers it and the others wait. Safe for concurrent use.
class ZoneCache {
 public:
  using Transfer = std::function<absl::StatusOr<ZoneContents>(const Name& zone, const CallLimits& limits)>;
  explicit ZoneCache(Transfer transfer);
  ~ZoneCache();

  enum class Answer { kPresent, kAbsent, kUnknown };
  struct Found {
    Answer answer = Answer::kUnknown;
    std::optional<RecordSet> set;  // where kPresent
  };

  // Transfers the zone unless that was done or refused before. kUnknown: the server refuses transfers, or the
  // set is in doubt after a write whose outcome was lost. Other failures are answered, and tried again next
  // time.
  absl::StatusOr<Found> Find(const RecordSetKey& key, const CallLimits& limits);
  // All sets but those of signing types; the refusal where the server refuses.
  absl::StatusOr<std::vector<RecordSet>> List(const Name& zone, const CallLimits& limits);
  // Transfers where that was not done yet; the refusal where the server refuses.
  absl::Status Load(const Name& zone, const CallLimits& limits);
  // Why transfers of the zone are refused; OK as long as none was.
  absl::Status Refusal(const Name& zone);

  // Lets `look` see the zone if it is here, without a transfer. False if it is not.
  bool Peek(const Name& zone, const std::function<void(const ZoneContents&)>& look);

  // What our writes did: `set` is there, `key` is gone, or nobody knows. They also count for a transfer under
  // way.
  void Put(const RecordSet& set);
  void Erase(const RecordSetKey& key);
  void Doubt(const RecordSetKey& key);

 private:
  struct Zone;
  using Change = std::function<void(Zone&)>;

  Zone& At(const Name& zone);
  // True once the contents are here, false where transfers are refused.
  absl::StatusOr<bool> Ensure(const Name& name, Zone& zone, const CallLimits& limits);
  void Apply(const RecordSetKey& key, Change change);

  Transfer const transfer_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<Zone>> zones_;  // by wire form, never removed
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_ZONE_CACHE_H_
