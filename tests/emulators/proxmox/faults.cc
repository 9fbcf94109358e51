#include "tests/emulators/proxmox/faults.h"

#include <utility>

namespace fediversity::emulators {

void FaultPlan::Add(Fault fault) {
  Pattern path(fault.path);
  entries_.push_back({.fault = std::move(fault), .path = std::move(path)});
}

std::optional<Fault> FaultPlan::Take(const std::string& method, const std::string& path) {
  std::optional<Fault> taken;
  for (Entry& entry : entries_) {
    if (!entry.fault.method.empty() && entry.fault.method != method) continue;
    if (!entry.path.Matches(path)) continue;
    ++entry.seen;
    bool const due = entry.seen >= entry.fault.nth && entry.seen < entry.fault.nth + entry.fault.times;
    if (due && !taken.has_value()) taken = entry.fault;
  }
  return taken;
}

Reply ReplyOf(const Fault& fault) {
  constexpr int kFirstProxyError = 595;
  if (fault.status == 401 || fault.status >= kFirstProxyError) return Bare(fault.status, fault.message);
  return Error(fault.status, fault.message + "\n");
}

}  // namespace fediversity::emulators
