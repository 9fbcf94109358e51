#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_TEXT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_TEXT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/backends/dns/presentation.h"

// Text of the fields that have rules of their own. The Parse functions answer InvalidArgument with the
// reason, the Format functions nullopt where octets are malformed and only the generic form can show them.
namespace fediversity::dns {

// Decimal digits only, at most `most`.
absl::StatusOr<std::uint32_t> ParseDecimal(std::string_view text, std::uint32_t most);

absl::StatusOr<std::string> ParseIpv4(std::string_view text);
absl::StatusOr<std::string> ParseIpv6(std::string_view text);
std::string FormatIpv4(std::string_view wire);  // 4 octets
std::string FormatIpv6(std::string_view wire);  // 16 octets

// Hexadecimal digits in pairs; base64 with its padding. Tokens are read as one.
absl::StatusOr<std::string> ParseHex(std::span<const Token> tokens);
absl::StatusOr<std::string> ParseBase64(std::span<const Token> tokens);

// EUI-48 and EUI-64 as in RFC 7043: 00-00-5e-00-53-2a.
absl::StatusOr<std::string> ParseEui(std::string_view text, std::size_t size);
std::string FormatEui(std::string_view wire);

// Types as in CSYNC: "A NS AAAA" (RFC 4034, 4.1.2).
absl::StatusOr<std::string> ParseTypeBitmap(std::span<const Token> tokens);
std::optional<std::string> FormatTypeBitmap(std::string_view wire);

// Address prefixes as in APL: "1:192.0.2.0/24 !2:2001:db8::/32" (RFC 3123).
absl::StatusOr<std::string> ParseAddressPrefixes(std::span<const Token> tokens);
std::optional<std::string> FormatAddressPrefixes(std::string_view wire);

// Service parameters as in SVCB and HTTPS: "alpn=h2,h3 port=8443" (RFC 9460, 2.1), in the order of their
// numbers.
absl::StatusOr<std::string> ParseServiceParameters(std::span<const Token> tokens);
std::optional<std::string> FormatServiceParameters(std::string_view wire);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RDATA_TEXT_H_
