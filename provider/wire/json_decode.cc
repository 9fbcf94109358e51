#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "provider/wire/json_reader.h"
#include "provider/wire/trail.h"
#include "provider/wire/unify.h"

namespace fediversity::wire {
namespace {

using Kind = JsonReader::Kind;

// Reads one value of a given type. Steps of the trail are shared with the decoder of an enclosing dynamic.
class Decoder {
 public:
  Decoder(std::string_view json, std::size_t depth, Trail* trail) : reader_(json, depth), trail_(trail) {}

  // False on error, which is then in status().
  bool Decode(const Type& type, Value* value);
  absl::Status status() const { return status_; }

 private:
  bool Fail(std::string_view what) {
    if (status_.ok()) status_ = trail_->Error(what);
    return false;
  }
  // What the reader found wrong, or `what` where the JSON is well-formed but of another kind.
  bool FailRequired(const Type& type) {
    if (!reader_.ok()) return FailReader();
    return Fail(Cat({"a ", type.FriendlyName(), " is required"}));
  }
  bool FailReader() { return Fail(ToStd(reader_.status().message())); }

  bool DecodeString(const Type& type, Value* value);
  bool DecodeNumber(const Type& type, Value* value);
  bool DecodeBool(const Type& type, Value* value);
  bool DecodeDynamic(Value* value);
  bool DecodeElements(const Type& type, Value* value);
  bool DecodeTuple(const Type& type, Value* value);
  bool DecodeMap(const Type& type, Value* value);
  bool DecodeObject(const Type& type, Value* value);

  JsonReader reader_;
  Trail* trail_;
  absl::Status status_;
};

bool Decoder::Decode(const Type& type, Value* value) {
  Kind const kind = reader_.Peek();
  if (kind == Kind::kInvalid) {
    reader_.SkipValue();  // says what is wrong
    return FailReader();
  }
  if (kind == Kind::kNull) {
    *value = Value::Null();
    return reader_.ReadNull() || FailReader();
  }
  switch (type.kind()) {
    case Type::Kind::kString: return DecodeString(type, value);
    case Type::Kind::kNumber: return DecodeNumber(type, value);
    case Type::Kind::kBool: return DecodeBool(type, value);
    case Type::Kind::kDynamic: return DecodeDynamic(value);
    case Type::Kind::kList:
    case Type::Kind::kSet: return DecodeElements(type, value);
    case Type::Kind::kTuple: return DecodeTuple(type, value);
    case Type::Kind::kMap: return DecodeMap(type, value);
    case Type::Kind::kObject: return DecodeObject(type, value);
  }
  return Fail("no such type");
}

bool Decoder::DecodeString(const Type& type, Value* value) {
  std::string text;
  std::string_view digits;
  bool flag = false;
  switch (reader_.Peek()) {
    case Kind::kString:
      if (!reader_.ReadString(&text)) return FailReader();
      *value = Value::String(text);
      return true;
    case Kind::kNumber:
      if (!reader_.ReadNumber(&digits)) return FailReader();
      *value = Value::String(digits);
      return true;
    case Kind::kBool:
      if (!reader_.ReadBool(&flag)) return FailReader();
      *value = Value::String(flag ? "true" : "false");
      return true;
    default: return FailRequired(type);
  }
}

bool Decoder::DecodeNumber(const Type& type, Value* value) {
  std::string text;
  std::string_view digits;
  switch (reader_.Peek()) {
    case Kind::kString:
      if (!reader_.ReadString(&text)) return FailReader();
      digits = text;
      break;
    case Kind::kNumber:
      if (!reader_.ReadNumber(&digits)) return FailReader();
      break;
    default: return FailRequired(type);
  }
  absl::StatusOr<Number> number = Number::Parse(digits);
  if (!number.ok()) return Fail(ToStd(number.status().message()));
  *value = Value::Num(*std::move(number));
  return true;
}

bool Decoder::DecodeBool(const Type& type, Value* value) {
  std::string text;
  bool flag = false;
  switch (reader_.Peek()) {
    case Kind::kBool:
      if (!reader_.ReadBool(&flag)) return FailReader();
      break;
    case Kind::kString:
      if (!reader_.ReadString(&text)) return FailReader();
      flag = text == "true" || text == "1";
      if (!flag && text != "false" && text != "0") return FailRequired(type);
      break;
    default: return FailRequired(type);
  }
  *value = Value::Bool(flag);
  return true;
}

bool Decoder::DecodeDynamic(Value* value) {
  if (!reader_.BeginObject()) return FailReader();
  std::string key;
  std::string_view type_json;
  std::string_view value_json;
  // Inside the object, before its end is read.
  std::size_t const depth = reader_.depth();
  while (reader_.NextMember(&key)) {
    if (key != "type" && key != "value") return Fail(Cat({"a dynamic value has no member \"", key, "\""}));
    (key == "type" ? type_json : value_json) = reader_.SkipValue();
  }
  if (!reader_.ok()) return FailReader();
  if (type_json.empty()) return Fail("the type of a dynamic value is missing");
  if (value_json.empty()) return Fail("a dynamic value is missing");
  absl::StatusOr<Type> type = Type::FromJson(type_json);
  if (!type.ok()) return Fail(ToStd(type.status().message()));
  // The value may come before its type, so it is read in a second pass.
  Decoder decoder(value_json, depth, trail_);
  Value inner;
  if (!decoder.Decode(*type, &inner)) {
    status_ = decoder.status();
    return false;
  }
  *value = MakeDynamic(*std::move(type), std::move(inner));
  return true;
}

bool Decoder::DecodeElements(const Type& type, Value* value) {
  if (reader_.Peek() != Kind::kArray) return FailRequired(type);
  if (!reader_.BeginArray()) return FailReader();
  bool const is_set = type.kind() == Type::Kind::kSet;
  Value::Elements elements;
  while (reader_.NextElement()) {
    is_set ? trail_->PushSetElement() : trail_->PushIndex(elements.size());
    if (!Decode(type.element(), &elements.emplace_back())) return false;
    trail_->Pop();
  }
  if (!reader_.ok()) return FailReader();
  if (!UnifyElements(&elements, type.element())) return Fail("all elements must have the same type");
  *value = is_set ? Value::Set(std::move(elements)) : Value::List(std::move(elements));
  return true;
}

bool Decoder::DecodeTuple(const Type& type, Value* value) {
  if (reader_.Peek() != Kind::kArray) return FailRequired(type);
  if (!reader_.BeginArray()) return FailReader();
  std::size_t const size = type.elements().size();
  Value::Elements elements;
  auto wrong_size = [this, size] {
    return Fail(Cat({"a tuple of ", std::to_string(size), " elements is required"}));
  };
  while (reader_.NextElement()) {
    if (elements.size() == size) return wrong_size();
    const Type& element = type.elements()[elements.size()];
    trail_->PushIndex(elements.size());
    if (!Decode(element, &elements.emplace_back())) return false;
    trail_->Pop();
  }
  if (!reader_.ok()) return FailReader();
  if (elements.size() != size) return wrong_size();
  *value = Value::List(std::move(elements));
  return true;
}

bool Decoder::DecodeMap(const Type& type, Value* value) {
  if (reader_.Peek() != Kind::kObject) return FailRequired(type);
  if (!reader_.BeginObject()) return FailReader();
  Value::Entries entries;
  std::string key;
  while (reader_.NextMember(&key)) {
    Value element;
    trail_->PushKey(key);
    if (!Decode(type.element(), &element)) return false;
    trail_->Pop();
    entries.emplace_back(std::move(key), std::move(element));
  }
  if (!reader_.ok()) return FailReader();
  if (!UnifyElements(&entries, type.element())) return Fail("all elements must have the same type");
  *value = Value::Map(std::move(entries));
  return true;
}

bool Decoder::DecodeObject(const Type& type, Value* value) {
  if (reader_.Peek() != Kind::kObject) return FailRequired(type);
  if (!reader_.BeginObject()) return FailReader();
  const std::vector<Type::Attribute>& attributes = type.attributes();
  Value::Entries entries;
  entries.reserve(attributes.size());
  for (const Type::Attribute& attribute : attributes) entries.emplace_back(attribute.name, Value::Null());
  std::string key;
  while (reader_.NextMember(&key)) {
    const Type::Attribute* const attribute = type.FindAttribute(key);
    if (attribute == nullptr) return Fail(Cat({"there is no attribute \"", key, "\""}));
    trail_->PushAttribute(attribute->name);
    auto const index = static_cast<std::size_t>(attribute - attributes.data());
    if (!Decode(attribute->type, &entries[index].second)) return false;
    trail_->Pop();
  }
  if (!reader_.ok()) return FailReader();
  *value = Value::Map(std::move(entries));
  return true;
}

// Any JSON, by its own kinds.
bool ReadAny(JsonReader* reader, Value* value) {
  std::string text;
  std::string_view digits;
  bool flag = false;
  switch (reader->Peek()) {
    case Kind::kNull: *value = Value::Null(); return reader->ReadNull();
    case Kind::kBool:
      if (!reader->ReadBool(&flag)) return false;
      *value = Value::Bool(flag);
      return true;
    case Kind::kString:
      if (!reader->ReadString(&text)) return false;
      *value = Value::String(text);
      return true;
    case Kind::kNumber: {
      if (!reader->ReadNumber(&digits)) return false;
      absl::StatusOr<Number> number = Number::Parse(digits);
      if (!number.ok()) return reader->Fail(ToStd(number.status().message()));
      *value = Value::Num(*std::move(number));
      return true;
    }
    case Kind::kArray: {
      Value::Elements elements;
      reader->BeginArray();
      while (reader->NextElement()) ReadAny(reader, &elements.emplace_back());
      *value = Value::List(std::move(elements));
      return reader->ok();
    }
    case Kind::kObject: {
      Value::Entries entries;
      reader->BeginObject();
      while (reader->NextMember(&text)) ReadAny(reader, &entries.emplace_back(text, Value()).second);
      *value = Value::Map(std::move(entries));
      return reader->ok();
    }
    case Kind::kInvalid: break;
  }
  return reader->Fail("a value is expected");
}

}  // namespace

absl::StatusOr<Value> DecodeJson(std::string_view json, const Type& type) {
  Trail trail;
  Decoder decoder(json, 0, &trail);
  Value value;
  if (!decoder.Decode(type, &value)) return decoder.status();
  return value;
}

absl::StatusOr<Value> ParseJson(std::string_view json) {
  JsonReader reader(json);
  Value value;
  if (!ReadAny(&reader, &value) || !reader.ExpectEnd()) return reader.status();
  return value;
}

namespace {

// Of a value that was parsed without a type.
Type TypeOf(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kBool: return Type::Bool();
    case Value::Kind::kNumber: return Type::Number();
    case Value::Kind::kString: return Type::String();
    case Value::Kind::kList: {
      std::vector<Type> elements;
      for (const Value& element : value.elements()) elements.push_back(TypeOf(element));
      return Type::Tuple(std::move(elements));
    }
    case Value::Kind::kMap: {
      std::vector<Type::Attribute> attributes;
      for (const auto& [name, attribute] : value.entries()) attributes.push_back({name, TypeOf(attribute)});
      return Type::Object(std::move(attributes));
    }
    default: return Type::Dynamic();
  }
}

}  // namespace

absl::StatusOr<Value> ParseDynamicJson(std::string_view json) {
  ASSIGN_OR_RETURN(Value value, ParseJson(json));
  if (value.is_null()) return value;
  Type type = TypeOf(value);
  return Value::Dynamic(std::move(type), std::move(value));
}

}  // namespace fediversity::wire
