#include <algorithm>

#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

// A refresh asks every VM of a configuration, and an agent that is there answers at once.
constexpr absl::Duration kPatience = absl::Seconds(3);

// One try within its own time: the agent of a guest may be silent for good.
absl::StatusOr<json> AskGuest(Client& client, Clock& clock, std::vector<std::string> path,
                              const std::string& what, const CallLimits& limits, Parameters parameters = {}) {
  absl::Time const end = clock.Now() + kPatience;
  auto data = client.Get(std::move(path), what, {limits.cancel, std::min(limits.deadline, end)},
                         std::move(parameters));
  if (absl::IsDeadlineExceeded(data.status()) && end < limits.deadline) {
    return absl::UnavailableError(
        ToAbsl(Cat({what, ": the guest agent does not answer\n", ToStd(data.status().message())})));
  }
  return data;
}

}  // namespace

absl::StatusOr<std::vector<GuestInterface>> HttpApi::ReadGuestInterfaces(const VmId& vm,
                                                                         const CallLimits& limits) {
  std::string const what = What(vm, "asking its guest agent for network interfaces");
  ASSIGN_OR_RETURN(json const data,
                   AskGuest(client_, clock_, PathOf(vm, {"agent", "network-get-interfaces"}), what, limits));
  return DecodeGuestInterfaces(data, what);
}

absl::StatusOr<GuestFile> HttpApi::ReadGuestFile(const VmId& vm, std::string_view path,
                                                 const CallLimits& limits) {
  std::string const what = What(vm, Cat({"reading ", path, " through its guest agent"}));
  ASSIGN_OR_RETURN(json const data, AskGuest(client_, clock_, PathOf(vm, {"agent", "file-read"}), what,
                                             limits, {{"file", path}}));
  return DecodeGuestFile(data, what);
}

}  // namespace fediversity::proxmox
