#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_GUEST_IDENTITY_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_GUEST_IDENTITY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/proxmox/text/config_text.h"

namespace fediversity::proxmox {

enum class IdentityMatch : std::uint8_t {
  kSame,
  kOther,    // a stranger under a recycled VMID
  kUnknown,  // neither side knows what the other does
};

// What tells one VM from another that later got the same VMID: the server makes both values when it makes or
// clones a VM. VMs from before Proxmox 7 have no creation time, and people may have removed either.
struct GuestIdentity {
  std::string uuid;                     // of `smbios1`, in lower case; empty where there is none
  std::optional<std::int64_t> created;  // of `meta`, in seconds since 1970

  // InvalidArgument where `smbios1` or `meta` cannot be read.
  static absl::StatusOr<GuestIdentity> FromConfig(const ConfigText& config);

  // kOther where a value that both know differs, kSame where both know one and none differs.
  IdentityMatch Compare(const GuestIdentity& other) const;
  // "UUID 25f37b8c-..., created 2026-11-23T12:00:00Z", for messages.
  std::string ToText() const;

  friend bool operator==(const GuestIdentity&, const GuestIdentity&) = default;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_GUEST_IDENTITY_H_
