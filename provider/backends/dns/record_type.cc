#include "provider/backends/dns/record_type.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "provider/backends/dns/ldns_text.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::string_view kManaged[] = {
    "A",     "AAAA",  "AFSDB",  "APL",   "CAA",   "CERT", "CNAME", "CSYNC", "DNAME", "DS",
    "EUI48", "EUI64", "HINFO",  "HTTPS", "KX",    "LOC",  "MX",    "NAPTR", "NS",    "OPENPGPKEY",
    "PTR",   "RP",    "SMIMEA", "SRV",   "SSHFP", "SVCB", "TLSA",  "TXT",   "URI"};

// The number of "TYPE65280" (RFC 3597, 5), nullopt for any other text.
std::optional<std::uint16_t> GenericNumber(std::string_view upper) {
  if (!upper.starts_with("TYPE")) return std::nullopt;
  std::string_view const digits = upper.substr(4);
  if (digits.empty() || digits.size() > 5) return std::nullopt;
  std::uint32_t number = 0;
  for (char const c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

bool IsMeta(std::uint16_t number) { return number == 0 || number == 41 || (number >= 128 && number <= 255); }

}  // namespace

std::span<const std::string_view> ManagedTypeNames() { return kManaged; }

absl::StatusOr<RecordType> ParseRecordType(std::string_view text) {
  std::string const upper = absl::AsciiStrToUpper(ToAbsl(text));
  if (std::optional<std::uint16_t> const number = GenericNumber(upper))
    return static_cast<RecordType>(*number);
  if (!upper.starts_with("TYPE")) {
    if (std::optional<std::uint16_t> const number = TypeOfMnemonic(upper))
      return static_cast<RecordType>(*number);
  }
  return absl::InvalidArgumentError(
      Cat({"\"", ValidUtf8(text), "\" is no record type\nKnown are ", Join(kManaged, " "),
           "; any other type is written with its number, as in TYPE65280, and its data as \\# LENGTH HEX "
           "(RFC 3597)."}));
}

std::string RecordTypeName(RecordType type) { return MnemonicOfType(static_cast<std::uint16_t>(type)); }

absl::Status CheckManageable(RecordType type) {
  std::string const name = RecordTypeName(type);
  if (type == RecordType::kSoa) {
    return absl::InvalidArgumentError(
        "SOA cannot be managed as a record set\nThe server keeps the zone's SOA record and "
        "its serial; change its timers in the server's own configuration.");
  }
  if (type == RecordType::kRrsig || type == RecordType::kNsec || type == RecordType::kNsec3 ||
      type == RecordType::kNsec3param || type == RecordType::kBindSigning) {
    return absl::InvalidArgumentError(
        Cat({name,
             " cannot be managed as a record set\nThe server makes these records when it signs the zone."}));
  }
  if (IsMeta(static_cast<std::uint16_t>(type))) {
    return absl::InvalidArgumentError(
        Cat({name, " cannot be managed as a record set\nIt exists in messages only, never in a zone."}));
  }
  return absl::OkStatus();
}

bool IsSigningType(RecordType type) {
  switch (type) {
    case RecordType::kRrsig:
    case RecordType::kNsec:
    case RecordType::kNsec3:
    case RecordType::kNsec3param:
    case RecordType::kDnskey:
    case RecordType::kCds:
    case RecordType::kCdnskey:
    case RecordType::kBindSigning: return true;
    default: return false;
  }
}

}  // namespace fediversity::dns
