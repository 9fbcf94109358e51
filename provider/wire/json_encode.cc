#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "provider/wire/json_text.h"
#include "provider/wire/trail.h"
#include "provider/wire/unify.h"

namespace fediversity::wire {
namespace {

class Encoder {
 public:
  // False on error, which is then in status().
  bool Encode(const Value& value, const Type& type);
  absl::Status status() const { return status_; }
  std::string Take() { return std::move(json_); }

 private:
  bool Fail(std::string_view what) {
    status_ = trail_.Error(what);
    return false;
  }
  bool Expect(const Value& value, Value::Kind kind, const Type& type) {
    return value.kind() == kind || Fail(Cat({"a ", type.FriendlyName(), " is required"}));
  }
  bool EncodeDynamic(const Value& value);
  bool EncodeElements(const Value& value, const Type& type);
  bool EncodeMap(const Value& value, const Type& type);
  bool EncodeObject(const Value& value, const Type& type);
  bool CheckElementTypes(const Value& value, const Type& type) {
    return !type.element().has_dynamic() || ElementTypesAgree(value, type.element()) ||
           Fail("all elements must have the same type");
  }

  std::string json_;
  Trail trail_;
  absl::Status status_;
};

bool Encoder::Encode(const Value& value, const Type& type) {
  if (value.is_null()) {
    json_ += "null";
    return true;
  }
  if (value.is_unknown()) return Fail("its value is not known");
  switch (type.kind()) {
    case Type::Kind::kString:
      if (!Expect(value, Value::Kind::kString, type)) return false;
      AppendJsonString(value.string(), JsonEscapes::kGo, &json_);
      return true;
    case Type::Kind::kNumber:
      if (!Expect(value, Value::Kind::kNumber, type)) return false;
      if (value.number().is_infinite()) return Fail("JSON has no infinity");
      json_ += value.number().ToPlain();
      return true;
    case Type::Kind::kBool:
      if (!Expect(value, Value::Kind::kBool, type)) return false;
      json_ += value.bool_value() ? "true" : "false";
      return true;
    case Type::Kind::kDynamic: return Expect(value, Value::Kind::kDynamic, type) && EncodeDynamic(value);
    case Type::Kind::kList:
    case Type::Kind::kTuple: return Expect(value, Value::Kind::kList, type) && EncodeElements(value, type);
    case Type::Kind::kSet: return Expect(value, Value::Kind::kSet, type) && EncodeElements(value, type);
    case Type::Kind::kMap: return Expect(value, Value::Kind::kMap, type) && EncodeMap(value, type);
    case Type::Kind::kObject: return Expect(value, Value::Kind::kMap, type) && EncodeObject(value, type);
  }
  return Fail("no such type");
}

bool Encoder::EncodeDynamic(const Value& value) {
  json_ += "{\"value\":";
  if (!Encode(value.dynamic_value(), value.dynamic_type())) return false;
  json_ += ",\"type\":";
  json_ += value.dynamic_type().ToJson();
  json_ += '}';
  return true;
}

bool Encoder::EncodeElements(const Value& value, const Type& type) {
  const Value::Elements& elements = value.elements();
  bool const tuple = type.kind() == Type::Kind::kTuple;
  if (tuple && elements.size() != type.elements().size()) {
    return Fail(Cat({"a tuple of ", std::to_string(type.elements().size()), " elements is required, not of ",
                     std::to_string(elements.size())}));
  }
  json_ += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) json_ += ',';
    type.kind() == Type::Kind::kSet ? trail_.PushSetElement() : trail_.PushIndex(i);
    if (!Encode(elements[i], tuple ? type.elements()[i] : type.element())) return false;
    trail_.Pop();
  }
  json_ += ']';
  return tuple || CheckElementTypes(value, type);
}

bool Encoder::EncodeMap(const Value& value, const Type& type) {
  char separator = '{';
  for (const auto& [key, element] : value.entries()) {
    json_ += std::exchange(separator, ',');
    trail_.PushKey(key);
    AppendJsonString(key, JsonEscapes::kGo, &json_);
    json_ += ':';
    if (!Encode(element, type.element())) return false;
    trail_.Pop();
  }
  json_ += value.entries().empty() ? "{}" : "}";
  return CheckElementTypes(value, type);
}

bool Encoder::EncodeObject(const Value& value, const Type& type) {
  const Value::Entries& entries = value.entries();
  char separator = '{';
  for (const Type::Attribute& attribute : type.attributes()) {
    const Value* const member = value.Find(attribute.name);
    if (member == nullptr) return Fail(Cat({"attribute \"", attribute.name, "\" is missing"}));
    json_ += std::exchange(separator, ',');
    trail_.PushAttribute(attribute.name);
    AppendJsonString(attribute.name, JsonEscapes::kGo, &json_);
    json_ += ':';
    if (!Encode(*member, attribute.type)) return false;
    trail_.Pop();
  }
  if (entries.size() > type.attributes().size()) {
    for (const auto& [name, member] : entries) {
      if (type.FindAttribute(name) == nullptr) return Fail(Cat({"there is no attribute \"", name, "\""}));
    }
  }
  json_ += type.attributes().empty() ? "{}" : "}";
  return true;
}

// JSON for people and other programs: no types, no escapes that only Go needs.
class PlainWriter {
 public:
  explicit PlainWriter(int indent) : indent_(indent) {}

  bool Write(const Value& value, int level);
  absl::Status status() const { return status_; }
  std::string Take() { return std::move(json_); }

 private:
  bool WriteElements(const Value& value, int level);
  bool WriteEntries(const Value& value, int level);
  bool Fail(std::string_view what) {
    status_ = trail_.Error(what);
    return false;
  }
  void NewLine(int level) {
    if (indent_ == 0) return;
    json_ += '\n';
    json_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level), ' ');
  }

  int indent_;
  std::string json_;
  Trail trail_;
  absl::Status status_;
};

bool PlainWriter::Write(const Value& value, int level) {
  switch (value.kind()) {
    case Value::Kind::kNull: json_ += "null"; return true;
    case Value::Kind::kUnknown: return Fail("its value is not known");
    case Value::Kind::kBool: json_ += value.bool_value() ? "true" : "false"; return true;
    case Value::Kind::kNumber:
      if (value.number().is_infinite()) return Fail("JSON has no infinity");
      json_ += value.number().text();
      return true;
    case Value::Kind::kString: AppendJsonString(value.string(), JsonEscapes::kNeeded, &json_); return true;
    case Value::Kind::kList:
    case Value::Kind::kSet: return WriteElements(value, level);
    case Value::Kind::kMap: return WriteEntries(value, level);
    case Value::Kind::kDynamic: return Write(value.dynamic_value(), level);
  }
  return false;
}

bool PlainWriter::WriteElements(const Value& value, int level) {
  if (value.elements().empty()) {
    json_ += "[]";
    return true;
  }
  char separator = '[';
  std::size_t index = 0;
  for (const Value& element : value.elements()) {
    json_ += std::exchange(separator, ',');
    NewLine(level + 1);
    value.kind() == Value::Kind::kSet ? trail_.PushSetElement() : trail_.PushIndex(index++);
    if (!Write(element, level + 1)) return false;
    trail_.Pop();
  }
  NewLine(level);
  json_ += ']';
  return true;
}

bool PlainWriter::WriteEntries(const Value& value, int level) {
  if (value.entries().empty()) {
    json_ += "{}";
    return true;
  }
  char separator = '{';
  for (const auto& [key, member] : value.entries()) {
    json_ += std::exchange(separator, ',');
    NewLine(level + 1);
    AppendJsonString(key, JsonEscapes::kNeeded, &json_);
    json_ += indent_ == 0 ? ":" : ": ";
    trail_.PushAttribute(key);
    if (!Write(member, level + 1)) return false;
    trail_.Pop();
  }
  NewLine(level);
  json_ += '}';
  return true;
}

}  // namespace

absl::StatusOr<std::string> EncodeJson(const Value& value, const Type& type) {
  Encoder encoder;
  if (!encoder.Encode(value, type)) return encoder.status();
  return encoder.Take();
}

absl::StatusOr<std::string> WriteJson(const Value& value, int indent) {
  PlainWriter writer(indent);
  if (!writer.Write(value, 0)) return writer.status();
  return writer.Take();
}

}  // namespace fediversity::wire
