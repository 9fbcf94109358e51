#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_GUEST_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_GUEST_H_

#include <string>
#include <vector>

namespace fediversity::proxmox {

struct GuestAddress {
  std::string address;  // "192.0.2.7", "fe80::1"
  int prefix = 0;
  bool ipv6 = false;
};

// A network interface as the guest's agent sees it.
struct GuestInterface {
  std::string name;  // "eth0"
  std::string mac;   // as the guest writes it; empty for none
  std::vector<GuestAddress> addresses;
};

struct GuestFile {
  std::string content;
  bool truncated = false;  // the server reads 16 MiB at most
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_GUEST_H_
