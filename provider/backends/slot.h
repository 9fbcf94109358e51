#ifndef FEDIVERSITY_PROVIDER_BACKENDS_SLOT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_SLOT_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fediversity {

// Where resources find a backend: empty until the provider is configured, and filled anew whenever it is
// configured again. A call keeps the backend it got for as long as it holds the pointer. Thread-safe.
template <typename Backend>
class Slot {
 public:
  // `unset` is what Get() answers until the slot is filled.
  explicit Slot(absl::Status unset) : unset_(std::move(unset)) { Reset(); }

  // Empties the slot again.
  void Reset() {
    Refuse([unset = unset_] { return unset; });
  }

  void Fill(std::shared_ptr<Backend> backend) {
    std::lock_guard const lock(mutex_);
    backend_ = std::move(backend);
  }
  // Makes Get() answer what `why` answers each time; never OK.
  void Refuse(std::function<absl::Status()> why) {
    std::lock_guard const lock(mutex_);
    backend_ = nullptr;
    why_ = std::move(why);
  }
  absl::StatusOr<std::shared_ptr<Backend>> Get() const {
    std::lock_guard const lock(mutex_);
    if (backend_ == nullptr) return why_();
    return backend_;
  }

 private:
  absl::Status unset_;
  mutable std::mutex mutex_;
  std::shared_ptr<Backend> backend_;
  std::function<absl::Status()> why_;
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_SLOT_H_
