#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_H_

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/dns/name.h"
#include "provider/backends/dns/record_type.h"

namespace fediversity::dns {

// The data of one record: its wire form without compression. Two are equal where DNS holds them to be the
// same record: domain names inside compare without regard to case, everything else by octet. So equality is
// the test for "nothing to change", whatever spelling the user chose. A value type.
class Rdata {
 public:
  // Takes uncompressed wire form. InvalidArgument where it is no well-formed data of `type`, or over 65,535
  // octets.
  static absl::StatusOr<Rdata> FromWire(RecordType type, std::string_view wire);

  RecordType type() const { return type_; }
  // As given, with the case of names as the server holds it.
  const std::string& wire() const { return wire_; }
  // The same with names in lower case.
  const std::string& canonical() const { return canonical_.empty() ? wire_ : canonical_; }

  friend bool operator==(const Rdata& a, const Rdata& b) {
    return a.type_ == b.type_ && a.canonical() == b.canonical();
  }
  friend std::strong_ordering operator<=>(const Rdata& a, const Rdata& b);

 private:
  RecordType type_ = RecordType::kA;
  std::string wire_;
  std::string canonical_;  // empty where it equals wire_
};

// Reads one record's data in presentation form, as in a zone file: `10 mail`, `0 issue "letsencrypt.org"`,
// `"v=spf1 -all"`; for any type also RFC 3597's `\# 4 cb007109`. Names without a trailing dot are relative to
// `origin`, the zone. More lenient than a zone file in two places, where the meaning is plain:
//   * TXT without any double quote is one character-string, blanks and semicolons included: v=spf1 -all.
//     Escapes count there as they do in a quoted string.
//   * CAA's value may go without quotes.
// Stricter than ldns everywhere else: numbers out of range, open quotes and trailing text are errors.
// InvalidArgument names the field at fault; a TXT string over 255 octets is told to be split into chunks.
absl::StatusOr<Rdata> ParseRdata(RecordType type, std::string_view text, const Name& origin);

// Presentation form, names absolute; ParseRdata reads it back to the same data whatever the origin.
// Data that has no text form of its own type is written in the generic form `\# length hex`.
std::string FormatRdata(const Rdata& data);

// Presentation form of TXT data that holds just these octets, in strings of at most 255: `"first" "second"`.
std::string QuoteText(std::string_view octets);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_H_
