#include "provider/backends/proxmox/text/boot_order.h"

#include <optional>

#include "provider/backends/proxmox/text/property_string.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

absl::StatusOr<BootOrder> BootOrder::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(PropertyString const boot, PropertyString::Parse(kBootKind, text));
  BootOrder order = {.devices = boot.GetList("order")};
  std::optional<std::string_view> const legacy = boot.Get("legacy");
  if (!legacy.has_value()) return order;
  if (legacy->find_first_not_of("acdn") != std::string_view::npos) {
    return absl::InvalidArgumentError(
        ToAbsl(Cat({"Not a boot order\n\"", ValidUtf8(text),
                    "\" is neither order= with a list of slots nor letters out of "
                    "\"acdn\"."})));
  }
  order.legacy = *legacy;
  return order;
}

std::string BootOrder::Format() const {
  if (!devices.empty()) return Cat({"order=", Join(devices, ";")});
  return legacy.empty() ? " " : legacy;
}

}  // namespace fediversity::proxmox
