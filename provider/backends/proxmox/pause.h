#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_PAUSE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_PAUSE_H_

#include <algorithm>

#include "absl/time/time.h"

namespace fediversity::proxmox {

// Between two looks at what takes its time in the cluster, such as a task: 100 ms, then twice as long each time, up to a
// second.
inline constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
inline absl::Duration PauseAfter(absl::Duration pause) { return std::min(2 * pause, absl::Seconds(1)); }

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_PAUSE_H_
