#include "provider/backends/proxmox/json_fields.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

const json* Find(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  auto const found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::int64_t> WholeOf(double number) {
  constexpr double kLimit = 9.2e18;
  if (!std::isfinite(number) || number > kLimit || number < -kLimit) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::optional<std::string> TextOf(const json& value) {
  if (value.is_string()) return ValidUtf8(value.get_ref<const std::string&>());
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

std::optional<std::string> FindText(const json& object, const char* key) {
  const json* const value = Find(object, key);
  return value == nullptr ? std::nullopt : TextOf(*value);
}

std::string TextAt(const json& object, const char* key) { return FindText(object, key).value_or(""); }

std::optional<std::int64_t> FindInteger(const json& object, const char* key) {
  const json* const value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>() ? 1 : 0;
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX})
    return std::nullopt;
  if (value->is_number_integer()) return value->get<std::int64_t>();
  if (value->is_number_float()) return WholeOf(value->get<double>());
  if (!value->is_string()) return std::nullopt;
  std::int64_t whole = 0;
  if (absl::SimpleAtoi(value->get_ref<const std::string&>(), &whole)) return whole;
  double number = 0;
  if (absl::SimpleAtod(value->get_ref<const std::string&>(), &number)) return WholeOf(number);
  return std::nullopt;
}

std::int64_t IntegerAt(const json& object, const char* key) { return FindInteger(object, key).value_or(0); }

std::optional<double> FindNumber(const json& object, const char* key) {
  const json* const value = Find(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->get<double>();
  double number = 0;
  if (value->is_string() && absl::SimpleAtod(value->get_ref<const std::string&>(), &number)) return number;
  return std::nullopt;
}

bool FlagAt(const json& object, const char* key, bool otherwise) {
  const json* const value = Find(object, key);
  if (value == nullptr) return otherwise;
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    return !text.empty() && text != "0";
  }
  return FindInteger(object, key).value_or(otherwise ? 1 : 0) != 0;
}

}  // namespace fediversity::proxmox
