#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_BPG_OPTIONS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_BPG_OPTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "provider/wire/value.h"
#include "resources/proxmox/vm/vm_options.h"

namespace fediversity::resources {

// How bpg/proxmox keeps values in state. Nested blocks are lists there, objects in its newer resources.

// A primitive as Proxmox writes it: "1" for true, digits for a number; a list joined with ';'. Empty for null, for what
// is missing and for objects.
std::string BpgText(const wire::Value* value);
// The object at `attribute`, or the first of a list of them; nullptr for none.
const wire::Value* BpgBlock(const wire::Value* object, std::string_view attribute);
// "20G"; empty where none is given.
std::string BpgDiskSize(const wire::Value& disk);

// Puts into `options` what a state of one of its VM resources says of the VM's configuration. InvalidArgument for a slot
// or a text that no configuration can hold.
absl::Status ReadBpgOptions(const wire::Value& state, VmOptions& options);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_BPG_OPTIONS_H_
