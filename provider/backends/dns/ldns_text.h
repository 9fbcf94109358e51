#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_LDNS_TEXT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_LDNS_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// The parts of presentation form that ldns does well; the one file that includes its headers, which redefine
// `bool` unless told otherwise. What ldns accepts too freely is checked here.
namespace fediversity::dns {

// Number of a type's mnemonic in upper case.
std::optional<std::uint16_t> TypeOfMnemonic(std::string_view upper);
// The mnemonic, TYPEnnn without one.
std::string MnemonicOfType(std::uint16_t type);

// LOC (RFC 1876): degrees, minutes, seconds and metres to 16 octets and back. FormatLocation answers
// InvalidArgument for octets that no text stands for.
absl::StatusOr<std::string> ParseLocation(std::string_view text);
absl::StatusOr<std::string> FormatLocation(std::string_view wire);

// Number of a mnemonic of RFC 4398, 2.1 ("PKIX"), and of RFC 4034, A.1 ("RSASHA256"); numbers are read
// elsewhere.
std::optional<std::uint16_t> CertTypeOfMnemonic(std::string_view text);
std::optional<std::uint8_t> AlgorithmOfMnemonic(std::string_view text);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_LDNS_TEXT_H_
