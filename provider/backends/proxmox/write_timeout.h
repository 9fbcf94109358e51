#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_WRITE_TIMEOUT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_WRITE_TIMEOUT_H_

#include "absl/time/time.h"

namespace fediversity::proxmox {

// How long a write may take until it is answered. Some do all their work before, such as a change of the
// configuration that allocates a disk; to give one up leaves its outcome unknown.
constexpr absl::Duration kWriteTimeout = absl::Minutes(5);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_WRITE_TIMEOUT_H_
