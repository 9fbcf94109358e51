#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_LAYOUT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_LAYOUT_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/backends/dns/record_type.h"

// Of what fields the data of each type consists: the one table that reading, writing and comparing go by.
namespace fediversity::dns {

enum class FieldKind {
  kU8,
  kU16,
  kU32,
  kName,  // domain name
  kIpv4,
  kIpv6,
  kEui48,
  kEui64,
  kLocation,   // RFC 1876
  kCertType,   // 16 bits with mnemonics (RFC 4398)
  kAlgorithm,  // 8 bits with mnemonics (RFC 4034, A.1)
  kString,     // length octet and up to 255 octets
  kTag,        // the same, letters and digits only (RFC 8659)
  // From here on: all that is left.
  kStrings,  // one or more strings
  kText,     // octets without a length, at least one
  kOptionalText,
  kHex,
  kBase64,
  kTypeBitmap,         // RFC 4034, 4.1.2
  kAddressPrefixes,    // RFC 3123
  kServiceParameters,  // RFC 9460
};

struct Field {
  FieldKind kind;
  const char* name;  // as the RFC calls it, in words
};

// The fields of a type; empty where its data is opaque to us.
std::span<const Field> LayoutOf(RecordType type);

struct FieldData {
  Field field;
  std::string_view wire;
};

// Cuts uncompressed data into its fields. InvalidArgument where it does not fit the layout. Kinds that take
// all that is left are not looked into. Opaque data has no fields.
absl::StatusOr<std::vector<FieldData>> SplitFields(RecordType type, std::string_view wire);

// Octets of a field of fixed size, 0 for all other kinds.
std::size_t FixedSize(FieldKind kind);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_LAYOUT_H_
