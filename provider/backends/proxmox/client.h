#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CLIENT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CLIENT_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/session.h"
#include "provider/backends/proxmox/settings.h"
#include "provider/backends/proxmox/vm_requests.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/http/transport.h"

namespace fediversity::proxmox {

// One call of the API.
struct Call {
  http::Method method = http::Method::kGet;
  std::vector<std::string> path;  // {"nodes", "pve1", "qemu"}
  // In the query of GET and DELETE (the service takes no body there), as a form otherwise.
  Parameters parameters = {};
  // What it is for, as the start of an error: "VM 100: changing its configuration".
  std::string what;
  bool idempotent = false;                     // of a write: may be sent twice
  std::optional<absl::Duration> timeout = {};  // for the answer, in place of the transport's own
  std::optional<http::Body> body = {};         // in place of a form of the parameters
  std::vector<Secret> secrets = {};            // parts of parameters that are no secrets as a whole
};

// `text`, which came back, without the secrets of the call.
std::string WithoutSecrets(std::string text, const Call& call);

// Sends calls with credentials and makes answers and errors out of what comes back. Thread-safe.
class Client {
 public:
  // `clock` must outlive it.
  Client(std::unique_ptr<http::Transport> transport, Credentials credentials, Clock& clock);

  // `data` of the answer. The errors are those of Api. A ticket that is refused is renewed once. InvalidArgument,
  // without a request, for forms that are larger than the service takes (512 KiB).
  absl::StatusOr<nlohmann::json> Send(const Call& call, const CallLimits& limits);
  absl::StatusOr<nlohmann::json> Get(std::vector<std::string> path, std::string what,
                                     const CallLimits& limits, Parameters parameters = {});

 private:
  std::unique_ptr<http::Transport> transport_;
  Session session_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_CLIENT_H_
