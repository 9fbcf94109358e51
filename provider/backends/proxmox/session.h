#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SESSION_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SESSION_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/settings.h"
#include "provider/base/call_limits.h"
#include "provider/base/clock.h"
#include "provider/http/permits.h"
#include "provider/http/request.h"
#include "provider/http/transport.h"

namespace fediversity::proxmox {

// Puts credentials on requests. A token is put on as it is; a user and password are exchanged for a ticket, which
// the whole cluster accepts, and again when it is old or refused. A ticket is exchanged for another when it is old.
// Thread-safe.
class Session {
 public:
  // `transport` and `clock` must outlive it.
  Session(Credentials credentials, http::Transport& transport, Clock& clock);

  // Which ticket a request went out with; Renew() takes it.
  using Generation = std::int64_t;

  // Adds the headers that the request needs. Logs in first where there is no ticket, or an old one: the service takes
  // tickets for two hours, and a ticket in place of the password until then. Unauthenticated where it refuses either,
  // and from then on without asking: services lock accounts, and firewalls hosts, that are refused again and again.
  absl::StatusOr<Generation> Authorize(http::Request& request, const CallLimits& limits);

  // After the service refused a ticket: whether sending again can help, because there is or can be a newer one.
  bool Renew(Generation refused);

  // What became of a request that went out with the credentials as they were given. If the first of them are refused,
  // all that follow would be.
  void Accepted();
  void Refused(const absl::Status& why);

 private:
  struct Pass {
    Secret ticket;
    Secret csrf_token;
    absl::Time made = absl::InfinitePast();
    Generation generation = 0;
  };

  Pass GivenPass() const;
  bool IsFresh(const Pass& pass) const;
  std::optional<Pass> FreshPass();
  // What another ticket is to be had for.
  Login LoginOf(const Pass& pass) const;
  absl::StatusOr<Pass> CurrentPass(const CallLimits& limits);
  absl::StatusOr<Pass> LogIn(const Login& login, const CallLimits& limits);
  absl::Status Refusal();

  Credentials const credentials_;
  http::Transport& transport_;
  Clock& clock_;
  http::Permits logging_in_{1};
  std::mutex mutex_;
  Pass pass_;
  Generation last_ = 0;
  bool accepted_ = false;
  absl::Status refusal_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SESSION_H_
