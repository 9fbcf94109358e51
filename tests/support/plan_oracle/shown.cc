#include "tests/support/plan_oracle/shown.h"

#include "provider/base/text.h"

namespace fediversity::oracle {
namespace {

using wire::Value;

std::string Shown(const wire::Refinement& known) {
  std::string text;
  if (known.not_null) text += " not null";
  if (!known.prefix.empty()) text += Cat({" prefix \"", known.prefix, "\""});
  if (known.min.has_value()) text += Cat({known.min->inclusive ? " >= " : " > ", known.min->value.text()});
  if (known.max.has_value()) text += Cat({known.max->inclusive ? " <= " : " < ", known.max->value.text()});
  if (known.min_length.has_value()) text += Cat({" length >= ", std::to_string(*known.min_length)});
  if (known.max_length.has_value()) text += Cat({" length <= ", std::to_string(*known.max_length)});
  return text.empty() ? "?" : Cat({"?(", std::string_view(text).substr(1), ")"});
}

std::string Shown(const Value::Elements& elements) {
  std::string text;
  for (const Value& element : elements) text += Cat({text.empty() ? "" : ", ", oracle::Shown(element)});
  return text;
}

}  // namespace

std::string Shown(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull: return "null";
    case Value::Kind::kUnknown: return Shown(value.refinement());
    case Value::Kind::kBool: return value.bool_value() ? "true" : "false";
    case Value::Kind::kNumber: return value.number().text();
    case Value::Kind::kString: return Cat({"\"", value.string(), "\""});
    case Value::Kind::kList: return Cat({"[", Shown(value.elements()), "]"});
    case Value::Kind::kSet: return Cat({"set(", Shown(value.elements()), ")"});
    case Value::Kind::kMap: {
      std::string text;
      for (const auto& [key, element] : value.entries())
        text += Cat({text.empty() ? "" : ", ", key, "=", Shown(element)});
      return Cat({"{", text, "}"});
    }
    case Value::Kind::kDynamic:
      return Cat({value.dynamic_type().ToJson(), ":", Shown(value.dynamic_value())});
  }
  return "";
}

}  // namespace fediversity::oracle
