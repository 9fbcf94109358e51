#include "provider/backends/dns/zone_cache.h"

#include "provider/backends/dns/wait.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

using SetId = std::pair<std::string, RecordType>;

SetId IdOf(const RecordSetKey& key) { return {key.name.wire(), key.type}; }

// The server has spoken, and will say the same next time.
bool IsRefusal(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsInvalidArgument(status) ||
         absl::IsFailedPrecondition(status);
}

bool IsCallersOwn(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

struct ZoneCache::Zone {
  Gate loading;
  std::mutex mutex;  // guards what follows
  std::optional<ZoneContents> contents;
  absl::Status refusal;
  absl::Status failure;  // of the last attempt
  int attempts = 0;
  bool under_way = false;
  std::vector<Change> changes;  // made while a transfer is under way, which may not show them
  std::set<SetId> doubtful;
};

ZoneCache::ZoneCache(Transfer transfer) : transfer_(std::move(transfer)) {}

ZoneCache::~ZoneCache() = default;

ZoneCache::Zone& ZoneCache::At(const Name& zone) {
  std::lock_guard const lock(mutex_);
  std::unique_ptr<Zone>& entry = zones_[zone.wire()];
  if (entry == nullptr) entry = std::make_unique<Zone>();
  return *entry;
}

absl::StatusOr<bool> ZoneCache::Ensure(const Name& name, Zone& zone, const CallLimits& limits) {
  int seen = 0;
  {
    std::lock_guard const lock(zone.mutex);
    if (zone.contents.has_value()) return true;
    if (!zone.refusal.ok()) return false;
    seen = zone.attempts;
  }
  std::string const what = Cat({"waiting for the transfer of zone ", name.ToPlainText()});
  ASSIGN_OR_RETURN(Gate::Pass const pass, zone.loading.Enter(limits, Patience::Endless(limits), what));
  {
    std::lock_guard const lock(zone.mutex);
    if (zone.contents.has_value()) return true;
    if (!zone.refusal.ok()) return false;
    // An attempt that failed while we waited failed for us too.
    if (zone.attempts != seen && !IsCallersOwn(zone.failure)) return zone.failure;
    zone.under_way = true;
    zone.changes.clear();
  }
  absl::StatusOr<ZoneContents> contents = transfer_(name, limits);
  std::lock_guard const lock(zone.mutex);
  zone.under_way = false;
  ++zone.attempts;
  zone.failure = contents.status();
  if (contents.ok()) {
    zone.contents = *std::move(contents);
    for (const Change& change : zone.changes) change(zone);
    return true;
  }
  if (!IsRefusal(zone.failure)) return zone.failure;
  zone.refusal = zone.failure;
  return false;
}

absl::StatusOr<ZoneCache::Found> ZoneCache::Find(const RecordSetKey& key, const CallLimits& limits) {
  Zone& zone = At(key.zone);
  ASSIGN_OR_RETURN(bool const loaded, Ensure(key.zone, zone, limits));
  std::lock_guard const lock(zone.mutex);
  if (!loaded || zone.doubtful.contains(IdOf(key))) return Found{};
  const RecordSet* const set = zone.contents->Find(key.name, key.type);
  if (set == nullptr) return Found{.answer = Answer::kAbsent, .set = {}};
  return Found{.answer = Answer::kPresent, .set = *set};
}

absl::Status ZoneCache::Load(const Name& zone, const CallLimits& limits) {
  ASSIGN_OR_RETURN(bool const loaded, Ensure(zone, At(zone), limits));
  return loaded ? absl::OkStatus() : Refusal(zone);
}

absl::StatusOr<std::vector<RecordSet>> ZoneCache::List(const Name& zone, const CallLimits& limits) {
  RETURN_IF_ERROR(Load(zone, limits));
  Zone& entry = At(zone);
  std::lock_guard const lock(entry.mutex);
  std::vector<RecordSet> sets = entry.contents->Sets();
  std::erase_if(sets, [](const RecordSet& set) { return IsSigningType(set.key.type); });
  return sets;
}

absl::Status ZoneCache::Refusal(const Name& zone) {
  Zone& entry = At(zone);
  std::lock_guard const lock(entry.mutex);
  return entry.refusal;
}

bool ZoneCache::Peek(const Name& zone, const std::function<void(const ZoneContents&)>& look) {
  Zone& entry = At(zone);
  std::lock_guard const lock(entry.mutex);
  if (!entry.contents.has_value()) return false;
  look(*entry.contents);
  return true;
}

void ZoneCache::Apply(const RecordSetKey& key, Change change) {
  Zone& zone = At(key.zone);
  std::lock_guard const lock(zone.mutex);
  if (zone.contents.has_value()) {
    change(zone);
  } else if (zone.under_way) {
    zone.changes.push_back(std::move(change));
  }
}

void ZoneCache::Put(const RecordSet& set) {
  Apply(set.key, [set](Zone& zone) {
    zone.contents->Put(set);
    zone.doubtful.erase(IdOf(set.key));
  });
}

void ZoneCache::Erase(const RecordSetKey& key) {
  Apply(key, [key](Zone& zone) {
    zone.contents->Erase(key);
    zone.doubtful.erase(IdOf(key));
  });
}

void ZoneCache::Doubt(const RecordSetKey& key) {
  Apply(key, [key](Zone& zone) { zone.doubtful.insert(IdOf(key)); });
}

}  // namespace fediversity::dns
