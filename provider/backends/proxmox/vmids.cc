#include "provider/backends/proxmox/vmids.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/expect.h"
#include "provider/backends/proxmox/json_fields.h"
#include "provider/base/status_macros.h"

namespace fediversity::proxmox {
namespace {

constexpr const char* kWhat = "finding a free VMID";
constexpr std::int64_t kHighest = 999'999'999;

}  // namespace

absl::StatusOr<std::int64_t> Vmids::Allocate(const CallLimits& limits) {
  ASSIGN_OR_RETURN(nlohmann::json const data, client_.Get({"cluster", "nextid"}, kWhat, limits));
  std::int64_t vmid = 0;
  if (std::optional<std::string> const text = TextOf(data);
      !text.has_value() || !absl::SimpleAtoi(*text, &vmid)) {
    return NotAsDescribed(kWhat, "it is no number");
  }
  if (Take(vmid)) return vmid;
  while (true) {
    vmid = TakeAbove(vmid);
    if (vmid > kHighest) {
      Release(vmid);
      return absl::ResourceExhaustedError(
          "finding a free VMID: there is none\nEvery VMID up to 999999999 is in use.");
    }
    auto const free = client_.Get({"cluster", "nextid"}, kWhat, limits, {{"vmid", absl::StrCat(vmid)}});
    if (free.ok()) return vmid;
    // One that somebody else uses stays handed out, for it will not be free for us.
    if (CauseOf(free.status()) != Cause::kVmidTaken) {
      Release(vmid);
      return free.status();
    }
  }
}

void Vmids::Release(std::int64_t vmid) {
  std::lock_guard const lock(mutex_);
  handed_out_.erase(vmid);
}

bool Vmids::Take(std::int64_t vmid) {
  std::lock_guard const lock(mutex_);
  return handed_out_.insert(vmid).second;
}

std::int64_t Vmids::TakeAbove(std::int64_t vmid) {
  std::lock_guard const lock(mutex_);
  do ++vmid;
  while (!handed_out_.insert(vmid).second);
  return vmid;
}

}  // namespace fediversity::proxmox
