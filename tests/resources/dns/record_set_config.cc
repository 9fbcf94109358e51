#include "tests/resources/dns/record_set_config.h"

#include <utility>

#include "provider/base/text.h"
#include "resources/dns/record_set_model.h"

namespace fediversity::resources {
namespace {

using wire::Value;

std::string Shown(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kNull: return "null";
    case Value::Kind::kUnknown: return "unknown";
    case Value::Kind::kBool: return value.bool_value() ? "true" : "false";
    case Value::Kind::kNumber: return value.number().text();
    case Value::Kind::kString: return value.string();
    case Value::Kind::kSet: {
      std::vector<std::string> texts;
      for (const Value& element : value.elements()) texts.push_back(Shown(element));
      return Join(texts, "; ");
    }
    default: return "of another kind";
  }
}

}  // namespace

Value SetOf(const std::vector<std::string>& texts) {
  Value::Elements elements;
  for (const std::string& text : texts) elements.push_back(Value::String(text));
  return Value::Set(std::move(elements));
}

Value Config(const RecordSetHcl& hcl) {
  auto const table = schema::MakeTable(kDnsRecordSet.erased());
  Value config = table.ok() ? schema::NullObject(*table) : Value::Null();
  config.Set("zone", Value::String(hcl.zone));
  config.Set("name", Value::String(hcl.name));
  config.Set("type", Value::String(hcl.type));
  if (hcl.ttl.has_value()) config.Set("ttl", Value::Int(*hcl.ttl));
  config.Set("records", SetOf(hcl.records));
  if (hcl.adopt.has_value()) config.Set("adopt", Value::Bool(*hcl.adopt));
  return config;
}

void PrintTo(const RecordSetHcl& hcl, std::ostream* out) {
  *out << hcl.zone << " " << hcl.name << " " << hcl.type;
}

Value With(Value object, std::string_view attribute, Value value) {
  object.Set(attribute, std::move(value));
  return object;
}

std::string Text(const Value& object, std::string_view attribute) {
  const Value* value = object.Find(attribute);
  return value == nullptr ? "missing" : Shown(*value);
}

std::string Held(const Value& object) {
  if (object.is_null()) return "gone";
  return Cat({Text(object, "ttl"), " ", Text(object, "records")});
}

}  // namespace fediversity::resources
