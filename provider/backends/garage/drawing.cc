// What is drawn at random, so that nobody else has it: see bucket.h and key.h.

#include <openssl/rand.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "provider/backends/garage/bucket.h"
#include "provider/backends/garage/key.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::garage {
namespace {

absl::StatusOr<std::string> DrawHex(std::size_t bytes) {
  std::vector<unsigned char> drawn(bytes);
  if (RAND_bytes(drawn.data(), static_cast<int>(bytes)) != 1) {
    return absl::InternalError(
        "no random numbers\nOpenSSL cannot draw any from the system, so that nothing can be made that needs them.");
  }
  return absl::BytesToHexString(std::string(drawn.begin(), drawn.end()));
}

}  // namespace

absl::StatusOr<std::string> DrawProvisionalAlias() {
  constexpr std::size_t kBytes = 12;
  ASSIGN_OR_RETURN(std::string const drawn, DrawHex(kBytes));
  return Cat({"unfinished-", drawn});
}

absl::StatusOr<KeyCredentials> DrawKeyCredentials() {
  constexpr std::size_t kIdBytes = 12;
  constexpr std::size_t kSecretBytes = 32;
  ASSIGN_OR_RETURN(std::string const id, DrawHex(kIdBytes));
  ASSIGN_OR_RETURN(std::string secret, DrawHex(kSecretBytes));
  return KeyCredentials{.access_key_id = Cat({"GK", id}), .secret_access_key = Secret(std::move(secret))};
}

}  // namespace fediversity::garage
