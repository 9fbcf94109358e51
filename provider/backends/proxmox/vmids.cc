#include "provider/backends/proxmox/vmids.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/expect.h"
#include "provider/backends/proxmox/json_fields.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

constexpr const char* kWhat = "finding a free VMID";
// What the range ends before where the cluster says nothing else.
constexpr std::int64_t kDefaultEnd = 1'000'000;

// {"next-id": {"lower": 1000, "upper": 2000}}, or the same as "lower=1000,upper=2000".
std::optional<std::int64_t> FindEnd(const nlohmann::json& options) {
  auto const range = options.is_object() ? options.find("next-id") : options.end();
  if (range == options.end()) return std::nullopt;
  if (range->is_object()) return FindInteger(*range, "upper");
  std::string const text = TextOf(*range).value_or("");
  for (const auto part : absl::StrSplit(text, ',')) {
    std::int64_t end = 0;
    if (absl::StartsWith(part, "upper=") && absl::SimpleAtoi(part.substr(6), &end)) return end;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::int64_t> Vmids::Allocate(const CallLimits& limits) {
  ASSIGN_OR_RETURN(nlohmann::json const data, client_.Get({"cluster", "nextid"}, kWhat, limits));
  std::int64_t vmid = 0;
  if (std::optional<std::string> const text = TextOf(data);
      !text.has_value() || !absl::SimpleAtoi(*text, &vmid)) {
    return NotAsDescribed(kWhat, "it is no number");
  }
  if (Take(vmid)) return vmid;
  ASSIGN_OR_RETURN(std::int64_t const end, End(limits));
  std::shared_ptr<const Resources> const listing = listing_();
  while (true) {
    vmid = TakeAbove(vmid, listing.get());
    if (vmid >= end) {
      Release(vmid);
      return absl::ResourceExhaustedError(ToAbsl(
          Cat({kWhat, ": there is none\nEvery VMID below ", absl::StrCat(end),
               " is in use, and the cluster hands out none from there on. Choose a `vmid`, or widen the "
               "range of the cluster's option next-id."})));
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

absl::StatusOr<std::int64_t> Vmids::End(const CallLimits& limits) {
  {
    std::lock_guard const lock(mutex_);
    if (end_.has_value()) return *end_;
  }
  // Whoever may not read it does without: the service takes any VMID.
  auto const options = client_.Get({"cluster", "options"}, kWhat, limits);
  if (!options.ok() && !absl::IsPermissionDenied(options.status())) return options.status();
  std::lock_guard const lock(mutex_);
  end_ = options.ok() ? FindEnd(*options).value_or(kDefaultEnd) : kDefaultEnd;
  return *end_;
}

void Vmids::Release(std::int64_t vmid) {
  std::lock_guard const lock(mutex_);
  handed_out_.erase(vmid);
}

bool Vmids::Take(std::int64_t vmid) {
  std::lock_guard const lock(mutex_);
  return handed_out_.insert(vmid).second;
}

std::int64_t Vmids::TakeAbove(std::int64_t vmid, const Resources* listing) {
  auto const is_listed = [listing](std::int64_t one) {
    return listing != nullptr && (listing->Find(one) != nullptr || listing->containers.contains(one));
  };
  std::lock_guard const lock(mutex_);
  do ++vmid;
  while (is_listed(vmid) || !handed_out_.insert(vmid).second);
  return vmid;
}

}  // namespace fediversity::proxmox
