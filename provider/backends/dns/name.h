#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_NAME_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_NAME_H_

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::dns {

// An absolute domain name in wire form (RFC 1035, 3.1) with ASCII letters in lower case, so that two names
// are equal exactly where DNS says so. A value type; the default is the root.
class Name {
 public:
  Name() : wire_(1, '\0') {}

  // Reads presentation form (RFC 1035, 5.1): labels between dots, `\.` and `\DDD` escapes. "@" is `origin`, a
  // trailing dot makes the name absolute, any other name is relative to `origin`. Labels with characters
  // beyond ASCII are taken as IDN and become A-labels (IDNA 2008 with UTS #46 mapping); labels in ASCII are
  // kept as they are, so underscores and wildcards pass. InvalidArgument for an empty name or label, a bad
  // escape, a label over 63 or a name over 255 octets.
  static absl::StatusOr<Name> Parse(std::string_view text, const Name& origin);
  // The same, with or without the trailing dot; "." is the root and "@" is refused. For zones and key names.
  static absl::StatusOr<Name> ParseAbsolute(std::string_view text);
  // Takes the uncompressed name that is all of `wire`.
  static absl::StatusOr<Name> FromWire(std::string_view wire);

  const std::string& wire() const { return wire_; }
  bool is_root() const { return wire_.size() == 1; }

  // True for the zone itself and everything below it.
  bool IsWithin(const Name& zone) const;
  bool IsBelow(const Name& zone) const { return *this != zone && IsWithin(zone); }
  // Without the first label; the root's parent is the root.
  Name Parent() const;

  // Absolute presentation form with the trailing dot, special characters escaped: "www.example.org.".
  std::string ToText() const;
  // Relative to the zone, as users write it: "@" for the zone itself, "www"; absolute if not within `zone`.
  std::string ToTextWithin(const Name& zone) const;
  // ToText without the trailing dot (the root stays "."), for messages and import ids.
  std::string ToPlainText() const;

  friend bool operator==(const Name&, const Name&) = default;
  // DNSSEC order (RFC 4034, 6.1): by label from the root, so that a zone comes before what is below it.
  friend std::strong_ordering operator<=>(const Name& a, const Name& b);

 private:
  explicit Name(std::string wire) : wire_(static_cast<std::string&&>(wire)) {}
  std::string wire_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_NAME_H_
