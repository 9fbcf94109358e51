#ifndef FEDIVERSITY_PROVIDER_CLI_IMPORT_PROXMOX_H_
#define FEDIVERSITY_PROVIDER_CLI_IMPORT_PROXMOX_H_

#include <vector>

#include "absl/status/statusor.h"
#include "provider/cli/command.h"
#include "provider/cli/found.h"
#include "provider/cli/options.h"
#include "provider/wire/value.h"

namespace fediversity::cli {

// The VMs that `--pool`, `--tag`, `--node`, `--name` and `--vmid` leave, by VMID. Templates only with `--templates`. In
// doubt are those whose name or tags are asked for while their node has not told them. One request. NotFound where none
// is left, or where one of the VMIDs is not among the VMs that the credentials may see.
absl::StatusOr<std::vector<Found>> FindVms(const Options& options, const Surroundings& surroundings);

// Takes out of a VM what would tie its configuration to where it is now (its node, so that it may move, and the ids of
// volumes whose storage is named), and what says nothing: that it is no template, and an SMBIOS with only a UUID.
void LoosenVm(wire::Value& vm);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_IMPORT_PROXMOX_H_
