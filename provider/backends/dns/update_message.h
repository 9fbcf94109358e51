#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_UPDATE_MESSAGE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_UPDATE_MESSAGE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/record_set.h"

namespace fediversity::dns {

// Composes a DNS UPDATE (RFC 2136). Servers take all changes of a message or none, and only if every
// requirement holds before the first change. Requirements see the zone's exact data: no wildcards, aliases or
// delegations.
class UpdateMessage {
 public:
  explicit UpdateMessage(Name zone) : zone_(std::move(zone)) {}

  // Requirements (2.4), and the answer when one does not hold.
  UpdateMessage& RequireAbsent(const Name& name, RecordType type);  // YXRRSET
  UpdateMessage& RequireExists(const Name& name, RecordType type);  // NXRRSET
  UpdateMessage& RequireExact(const RecordSet& set);                // NXRRSET; TTL not compared
  UpdateMessage& RequireNameFree(const Name& name);                 // YXDOMAIN

  // Changes (2.5), done in the order given.
  UpdateMessage& DeleteSet(const Name& name, RecordType type);
  UpdateMessage& DeleteRecord(const Name& name, const Rdata& data);
  UpdateMessage& Add(const RecordSet& set);

  bool changes_nothing() const { return changes_.empty(); }

  // InvalidArgument where the message with a signature would not fit into 65,535 octets.
  absl::StatusOr<std::string> Build(std::uint16_t id) const;

 private:
  struct Entry {
    Name name;
    RecordType type;
    std::uint16_t klass;
    std::uint32_t ttl;
    std::string data;
  };

  Name zone_;
  std::vector<Entry> requirements_;
  std::vector<Entry> changes_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_UPDATE_MESSAGE_H_
