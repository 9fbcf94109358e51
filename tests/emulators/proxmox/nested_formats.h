#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_NESTED_FORMATS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_NESTED_FORMATS_H_

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulators/proxmox/parameters.h"

namespace fediversity::emulators {

// The options of a property string whose format the API description has by name only ("pve-qm-ipconfig"), or null.
const Schema* NestedFormat(std::string_view format);
// As CheckFormat does, with the options of one of those.
std::optional<std::string> CheckNested(const Schema& schema, const std::string& name,
                                       const std::string& value);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_NESTED_FORMATS_H_
