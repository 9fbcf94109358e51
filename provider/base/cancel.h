#ifndef FEDIVERSITY_PROVIDER_BASE_CANCEL_H_
#define FEDIVERSITY_PROVIDER_BASE_CANCEL_H_

#include <atomic>

namespace fediversity {

// Tells running operations to stop. Operations hold it by const reference and may only look; its owner calls
// Cancel(), once and for all. Thread-safe. The descriptor lets a poll() wake up at once:
//
//   pollfd waiting[] = {{socket, POLLIN, 0}, {cancel.fd(), POLLIN, 0}};
class CancelToken {
 public:
  CancelToken();
  ~CancelToken();
  CancelToken(const CancelToken&) = delete;
  CancelToken& operator=(const CancelToken&) = delete;

  void Cancel();
  bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }
  // Readable from the moment of Cancel() on; -1, which poll() passes over, where the system gave none.
  int fd() const { return fd_; }

 private:
  std::atomic<bool> cancelled_ = false;
  int fd_;
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_CANCEL_H_
