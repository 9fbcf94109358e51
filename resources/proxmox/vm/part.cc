#include "resources/proxmox/vm/part.h"

#include "provider/base/text.h"

namespace fediversity::resources::internal {
namespace {

std::string Show(const std::optional<std::string>& text) {
  return text.has_value() ? Cat({"\"", *text, "\""}) : "nothing";
}

std::string Place(std::string_view key, std::string_view option) {
  return option.empty() ? Cat({"`", key, "`"}) : Cat({"`", option, "` of `", key, "`"});
}

}  // namespace

std::string ResolveKey(std::string_view key, std::string_view slot) {
  if (slot.empty()) return std::string(key);
  if (key.empty()) return std::string(slot);
  return Cat({key, slot.substr(std::min(slot.find_first_of("0123456789"), slot.size()))});
}

absl::Status Unreadable(std::string_view key, std::string_view option, std::string_view text,
                        const absl::Status& why) {
  return absl::InvalidArgumentError(Cat({"Proxmox holds a value that cannot be read\n", Place(key, option),
                                         " of the VM is \"", text, "\": ", ToStd(why.message())}));
}

absl::Status Exchanged(std::string_view slot) {
  return absl::AbortedError(
      Cat({"The VM was changed since it was read\n`", slot,
           "` was to be emptied, and holds something else now than when the plan was made. Nothing "
           "was changed; plan again to see what is to be done."}));
}

absl::Status Change(VmOptions& options, const std::string& key, std::string_view option,
                    const std::optional<std::string>& current, const std::optional<std::string>& before,
                    const std::optional<std::string>& planned, bool check) {
  if (current == planned) return absl::OkStatus();
  if (check && current != before) {
    return absl::AbortedError(Cat({"The VM was changed since it was read\n", Place(key, option), " was ",
                                   Show(before), " when the plan was made and is ", Show(current),
                                   " now. Nothing was changed; plan again to see what is to be done."}));
  }
  if (planned.has_value()) return options.Set(key, option, *planned);
  return current.has_value() ? options.Remove(key, option) : absl::OkStatus();
}

}  // namespace fediversity::resources::internal
