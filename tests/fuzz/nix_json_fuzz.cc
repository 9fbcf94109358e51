#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/nix/nix_json.h"

// What was made fit for Nix is fit for Nix: a second time changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto const once = fediversity::nix::ToNixJson({reinterpret_cast<const char*>(data), size});
  if (!once.ok()) return 0;
  auto const twice = fediversity::nix::ToNixJson(*once);
  // A marked value is one level deeper than what it stands for, so the limit of depth may be passed.
  if (twice.ok() && *twice != *once) std::abort();
  return 0;
}
