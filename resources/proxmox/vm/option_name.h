#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_OPTION_NAME_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_OPTION_NAME_H_

#include <string>
#include <string_view>

#include "provider/schema/describe.h"

namespace fediversity::resources {

// What `unset` names, by the names of Proxmox: an option ("vga"), or a part of one that is a property string ("vga.memory",
// "net0.tag").
struct OptionName {
  std::string_view key;
  std::string_view option = {};  // empty for the whole

  static OptionName Split(std::string_view text);

  // Whether it names the part at `part_key`, `part_option`, alone or with others.
  bool Covers(std::string_view part_key, std::string_view part_option) const {
    return key == part_key && (option.empty() || option == part_option);
  }
};

// Whether it is an option of some VM, and one that can be taken away.
bool IsUnsettable(const wire::Value& value);
std::string AdviseUnset(const wire::Value& value);

constexpr schema::RuleSpec kUnset = {
    "must be an option of Proxmox, such as \"vga\", or a part of one, such as \"net0.tag\".", IsUnsettable,
    AdviseUnset};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_OPTION_NAME_H_
