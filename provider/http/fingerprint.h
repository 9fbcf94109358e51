#ifndef FEDIVERSITY_PROVIDER_HTTP_FINGERPRINT_H_
#define FEDIVERSITY_PROVIDER_HTTP_FINGERPRINT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::http {

// SHA-256 of a certificate in DER.
using Fingerprint = std::array<std::uint8_t, 32>;

// Reads 64 hexadecimal digits in either case, with a colon between each two or with none: the spelling of openssl,
// of browsers and of the services' own interfaces. InvalidArgument otherwise.
absl::StatusOr<Fingerprint> ParseFingerprint(std::string_view text);
// Several with commas between them, and blanks around. InvalidArgument if one of them is none.
absl::StatusOr<std::vector<Fingerprint>> ParseFingerprints(std::string_view text);

// "A1:B2:...".
std::string ToText(const Fingerprint& fingerprint);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_FINGERPRINT_H_
