#ifndef FEDIVERSITY_PROVIDER_BASE_SECRET_H_
#define FEDIVERSITY_PROVIDER_BASE_SECRET_H_

#include <string>
#include <utility>

namespace fediversity {

// A value that must not be printed: it has no stream operator and no conversion to text, so that logging or
// joining it does not compile. `Reveal` is the one way out, and easy to search for. Memory is not wiped: the
// host has sent the same bytes through a pipe and keeps them in its own memory.
template <typename T>
class SecretOf {
 public:
  SecretOf() = default;
  explicit SecretOf(T value) : value_(std::move(value)) {}

  const T& Reveal() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend bool operator==(const SecretOf&, const SecretOf&) = default;

 private:
  T value_;
};

using Secret = SecretOf<std::string>;

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_SECRET_H_
