#include "provider/backends/dns/zone_contents.h"

#include <algorithm>
#include <utility>

#include "provider/base/status_macros.h"

namespace fediversity::dns {

std::size_t ZoneContents::size() const {
  std::size_t count = 0;
  for (const auto& [name, sets] : names_) count += sets.size();
  return count;
}

absl::Status ZoneContents::Add(const Record& record) {
  ASSIGN_OR_RETURN(Rdata data, Rdata::FromWire(record.type, record.data));
  auto const [set, fresh] = names_[record.name.wire()].try_emplace(record.type);
  if (fresh) {
    set->second.key = {.zone = zone_, .name = record.name, .type = record.type};
    set->second.ttl = record.ttl;
  }
  std::vector<Rdata>& records = set->second.records;
  auto const place = std::lower_bound(records.begin(), records.end(), data);
  if (place == records.end() || *place != data) records.insert(place, std::move(data));
  return absl::OkStatus();
}

const RecordSet* ZoneContents::Find(const Name& name, RecordType type) const {
  auto const sets = names_.find(name.wire());
  if (sets == names_.end()) return nullptr;
  auto const set = sets->second.find(type);
  return set == sets->second.end() ? nullptr : &set->second;
}

void ZoneContents::Put(const RecordSet& set) { names_[set.key.name.wire()][set.key.type] = set; }

void ZoneContents::Erase(const RecordSetKey& key) {
  auto const sets = names_.find(key.name.wire());
  if (sets == names_.end()) return;
  sets->second.erase(key.type);
  if (sets->second.empty()) names_.erase(sets);
}

std::vector<RecordSet> ZoneContents::Sets() const {
  std::vector<RecordSet> all;
  for (const auto& [name, sets] : names_) {
    for (const auto& [type, set] : sets) all.push_back(set);
  }
  std::sort(all.begin(), all.end(), [](const RecordSet& a, const RecordSet& b) {
    if (a.key.name != b.key.name) return a.key.name < b.key.name;
    return a.key.type < b.key.type;
  });
  return all;
}

std::vector<RecordType> ZoneContents::TypesAt(const Name& name) const {
  std::vector<RecordType> types;
  if (auto const sets = names_.find(name.wire()); sets != names_.end()) {
    for (const auto& [type, set] : sets->second) {
      if (!IsSigningType(type)) types.push_back(type);
    }
  }
  return types;
}

bool IsHiddenByDelegation(const RecordSetKey& key, const Name& cut) {
  if (key.type == RecordType::kA || key.type == RecordType::kAaaa) return false;
  bool const at_cut = key.name == cut;
  return !(at_cut && (key.type == RecordType::kNs || key.type == RecordType::kDs));
}

std::optional<Occlusion> FindOcclusion(const ZoneContents& zone, const RecordSetKey& key) {
  // From the name upwards; the cut or DNAME nearest to the apex is the one that hides.
  std::optional<Occlusion> found;
  for (Name name = key.name; name.IsBelow(zone.zone()); name = name.Parent()) {
    if (zone.Find(name, RecordType::kNs) != nullptr) {
      found.reset();
      if (IsHiddenByDelegation(key, name)) found = Occlusion{.by = name, .delegation = true};
    }
    if (key.name != name && zone.Find(name, RecordType::kDname) != nullptr) found = Occlusion{.by = name};
  }
  if (key.name != zone.zone() && zone.Find(zone.zone(), RecordType::kDname) != nullptr) {
    found = Occlusion{.by = zone.zone()};
  }
  return found;
}

}  // namespace fediversity::dns
