#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_OPTIONS_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_OPTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/proxmox/text/config_text.h"
#include "provider/backends/proxmox/text/property_string.h"
#include "provider/backends/proxmox/vm_requests.h"

namespace fediversity::resources {

// A VM's configuration, option by option, and what is to be changed of it. An option is either a whole value
// ("cores") or a part of a property string ("net0", "bridge"). Whatever is not touched keeps its text.
class VmOptions {
 public:
  VmOptions() = default;  // of a VM that does not exist yet
  explicit VmOptions(const proxmox::ConfigText& values);

  // The text of `option` in the property string at `key`, or of the whole value where `option` is empty; nullopt
  // where there is none. InvalidArgument for a property string that cannot be read.
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key, std::string_view option);
  absl::Status Set(std::string_view key, std::string_view option, std::string_view text);
  // A property string of which nothing is left goes away with its last option.
  absl::Status Remove(std::string_view key, std::string_view option);
  void RemoveKey(std::string_view key);

  bool Has(std::string_view key) const;
  // The whole value as it stands now; nullopt where there is none.
  std::optional<std::string> Value(std::string_view key) const;
  std::vector<std::string> Keys() const;
  // The property string at `key`, to be changed in place; an empty one where there is none.
  absl::StatusOr<proxmox::PropertyString*> Open(std::string_view key);

  // What has to be sent so that the service holds what stands here now.
  proxmox::Parameters ToSet() const;
  std::vector<std::string> ToRemove() const;
  bool changed() const { return !ToSet().empty() || !ToRemove().empty(); }

 private:
  struct Entry {
    std::optional<std::string> original;
    std::optional<std::string> text;                  // where it is no property string or not opened
    std::optional<proxmox::PropertyString> property;  // where it was opened
  };
  static bool IsSet(const Entry& entry);
  static std::optional<std::string> TextOf(const Entry& entry);

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_OPTIONS_H_
