#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_ZONE_CONTENTS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_ZONE_CONTENTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/record_set.h"

namespace fediversity::dns {

// Why a zone does not show what a name within it holds.
struct Occlusion {
  Name by;                  // owner of the records below which the name lies
  bool delegation = false;  // by NS records, else by a DNAME record
};

// Everything in a zone, by name and type. A value type; not for concurrent changes.
class ZoneContents {
 public:
  explicit ZoneContents(Name zone = {}) : zone_(std::move(zone)) {}

  const Name& zone() const { return zone_; }
  std::size_t size() const;  // record sets

  // Takes one record of a transfer. InvalidArgument where its data is malformed.
  absl::Status Add(const Record& record);

  const RecordSet* Find(const Name& name, RecordType type) const;
  void Put(const RecordSet& set);
  void Erase(const RecordSetKey& key);
  // In order of names, then of type numbers.
  std::vector<RecordSet> Sets() const;
  // All types at a name, signing types left out.
  std::vector<RecordType> TypesAt(const Name& name) const;

 private:
  Name zone_;
  // By the name's wire form.
  std::unordered_map<std::string, std::map<RecordType, RecordSet>> names_;
};

// What hides a record set of this type at this name; nullopt where the zone serves it. Addresses at and below
// a zone cut are glue, and not hidden.
std::optional<Occlusion> FindOcclusion(const ZoneContents& zone, const RecordSetKey& key);
// The same where the zone cut at or above the name is known by other means.
bool IsHiddenByDelegation(const RecordSetKey& key, const Name& cut);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_ZONE_CONTENTS_H_
