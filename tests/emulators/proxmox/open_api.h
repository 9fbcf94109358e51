#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_OPEN_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_OPEN_API_H_

#include <memory>

#include "provider/backends/proxmox/api.h"
#include "provider/base/clock.h"
#include "tests/emulators/proxmox/emulator.h"

namespace fediversity::emulators {

// The provider's client, connected to `cluster` and to nothing else: it pins the emulator's certificate, and takes no
// notice of the environment. `cluster` and `clock` outlive it. A failure of the current test, and null, where it cannot
// be made.
std::unique_ptr<proxmox::Api> OpenApi(const ProxmoxEmulator& cluster, proxmox::Credentials credentials,
                                      Clock& clock);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_OPEN_API_H_
