#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_RFC2136_STORE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_RFC2136_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/dns/record_store.h"
#include "provider/base/secret.h"

namespace fediversity::dns {

// A TSIG key as users write it.
struct TsigSettings {
  std::string name;
  std::string algorithm = "hmac-sha256";  // also hmac-md5, -sha1, -sha224, -sha384, -sha512
  Secret secret;                          // base64
};

struct ServerSettings {
  std::string server;  // IPv4 or IPv6 address, in brackets or not, or host name
  std::uint16_t port = 53;
  std::optional<TsigSettings> tsig;  // none: requests are not signed, and answers not verified
};

struct Rfc2136Settings {
  ServerSettings update;  // takes updates and queries
  // Takes zone transfers; none: those go to `update` with its key. Its own `tsig` is used even where none.
  std::optional<ServerSettings> transfer;
  bool use_transfer = true;                    // false: never transfer, read set by set
  absl::Duration timeout = absl::Seconds(10);  // of a connection attempt, and of each wait for an answer
};

// Record sets by DNS UPDATE (RFC 2136) with TSIG (RFC 8945) over TCP, one connection to each server.
// A zone is read by one transfer in the life of the store, which its own writes keep current; where that is
// refused, by query and confirmed by prerequisite. `clock` is what signatures are stamped with and judged by.
// InvalidArgument for a bad key or an empty server, without quoting the secret. Connects to nothing.
absl::StatusOr<std::unique_ptr<RecordStore>> MakeRfc2136Store(
    Rfc2136Settings settings, const std::function<absl::Time()>& clock = absl::Now);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_RFC2136_STORE_H_
