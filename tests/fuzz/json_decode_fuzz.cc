#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "provider/wire/json.h"
#include "provider/wire/type.h"

namespace {

constexpr std::array<std::string_view, 12> kTypes = {
    R"("dynamic")",
    R"("string")",
    R"("number")",
    R"("bool")",
    R"(["list","string"])",
    R"(["list","dynamic"])",
    R"(["set","number"])",
    R"(["map","dynamic"])",
    R"(["object",{"a":"string","b":"number","c":"bool"}])",
    R"(["object",{"a":"dynamic","l":["list",["object",{"v":"dynamic"}]]}])",
    R"(["tuple",["string","dynamic",["tuple",["dynamic","dynamic"]]]])",
    R"(["set",["object",{"id":"string","n":["map","bool"]}]])",
};

}  // namespace

// The first byte picks a type. What decodes must encode and decode to the same value again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::wire::DecodeJson;
  using fediversity::wire::EncodeJson;
  if (size == 0) return 0;
  auto const type = fediversity::wire::Type::FromJson(kTypes[data[0] % kTypes.size()]);
  if (!type.ok()) std::abort();
  auto const value = DecodeJson({reinterpret_cast<const char*>(data) + 1, size - 1}, *type);
  if (!value.ok()) return 0;
  auto const json = EncodeJson(*value, *type);
  if (!json.ok()) {
    // Only infinities, which may be quoted in JSON read as numbers, cannot be written.
    if (json.status().message().find("infinity") == json.status().message().npos) std::abort();
    return 0;
  }
  auto const again = DecodeJson(*json, *type);
  if (!again.ok() || !(*again == *value)) std::abort();
  return 0;
}
