#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TICKET_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TICKET_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "provider/base/secret.h"

namespace fediversity::proxmox {

// What a ticket says of itself.
struct TicketContent {
  std::string user;  // "root@pam"
  absl::Time made;
  Secret text;  // the ticket as the service gave it
};

// Reads "PVE:root@pam:6B03E158::SIGNATURE", or the same with %3A and the like, as it is in a browser's cookie. nullopt
// for anything else.
std::optional<TicketContent> ParseTicket(const Secret& ticket);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TICKET_H_
