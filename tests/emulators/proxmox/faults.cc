#include "tests/emulators/proxmox/faults.h"

namespace fediversity::emulators {

Reply ReplyOf(const Fault& fault) {
  constexpr int kFirstProxyError = 595;
  if (fault.status == 401 || fault.status >= kFirstProxyError) return Bare(fault.status, fault.message);
  return Error(fault.status, fault.message + "\n");
}

}  // namespace fediversity::emulators
