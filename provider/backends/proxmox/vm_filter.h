#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_FILTER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_FILTER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/backends/proxmox/vm.h"

namespace fediversity::proxmox {

// What a VM is chosen by out of a listing; what is left out fits all. Node, pool and tags are the cluster's to know.
// Name, status and whether it is a template its node tells, and not while that is offline or the VM is seconds old.
struct VmFilter {
  std::vector<std::string> nodes = {};  // one of them
  std::vector<std::string> pools = {};  // one of them
  std::vector<std::string> tags = {};   // all of them, in any case
  std::function<bool(std::string_view)> name = {};
  std::optional<std::string> status = {};
  std::optional<bool> is_template = {};
};

enum class Match : std::uint8_t {
  kNo,
  kYes,
  kUndecided,  // the VM's node has not told what is asked for
};

Match MatchOf(const VmFilter& filter, const VmSummary& vm);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_FILTER_H_
