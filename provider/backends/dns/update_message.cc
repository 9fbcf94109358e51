#include "provider/backends/dns/update_message.h"

#include <map>

#include "absl/status/status.h"
#include "provider/backends/dns/octets.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::size_t kRoomForSignature = 1024;  // two names, the longest MAC and fixed fields need less
constexpr std::size_t kMaxPointer = 0x3FFF;

}  // namespace

UpdateMessage& UpdateMessage::RequireAbsent(const Name& name, RecordType type) {
  requirements_.push_back({name, type, kClassNone, 0, ""});
  return *this;
}

UpdateMessage& UpdateMessage::RequireExists(const Name& name, RecordType type) {
  requirements_.push_back({name, type, kClassAny, 0, ""});
  return *this;
}

UpdateMessage& UpdateMessage::RequireExact(const RecordSet& set) {
  for (const Rdata& record : set.records) {
    requirements_.push_back({set.key.name, set.key.type, kClassIn, 0, record.wire()});
  }
  return *this;
}

UpdateMessage& UpdateMessage::RequireNameFree(const Name& name) {
  return RequireAbsent(name, RecordType::kAny);
}

UpdateMessage& UpdateMessage::DeleteSet(const Name& name, RecordType type) {
  changes_.push_back({name, type, kClassAny, 0, ""});
  return *this;
}

UpdateMessage& UpdateMessage::DeleteRecord(const Name& name, const Rdata& data) {
  changes_.push_back({name, data.type(), kClassNone, 0, data.wire()});
  return *this;
}

UpdateMessage& UpdateMessage::Add(const RecordSet& set) {
  for (const Rdata& record : set.records) {
    changes_.push_back({set.key.name, set.key.type, kClassIn, set.ttl, record.wire()});
  }
  return *this;
}

absl::StatusOr<std::string> UpdateMessage::Build(std::uint16_t id) const {
  std::map<std::string, std::size_t> offsets;  // of owner names, to point back to
  std::string wire;
  auto append_name = [&wire, &offsets](const Name& name) {
    auto const [known, fresh] = offsets.emplace(name.wire(), wire.size());
    if (fresh || known->second > kMaxPointer) {
      wire += name.wire();
    } else {
      Append16(wire, 0xC000U | static_cast<unsigned>(known->second));
    }
  };
  auto append_entry = [&](const Entry& entry) {
    append_name(entry.name);
    Append16(wire, static_cast<unsigned>(entry.type));
    Append16(wire, entry.klass);
    Append32(wire, entry.ttl);
    Append16(wire, static_cast<unsigned>(entry.data.size()));
    wire += entry.data;
  };
  bool const countable = requirements_.size() <= 65535 && changes_.size() <= 65535;
  Append16(wire, id);
  Append16(wire, static_cast<unsigned>(Opcode::kUpdate) << 11);
  Append16(wire, 1);
  Append16(wire, static_cast<unsigned>(requirements_.size()) & 0xFFFF);
  Append16(wire, static_cast<unsigned>(changes_.size()) & 0xFFFF);
  Append16(wire, 0);
  append_name(zone_);
  Append16(wire, static_cast<unsigned>(RecordType::kSoa));
  Append16(wire, kClassIn);
  for (const Entry& entry : requirements_) append_entry(entry);
  for (const Entry& entry : changes_) append_entry(entry);
  if (!countable || wire.size() + kRoomForSignature > kMaxMessage) {
    return absl::InvalidArgumentError(Cat(
        {"record set too large for one update\nChanging it takes a message of ", std::to_string(wire.size()),
         " octets, with the old and the new records; about 64,000 fit (RFC 2136 over TCP). Split the data "
         "over several names."}));
  }
  return wire;
}

}  // namespace fediversity::dns
