#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_BOOT_ORDER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_BOOT_ORDER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::proxmox {

// The value of `boot`. A value type.
struct BootOrder {
  // Slots, first to last: "order=scsi0;net0". Empty also for " ", what the server makes of a VM without
  // disks.
  std::vector<std::string> devices;
  // The old form, letters for classes of devices: "cdn" for disk (c), CD-ROM (d) and network (n).
  std::string legacy;

  // InvalidArgument where the text is none of these.
  static absl::StatusOr<BootOrder> Parse(std::string_view text);
  // "order=scsi0;net0", or the legacy letters; " " for neither.
  std::string Format() const;

  friend bool operator==(const BootOrder&, const BootOrder&) = default;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_BOOT_ORDER_H_
