#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_TYPE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_TYPE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::dns {

// Numbers of IANA's registry "Resource Record (RR) TYPEs". Values beyond those named here are valid too.
enum class RecordType : std::uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kHinfo = 13,
  kMx = 15,
  kTxt = 16,
  kRp = 17,
  kAfsdb = 18,
  kAaaa = 28,
  kLoc = 29,
  kSrv = 33,
  kNaptr = 35,
  kKx = 36,
  kCert = 37,
  kDname = 39,
  kOpt = 41,
  kApl = 42,
  kDs = 43,
  kSshfp = 44,
  kRrsig = 46,
  kNsec = 47,
  kDnskey = 48,
  kNsec3 = 50,
  kNsec3param = 51,
  kTlsa = 52,
  kSmimea = 53,
  kCds = 59,
  kCdnskey = 60,
  kOpenpgpkey = 61,
  kCsync = 62,
  kSvcb = 64,
  kHttps = 65,
  kEui48 = 108,
  kEui64 = 109,
  kTkey = 249,
  kTsig = 250,
  kAxfr = 252,
  kAny = 255,
  kUri = 256,
  kCaa = 257,
  kBindSigning = 65534,  // where BIND notes the progress of signing
};

// The types whose presentation form is understood, in alphabetical order; others are written TYPEnnn.
std::span<const std::string_view> ManagedTypeNames();

// "A", "aaaa", "TYPE65280" (RFC 3597) in any case. "TYPE1" is A.
// InvalidArgument for an unknown mnemonic, with what to write in its place.
absl::StatusOr<RecordType> ParseRecordType(std::string_view text);
// The mnemonic in upper case, "TYPEnnn" without one.
std::string RecordTypeName(RecordType type);

// OK where record sets of this type can be managed by update. InvalidArgument with the reason for SOA, for
// signatures that the server makes itself (RRSIG, NSEC, NSEC3) and for query and meta types.
absl::Status CheckManageable(RecordType type);
// True for what belongs to the server's signing and not to an inventory: RRSIG NSEC NSEC3 NSEC3PARAM DNSKEY
// CDS CDNSKEY TYPE65534.
bool IsSigningType(RecordType type);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RECORD_TYPE_H_
