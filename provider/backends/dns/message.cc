#include "provider/backends/dns/message.h"

#include <utility>

#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/rdata.h"
#include "provider/backends/dns/rdata_layout.h"
#include "provider/backends/dns/wire_reader.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

// Reads `size` octets of data, names in it expanded.
absl::StatusOr<std::string> ReadData(std::string_view wire, WireReader& reader, RecordType type,
                                     std::size_t size) {
  std::size_t const end = reader.at() + size;
  std::span<const Field> const layout = LayoutOf(type);
  std::string data;
  // An inner reader that sees no further than the data, but can follow pointers to before it.
  WireReader inner(wire.substr(0, end), reader.at());
  if (size > 0) {
    for (const Field& field : layout) {
      if (field.kind == FieldKind::kName) {
        ASSIGN_OR_RETURN(std::string const name, inner.ReadName());
        data += name;
        continue;
      }
      std::size_t count = FixedSize(field.kind);
      if (field.kind == FieldKind::kString || field.kind == FieldKind::kTag) {
        if (inner.left() == 0) return absl::InvalidArgumentError("a string is missing");
        count = 1 + Get8(wire, inner.at());
      } else if (count == 0) {
        count = inner.left();
      }
      ASSIGN_OR_RETURN(std::string_view const octets, inner.ReadOctets(count));
      data += octets;
    }
    if (layout.empty()) {
      ASSIGN_OR_RETURN(std::string_view const octets, inner.ReadOctets(size));
      data = octets;
    }
    if (inner.left() != 0)
      return absl::InvalidArgumentError(Cat({RecordTypeName(type), " data goes on after its end"}));
    RETURN_IF_ERROR(Rdata::FromWire(type, data).status());
  }
  RETURN_IF_ERROR(reader.ReadOctets(size).status());
  return data;
}

absl::StatusOr<Name> ReadName(WireReader& reader) {
  ASSIGN_OR_RETURN(std::string const wire, reader.ReadName());
  return Name::FromWire(wire);
}

absl::StatusOr<Record> ReadRecord(std::string_view wire, WireReader& reader) {
  Record record;
  ASSIGN_OR_RETURN(record.name, ReadName(reader));
  ASSIGN_OR_RETURN(std::uint16_t const type, reader.Read16());
  ASSIGN_OR_RETURN(record.klass, reader.Read16());
  ASSIGN_OR_RETURN(record.ttl, reader.Read32());
  ASSIGN_OR_RETURN(std::uint16_t const size, reader.Read16());
  if (size > reader.left()) return absl::InvalidArgumentError("a record ends too late");
  record.type = static_cast<RecordType>(type);
  ASSIGN_OR_RETURN(record.data, ReadData(wire, reader, record.type, size));
  return record;
}

absl::Status ReadRecords(std::string_view wire, WireReader& reader, std::size_t count,
                         std::vector<Record>& records) {
  for (std::size_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(Record record, ReadRecord(wire, reader));
    records.push_back(std::move(record));
  }
  return absl::OkStatus();
}

absl::Status SkipQuestions(std::string_view wire, WireReader& reader) {
  if (wire.size() < kHeaderSize) return absl::InvalidArgumentError("the message has no header");
  for (unsigned i = Get16(wire, 4); i > 0; --i) {
    RETURN_IF_ERROR(reader.SkipName());
    RETURN_IF_ERROR(reader.ReadOctets(4).status());
  }
  return absl::OkStatus();
}

}  // namespace

std::string RcodeName(Rcode rcode) {
  static constexpr std::string_view kNames[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                                "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                                "NXRRSET", "NOTAUTH", "NOTZONE"};
  auto const number = static_cast<std::size_t>(rcode);
  return number < std::size(kNames) ? std::string(kNames[number]) : Cat({"RCODE", std::to_string(number)});
}

absl::StatusOr<Message> ParseMessage(std::string_view wire) {
  if (wire.size() < kHeaderSize || wire.size() > kMaxMessage) {
    return absl::InvalidArgumentError("not the size of a message");
  }
  Message message;
  message.id = Get16(wire, 0);
  unsigned const flags = Get16(wire, 2);
  message.response = (flags & 0x8000U) != 0;
  message.opcode = static_cast<Opcode>(flags >> 11 & 15);
  message.authoritative = (flags & 0x0400U) != 0;
  message.truncated = (flags & 0x0200U) != 0;
  message.rcode = static_cast<Rcode>(flags & 15);
  WireReader reader(wire, kHeaderSize);
  for (unsigned i = Get16(wire, 4); i > 0; --i) {
    Question question;
    ASSIGN_OR_RETURN(question.name, ReadName(reader));
    ASSIGN_OR_RETURN(std::uint16_t const type, reader.Read16());
    ASSIGN_OR_RETURN(question.klass, reader.Read16());
    question.type = static_cast<RecordType>(type);
    message.questions.push_back(std::move(question));
  }
  RETURN_IF_ERROR(ReadRecords(wire, reader, Get16(wire, 6), message.answers));
  RETURN_IF_ERROR(ReadRecords(wire, reader, Get16(wire, 8), message.authorities));
  RETURN_IF_ERROR(ReadRecords(wire, reader, Get16(wire, 10), message.additionals));
  if (reader.left() != 0) return absl::InvalidArgumentError("the message goes on after its end");
  return message;
}

absl::StatusOr<std::size_t> FindLastRecord(std::string_view wire) {
  WireReader reader(wire, kHeaderSize);
  RETURN_IF_ERROR(SkipQuestions(wire, reader));
  unsigned const count = Get16(wire, 6) + Get16(wire, 8) + Get16(wire, 10);
  if (count == 0) return absl::InvalidArgumentError("the message has no record");
  std::size_t start = 0;
  for (unsigned i = 0; i < count; ++i) {
    start = reader.at();
    RETURN_IF_ERROR(reader.SkipName());
    ASSIGN_OR_RETURN(std::uint16_t const type, reader.Read16());
    RETURN_IF_ERROR(reader.ReadOctets(6).status());
    ASSIGN_OR_RETURN(std::uint16_t const size, reader.Read16());
    RETURN_IF_ERROR(reader.ReadOctets(size).status());
    if (type == static_cast<std::uint16_t>(RecordType::kTsig) && i + 1 < count) {
      return absl::InvalidArgumentError("a TSIG record is not the last one");
    }
  }
  if (reader.left() != 0) return absl::InvalidArgumentError("the message goes on after its end");
  return start;
}

std::string BuildQuery(std::uint16_t id, const Name& name, RecordType type) {
  std::string wire;
  Append16(wire, id);
  Append16(wire, 0);  // a query, no recursion desired
  Append16(wire, 1);
  wire.append(6, '\0');
  wire += name.wire();
  Append16(wire, static_cast<unsigned>(type));
  Append16(wire, kClassIn);
  return wire;
}

}  // namespace fediversity::dns
