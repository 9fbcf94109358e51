#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_OPTIONS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_OPTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/proxmox/api.h"
#include "tests/emulators/proxmox/parameters.h"

namespace fediversity::emulators {

// The configuration options of a VM, as the API of that version knows them (sizes of numbered devices included).
const Schema& VmOptions(Version version);

// Whether the configuration of a VM may hold it: an option, or what only the server writes ("meta").
bool IsConfigKey(Version version, std::string_view name);

// How a value of the configuration reads in JSON: integers and booleans as numbers, all else as text.
Json OptionToJson(std::string_view name, const std::string& value);

// Whether `name` names a disk or CD-ROM drive: "scsi0", "efidisk0", "tpmstate0"; not "unused0".
bool IsDrive(std::string_view name);
bool IsUnused(std::string_view name);
bool IsNetwork(std::string_view name);
// Options that cloud-init gets in its drive ("ipconfig0" is one of those).
bool IsCloudInitOption(std::string_view name);

// Every slot of a drive in the order in which the server looks at them.
const std::vector<std::string>& DriveSlots();

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_VM_OPTIONS_H_
