#include "tests/emulators/proxmox/faults.h"

namespace fediversity::emulators {

Reply ReplyOf(const Fault& fault) {
  constexpr int kFirstProxyError = 595;
  bool const bare = fault.status == 401 || fault.status >= kFirstProxyError;
  if (bare && fault.body == Fault::Body::kUsual) return Bare(fault.status, fault.message);
  Reply reply = Error(fault.status, fault.message + "\n");
  if (fault.body == Fault::Body::kReason) reply.body.erase("message");
  if (!fault.errors.empty()) reply.body["errors"] = fault.errors;
  return reply;
}

}  // namespace fediversity::emulators
