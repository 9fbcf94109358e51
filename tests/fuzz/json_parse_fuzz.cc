#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/wire/json.h"

// What parses must write, on one line and indented, and parse to the same value again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::wire::ParseJson;
  using fediversity::wire::WriteJson;
  auto const value = ParseJson({reinterpret_cast<const char*>(data), size});
  if (!value.ok()) return 0;
  for (int const indent : {0, 2}) {
    auto const json = WriteJson(*value, indent);
    if (!json.ok()) std::abort();
    auto const again = ParseJson(*json);
    if (!again.ok() || !(*again == *value)) std::abort();
  }
  return 0;
}
