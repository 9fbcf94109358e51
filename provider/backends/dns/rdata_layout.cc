#include "provider/backends/dns/rdata_layout.h"

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

using enum FieldKind;

constexpr Field kAddress4[] = {{kIpv4, "IPv4 address"}};
constexpr Field kAddress6[] = {{kIpv6, "IPv6 address"}};
constexpr Field kTarget[] = {{kName, "target name"}};
constexpr Field kTwoMailboxes[] = {{kName, "mailbox name"}, {kName, "second name"}};
constexpr Field kSoaFields[] = {{kName, "primary server"}, {kName, "mailbox"}, {kU32, "serial"},
                                {kU32, "refresh"},         {kU32, "retry"},    {kU32, "expire"},
                                {kU32, "minimum"}};
constexpr Field kHinfoFields[] = {{kString, "CPU"}, {kString, "operating system"}};
constexpr Field kPreferenceAndName[] = {{kU16, "preference"}, {kName, "target name"}};
constexpr Field kPxFields[] = {{kU16, "preference"}, {kName, "RFC 822 name"}, {kName, "X.400 name"}};
constexpr Field kTexts[] = {{kStrings, "text"}};
constexpr Field kLocFields[] = {{kLocation, "location"}};
constexpr Field kSrvFields[] = {{kU16, "priority"}, {kU16, "weight"}, {kU16, "port"}, {kName, "target name"}};
constexpr Field kNaptrFields[] = {{kU16, "order"},         {kU16, "preference"},
                                  {kString, "flags"},      {kString, "services"},
                                  {kString, "expression"}, {kName, "replacement name"}};
constexpr Field kCertFields[] = {
    {kCertType, "certificate type"}, {kU16, "key tag"}, {kAlgorithm, "algorithm"}, {kBase64, "certificate"}};
constexpr Field kAplFields[] = {{kAddressPrefixes, "address prefixes"}};
constexpr Field kDsFields[] = {
    {kU16, "key tag"}, {kAlgorithm, "algorithm"}, {kU8, "digest type"}, {kHex, "digest"}};
constexpr Field kSshfpFields[] = {{kU8, "algorithm"}, {kU8, "fingerprint type"}, {kHex, "fingerprint"}};
constexpr Field kDnskeyFields[] = {
    {kU16, "flags"}, {kU8, "protocol"}, {kAlgorithm, "algorithm"}, {kBase64, "public key"}};
constexpr Field kTlsaFields[] = {
    {kU8, "certificate usage"}, {kU8, "selector"}, {kU8, "matching type"}, {kHex, "certificate data"}};
constexpr Field kOpenpgpkeyFields[] = {{kBase64, "public key"}};
constexpr Field kCsyncFields[] = {{kU32, "serial"}, {kU16, "flags"}, {kTypeBitmap, "types"}};
constexpr Field kSvcbFields[] = {
    {kU16, "priority"}, {kName, "target name"}, {kServiceParameters, "service parameters"}};
constexpr Field kEui48Fields[] = {{kEui48, "address"}};
constexpr Field kEui64Fields[] = {{kEui64, "address"}};
constexpr Field kUriFields[] = {{kU16, "priority"}, {kU16, "weight"}, {kText, "target URI"}};
constexpr Field kCaaFields[] = {{kU8, "flags"}, {kTag, "tag"}, {kOptionalText, "value"}};

// Octets of the field that `rest` starts with; InvalidArgument where it is cut off.
absl::StatusOr<std::size_t> SizeOf(FieldKind kind, std::string_view rest) {
  std::size_t size = FixedSize(kind);
  if (kind == kName) {
    while (size < rest.size() && rest[size] != '\0') {
      auto const length = static_cast<unsigned char>(rest[size]);
      if (length > 63) return absl::InvalidArgumentError("a label is over 63 octets");
      size += 1 + length;
    }
    ++size;
    if (size > 255) return absl::InvalidArgumentError("the name is over 255 octets");
  } else if (kind == kString || kind == kTag) {
    size = rest.empty() ? 1 : 1 + static_cast<unsigned char>(rest[0]);
  } else if (size == 0) {
    size = rest.size();
  }
  if (size > rest.size()) return absl::InvalidArgumentError("the data ends too early");
  return size;
}

absl::Status CheckStrings(std::string_view wire) {
  if (wire.empty()) return absl::InvalidArgumentError("there is no string");
  while (!wire.empty()) {
    std::size_t const size = 1 + static_cast<unsigned char>(wire[0]);
    if (size > wire.size()) return absl::InvalidArgumentError("a string ends too early");
    wire.remove_prefix(size);
  }
  return absl::OkStatus();
}

absl::Status CheckField(FieldKind kind, std::string_view wire) {
  switch (kind) {
    case kStrings: return CheckStrings(wire);
    case kText:
    case kBase64: return wire.empty() ? absl::InvalidArgumentError("it is empty") : absl::OkStatus();
    default: return absl::OkStatus();
  }
}

}  // namespace

std::size_t FixedSize(FieldKind kind) {
  switch (kind) {
    case kU8:
    case kAlgorithm: return 1;
    case kU16:
    case kCertType: return 2;
    case kU32:
    case kIpv4: return 4;
    case kEui48: return 6;
    case kEui64: return 8;
    case kIpv6:
    case kLocation: return 16;
    default: return 0;
  }
}

std::span<const Field> LayoutOf(RecordType type) {
  switch (static_cast<std::uint16_t>(type)) {
    case 1: return kAddress4;
    case 28: return kAddress6;
    case 2:   // NS
    case 5:   // CNAME
    case 7:   // MB
    case 8:   // MG
    case 9:   // MR
    case 12:  // PTR
    case 39:  // DNAME
      return kTarget;
    case 6: return kSoaFields;
    case 13: return kHinfoFields;
    case 14:  // MINFO
    case 17:  // RP
      return kTwoMailboxes;
    case 15:  // MX
    case 18:  // AFSDB
    case 21:  // RT
    case 36:  // KX
      return kPreferenceAndName;
    case 16:  // TXT
    case 99:  // SPF
      return kTexts;
    case 26: return kPxFields;
    case 29: return kLocFields;
    case 33: return kSrvFields;
    case 35: return kNaptrFields;
    case 37: return kCertFields;
    case 42: return kAplFields;
    case 43:  // DS
    case 59:  // CDS
      return kDsFields;
    case 44: return kSshfpFields;
    case 48:  // DNSKEY
    case 60:  // CDNSKEY
      return kDnskeyFields;
    case 52:  // TLSA
    case 53:  // SMIMEA
      return kTlsaFields;
    case 61: return kOpenpgpkeyFields;
    case 62: return kCsyncFields;
    case 64:  // SVCB
    case 65:  // HTTPS
      return kSvcbFields;
    case 108: return kEui48Fields;
    case 109: return kEui64Fields;
    case 256: return kUriFields;
    case 257: return kCaaFields;
    default: return {};
  }
}

absl::StatusOr<std::vector<FieldData>> SplitFields(RecordType type, std::string_view wire) {
  std::vector<FieldData> fields;
  auto bad = [type](const Field& field, std::string_view why) {
    return absl::InvalidArgumentError(Cat({RecordTypeName(type), " data, ", field.name, ": ", why}));
  };
  std::span<const Field> const layout = LayoutOf(type);
  if (layout.empty()) return fields;
  for (const Field& field : layout) {
    absl::StatusOr<std::size_t> const size = SizeOf(field.kind, wire);
    if (!size.ok()) return bad(field, ToStd(size.status().message()));
    if (absl::Status const status = CheckField(field.kind, wire.substr(0, *size)); !status.ok()) {
      return bad(field, ToStd(status.message()));
    }
    fields.push_back({.field = field, .wire = wire.substr(0, *size)});
    wire.remove_prefix(*size);
  }
  if (!wire.empty())
    return absl::InvalidArgumentError(Cat({RecordTypeName(type), " data goes on after its end"}));
  return fields;
}

}  // namespace fediversity::dns
