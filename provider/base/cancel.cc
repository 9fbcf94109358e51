#include "provider/base/cancel.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace fediversity {

CancelToken::CancelToken() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

CancelToken::~CancelToken() {
  if (fd_ >= 0) close(fd_);
}

void CancelToken::Cancel() {
  if (cancelled_.exchange(true, std::memory_order_acq_rel) || fd_ < 0) return;
  eventfd_write(fd_, 1);  // the first and only write cannot fail: the counter starts at zero
}

}  // namespace fediversity
