#include <openssl/rand.h>

#include <array>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "provider/backends/garage/key.h"
#include "provider/base/text.h"

namespace fediversity::garage {

absl::StatusOr<KeyCredentials> DrawKeyCredentials() {
  constexpr std::size_t kIdBytes = 12;
  constexpr std::size_t kSecretBytes = 32;
  std::array<unsigned char, kIdBytes + kSecretBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    return absl::InternalError(
        "no random numbers for a key\nOpenSSL cannot draw any from the system, so that no key can be made.");
  }
  std::string const raw(bytes.begin(), bytes.end());
  return KeyCredentials{.access_key_id = Cat({"GK", absl::BytesToHexString(raw.substr(0, kIdBytes))}),
                        .secret_access_key = Secret(absl::BytesToHexString(raw.substr(kIdBytes)))};
}

}  // namespace fediversity::garage
