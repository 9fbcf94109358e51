#include "tests/emulators/garage/fields.h"

#include "provider/base/text.h"
#include "tests/emulators/garage/timestamp.h"

namespace fediversity::emulators::garage {
namespace {

const Json& Nothing() {
  static const Json kNothing;
  return kNothing;
}

}  // namespace

const Fields::Kind Fields::kString = {"a string", [](const Json& value) { return value.is_string(); }};
const Fields::Kind Fields::kBoolean = {"a boolean", [](const Json& value) { return value.is_boolean(); }};
const Fields::Kind Fields::kNatural = {"u64", [](const Json& value) { return value.is_number_unsigned(); }};
const Fields::Kind Fields::kInteger = {"i64", [](const Json& value) { return value.is_number_integer(); }};
const Fields::Kind Fields::kSequence = {"a sequence", [](const Json& value) { return value.is_array(); }};

std::string Described(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::boolean: return "boolean `" + value.dump() + "`";
    case Json::value_t::string: return "string " + value.dump();
    case Json::value_t::array: return "sequence";
    case Json::value_t::object: return "map";
    case Json::value_t::number_float: return "floating point `" + value.dump() + "`";
    default: return "integer `" + value.dump() + "`";
  }
}

Fields::Fields(const Json& object, std::string_view what, std::string& error)
    : object_(object),
      error_(error) {
  if (!object.is_object()) Fail(Cat({"invalid type: ", Described(object), ", expected struct ", what}));
}

void Fields::Fail(const std::string& why) {
  if (error_.empty()) error_ = why;
}

const Json& Fields::Find(const char* name, bool needed) {
  if (!object_.is_object()) return Nothing();
  auto const found = object_.find(name);
  if (found != object_.end()) return *found;
  if (needed) Fail(Cat({"missing field `", name, "`"}));
  return Nothing();
}

bool Fields::Fits(const Json& value, const Kind& kind) {
  if (kind.fits(value)) return true;
  bool const negative = kind.name == kNatural.name && value.is_number_integer();
  Fail(Cat({negative ? "invalid value: " : "invalid type: ", Described(value), ", expected ", kind.name}));
  return false;
}

std::optional<std::vector<Json>> Fields::List(const char* name) {
  const Json& value = Find(name, false);
  if (value.is_null() || !Fits(value, kSequence)) return std::nullopt;
  return std::vector<Json>(value.begin(), value.end());
}

std::optional<std::vector<std::string>> Fields::ReadTexts(const char* name, bool needed) {
  std::vector<std::string> texts;
  const Json& value = Find(name, needed);
  if (value.is_null() && !needed) return std::nullopt;
  if (!Fits(value, kSequence)) return texts;
  for (const Json& element : value) {
    if (Fits(element, kString)) texts.push_back(element.get<std::string>());
  }
  return texts;
}

const Json& Fields::Object(const char* name) { return Find(name, false); }

const Json& Fields::NeededObject(const char* name) { return Find(name, true); }

std::optional<std::int64_t> Fields::Time(const char* name) {
  auto const text = Text(name);
  if (!text.has_value()) return std::nullopt;
  std::string why;
  auto const time = ParseTime(*text, why);
  if (!time.has_value()) Fail(why);
  return time;
}

}  // namespace fediversity::emulators::garage
