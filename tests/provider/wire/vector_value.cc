#include "tests/provider/wire/vector_value.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace fediversity::wire {
namespace {

using Json = nlohmann::json;

template <typename T>
T Checked(absl::StatusOr<T> result) {
  if (!result.ok()) throw std::runtime_error(result.status().ToString());
  return *std::move(result);
}

Number ToNumber(const std::string& text, NumberOrigin origin) {
  Number number = Checked(Number::Parse(text));
  if (origin == NumberOrigin::kText || number.is_integer() || number.is_infinite()) return number;
  // The text of a power of two may be nearer to the double below.
  double const nearest = number.ToDouble();
  for (double const candidate :
       {nearest, std::nextafter(nearest, 0.0), std::nextafter(nearest, 2 * nearest)}) {
    Number rounded = Checked(Number::FromDouble(candidate));
    if (rounded == number) return rounded;
  }
  return number;
}

std::optional<Refinement::Bound> ToBound(const Json& bound, NumberOrigin origin) {
  return Refinement::Bound{ToNumber(bound.at(0).get<std::string>(), origin), bound.at(1).get<bool>()};
}

Value ToUnknown(const Json& tagged, NumberOrigin origin) {
  Refinement refinement;
  for (const auto& [key, item] : tagged.items()) {
    if (key == "unknown") {
      if (!item.get<bool>()) throw std::runtime_error("unknown: false");
    } else if (key == "not_null") {
      refinement.not_null = item.get<bool>();
    } else if (key == "prefix") {
      refinement.prefix = item.get<std::string>();
    } else if (key == "min") {
      refinement.min = ToBound(item, origin);
    } else if (key == "max") {
      refinement.max = ToBound(item, origin);
    } else if (key == "len_min") {
      refinement.min_length = item.get<std::int64_t>();
    } else if (key == "len_max") {
      refinement.max_length = item.get<std::int64_t>();
    } else {
      throw std::runtime_error("unknown refinement " + key);
    }
  }
  return Value::Unknown(std::move(refinement));
}

Value::Elements ToElements(const Json& array, NumberOrigin origin) {
  Value::Elements elements;
  for (const Json& element : array) elements.push_back(FromTagged(element, origin));
  return elements;
}

Value::Entries ToEntries(const Json& object, NumberOrigin origin) {
  Value::Entries entries;
  for (const auto& [key, member] : object.items()) entries.emplace_back(key, FromTagged(member, origin));
  return entries;
}

}  // namespace

Value FromTagged(const Json& tagged, NumberOrigin origin) {
  if (tagged.contains("unknown")) return ToUnknown(tagged, origin);
  if (tagged.size() != 1) throw std::runtime_error("a tagged value has one member: " + tagged.dump());
  const std::string& tag = tagged.items().begin().key();
  const Json& content = *tagged.begin();
  if (tag == "null") return Value::Null();
  if (tag == "bool") return Value::Bool(content.get<bool>());
  if (tag == "string") return Value::String(content.get<std::string>());
  if (tag == "number") return Value::Num(ToNumber(content.get<std::string>(), origin));
  if (tag == "list" || tag == "tuple") return Value::List(ToElements(content, origin));
  if (tag == "set") return Value::Set(ToElements(content, origin));
  if (tag == "map" || tag == "object") return Value::Map(ToEntries(content, origin));
  if (tag == "dyn") {
    return Value::Dynamic(Checked(Type::FromJson(content.at("type").dump())),
                          FromTagged(content.at("value"), origin));
  }
  throw std::runtime_error("unknown tag " + tag);
}

std::string FromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) throw std::runtime_error("half a byte of hexadecimal text");
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    auto const [stop, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (error != std::errc() || stop != hex.data() + i + 2) throw std::runtime_error("not hexadecimal");
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (char const c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 0xFU];
  }
  return hex;
}

}  // namespace fediversity::wire
