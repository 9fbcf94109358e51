#ifndef FEDIVERSITY_PROVIDER_HTTP_BODY_SOURCE_H_
#define FEDIVERSITY_PROVIDER_HTTP_BODY_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fediversity::http {

// A body that is too large to be kept in memory: read piece by piece while it is sent. Used by one request at a time.
class BodySource {
 public:
  virtual ~BodySource() = default;

  // How many bytes it has. Constant.
  virtual std::uint64_t size() const = 0;
  // Begins anew. Called before each time that it is sent.
  virtual absl::Status Rewind() = 0;
  // Puts the next bytes into `buffer`; 0 at the end. An error ends the request and is its result.
  virtual absl::StatusOr<std::size_t> Read(std::span<char> buffer) = 0;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_BODY_SOURCE_H_
