#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "provider/backends/nix/result_pack.h"

// Whatever a file holds, answers lie within it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view const entries(reinterpret_cast<const char*>(data), size);
  for (auto const& [key, answer] : fediversity::nix::IndexPack(entries)) {
    if (key.size() != 32 || answer.start > size || answer.size > size - answer.start) std::abort();
  }
  return 0;
}
