#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "provider/wire/msgpack.h"
#include "provider/wire/type.h"

namespace {

using fediversity::wire::Type;

constexpr std::array<std::string_view, 20> kTypes = {
    R"("dynamic")",
    R"("string")",
    R"("number")",
    R"("bool")",
    R"(["list","string"])",
    R"(["list","dynamic"])",
    R"(["list",["list","number"]])",
    R"(["set","string"])",
    R"(["set","number"])",
    R"(["set",["object",{"id":"string","n":"number"}]])",
    R"(["set","dynamic"])",
    R"(["map","string"])",
    R"(["map","dynamic"])",
    R"(["map",["object",{"a":"dynamic","b":["map","bool"]}]])",
    R"(["object",{}])",
    R"(["object",{"a":"string","b":"number","c":"bool"}])",
    R"(["object",{"a":"dynamic","l":["list",["object",{"v":"dynamic"}]]}])",
    R"(["tuple",[]])",
    R"(["tuple",["string","dynamic",["tuple",["dynamic","dynamic"]]]])",
    R"(["object",{"cpu":["list","number"],"disk":["list",["object",{"size":"number","slot":"string"}]],"ips":["set","string"],"tags":["map","string"]}])",
};

}  // namespace

// The first byte picks a type. What decodes must encode, and decode to the same value and bytes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fediversity::wire::DecodeMsgpack;
  using fediversity::wire::EncodeMsgpack;
  if (size == 0) return 0;
  auto const type = Type::FromJson(kTypes[data[0] % kTypes.size()]);
  if (!type.ok()) std::abort();
  auto const value = DecodeMsgpack({reinterpret_cast<const char*>(data) + 1, size - 1}, *type);
  if (!value.ok()) return 0;
  auto const bytes = EncodeMsgpack(*value, *type);
  if (!bytes.ok()) std::abort();
  auto const again = DecodeMsgpack(*bytes, *type);
  if (!again.ok() || !(*again == *value)) std::abort();
  auto const same_bytes = EncodeMsgpack(*again, *type);
  if (!same_bytes.ok() || *same_bytes != *bytes) std::abort();
  return 0;
}
