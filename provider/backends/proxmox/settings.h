#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SETTINGS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SETTINGS_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "provider/base/secret.h"
#include "provider/http/tls.h"

namespace fediversity::proxmox {

// "user@realm!name=secret", as the server shows it once when the token is made.
struct ApiToken {
  Secret text;
};

// Exchanged for a ticket at the first request, and again before the ticket's two hours are over.
struct Login {
  std::string username;  // "root@pam"
  Secret password;
};

// A ticket that somebody else obtained. It is renewed as well, as long as it is valid. Without its CSRF token it only
// reads.
struct Ticket {
  Secret ticket;
  Secret csrf_token;
};

using Credentials = std::variant<ApiToken, Login, Ticket>;

struct Settings {
  // "https://pve1.example:8006", one URL for each node that may be asked; the first that answers is. A path such as
  // "/api2/json" may be left out.
  std::vector<std::string> endpoints;
  Credentials credentials;
  http::TlsSettings tls = {};  // the same for all endpoints: `fingerprint` may name one for each
  absl::Duration timeout = absl::Seconds(60);  // for one answer
  int max_connections = 8;                     // to each endpoint
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_SETTINGS_H_
