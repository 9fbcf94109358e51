#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "provider/wire/type.h"

// What reads as a type must write and read back as the same type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::wire::Type;
  auto const type = Type::FromJson({reinterpret_cast<const char*>(data), size});
  if (!type.ok()) return 0;
  auto const again = Type::FromJson(type->ToJson());
  if (!again.ok() || !(*again == *type)) std::abort();
  return 0;
}
