#ifndef FEDIVERSITY_RESOURCES_PROXMOX_RULES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_RULES_H_

// What attributes that several of Proxmox's resources and data sources have must obey.

#include <string>

#include "provider/schema/describe.h"

namespace fediversity::resources {

constexpr schema::RuleSpec kNameOfNodeOrStorage = {
    "must be a name, without `/` and `:`.", [](const wire::Value& value) {
      return !value.string().empty() && value.string().find_first_of("/:") == std::string::npos;
    }};
constexpr schema::RuleSpec kImageContent = {
    "must be \"import\", \"iso\" or \"vztmpl\".", [](const wire::Value& value) {
      return value.string() == "import" || value.string() == "iso" || value.string() == "vztmpl";
    }};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_RULES_H_
