#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_TSIG_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_TSIG_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/dns/name.h"
#include "provider/base/secret.h"

// Transaction signatures (RFC 8945), the requesting side.
namespace fediversity::dns {

using TimeSource = std::function<absl::Time()>;

struct TsigKey {
  Name name;
  Name algorithm;                // as on the wire: hmac-sha256., hmac-md5.sig-alg.reg.int.
  const char* digest = nullptr;  // OpenSSL's name for it
  std::size_t mac_size = 0;
  Secret secret;  // the octets
};

// InvalidArgument, never with the secret, for a bad name, an unknown algorithm, or a secret that is no
// base64.
absl::StatusOr<TsigKey> MakeTsigKey(std::string_view name, std::string_view algorithm, const Secret& base64);

// The algorithms by the names that users write, for documentation and checks.
std::string TsigAlgorithmNames();

// Error codes of TSIG records (RFC 8945, 3).
inline constexpr std::uint16_t kTsigBadSig = 16;
inline constexpr std::uint16_t kTsigBadKey = 17;
inline constexpr std::uint16_t kTsigBadTime = 18;
inline constexpr std::uint16_t kTsigBadTrunc = 22;
std::string TsigErrorName(std::uint16_t error);

// What is known of a signature that was refused by one side or the other, to explain it.
struct TsigReport {
  std::uint16_t error = 0;                     // as the server said, not verified unless `verified`
  bool verified = false;                       // the answer's MAC was good
  bool missing = false;                        // the answer had no TSIG record
  std::optional<absl::Duration> server_ahead;  // server's clock minus ours, where the answer tells
};

// Signs one request and verifies its answers, however many messages they come in. Not for concurrent use;
// refers to key and clock, which outlive it.
class TsigExchange {
 public:
  TsigExchange(const TsigKey& key, const TimeSource& clock) : key_(key), clock_(clock) {}

  // Appends the TSIG record to `request`, a whole message, and remembers what answers are bound to.
  absl::Status Sign(std::string& request);

  // Verifies the next answer and answers it without its TSIG record. The first must be signed; of later ones,
  // up to 99 in a row may be unsigned, and those are only trusted once Finish answers OK. Unauthenticated:
  // missing, wrong or refused signature, `report` tells more. InvalidArgument: malformed.
  absl::StatusOr<std::string> Verify(std::string_view answer);

  // OK where the last answer was signed, so that all before it are proven too.
  absl::Status Finish() const;

  const TsigReport& report() const { return report_; }

 private:
  const TsigKey& key_;
  const TimeSource& clock_;
  std::uint16_t id_ = 0;
  std::string prior_mac_;  // of the request, then of the last signed answer
  std::string unsigned_;   // answers since then
  int unsigned_count_ = 0;
  bool first_ = true;
  TsigReport report_;
};

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_TSIG_H_
