#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/base/text.h"
#include "provider/wire/msgpack.h"
#include "provider/wire/msgpack_reader.h"
#include "provider/wire/msgpack_unknown.h"
#include "provider/wire/trail.h"
#include "provider/wire/unify.h"

namespace fediversity::wire {
namespace {

constexpr std::size_t kMaxDepth = 256;
// An array says how long it is before the first element; more memory than this is only taken as they arrive.
constexpr std::size_t kLargestReserve = 1024;

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : reader_(bytes) {}

  // False on error, which is then in status().
  bool Decode(const Type& type, Value* value);
  absl::Status status() const { return status_; }

 private:
  bool Fail(std::string_view what) {
    status_ = trail_.Error(what);
    return false;
  }
  bool FailRequired(const Type& type) { return Fail(Cat({"a ", type.FriendlyName(), " is required"})); }
  bool DecodeKnown(const Type& type, Value* value);
  bool DecodeDynamic(Value* value);
  bool DecodeElements(const Type& type, Value* value);
  bool DecodeTuple(const Type& type, Value* value);
  bool DecodeMap(const Type& type, Value* value);
  bool DecodeObject(const Type& type, Value* value);

  MsgpackReader reader_;
  Trail trail_;
  std::size_t depth_ = 0;
  absl::Status status_;
};

bool Decoder::Decode(const Type& type, Value* value) {
  if (reader_.at_end()) return Fail("the message ends too early");
  if (reader_.PeekNil()) {
    reader_.SkipByte();
    *value = Value::Null();
    return true;
  }
  if (reader_.PeekExtension()) {
    absl::StatusOr<Value> unknown = ReadUnknown(&reader_, type);
    if (!unknown.ok()) return Fail(ToStd(unknown.status().message()));
    *value = *std::move(unknown);
    return true;
  }
  if (depth_ == kMaxDepth) return Fail("it is nested too deeply");
  ++depth_;
  bool const decoded = DecodeKnown(type, value);
  --depth_;
  return decoded;
}

bool Decoder::DecodeKnown(const Type& type, Value* value) {
  switch (type.kind()) {
    case Type::Kind::kString: {
      std::optional<std::string_view> const text = reader_.ReadString();
      if (!text.has_value()) return FailRequired(type);
      *value = Value::String(*text);
      return true;
    }
    case Type::Kind::kNumber: {
      std::optional<Number> number = reader_.ReadNumber();
      if (!number.has_value()) return FailRequired(type);
      *value = Value::Num(*std::move(number));
      return true;
    }
    case Type::Kind::kBool: {
      std::optional<bool> const flag = reader_.ReadBool();
      if (!flag.has_value()) return FailRequired(type);
      *value = Value::Bool(*flag);
      return true;
    }
    case Type::Kind::kDynamic: return DecodeDynamic(value);
    case Type::Kind::kList:
    case Type::Kind::kSet: return DecodeElements(type, value);
    case Type::Kind::kTuple: return DecodeTuple(type, value);
    case Type::Kind::kMap: return DecodeMap(type, value);
    case Type::Kind::kObject: return DecodeObject(type, value);
  }
  return Fail("no such type");
}

bool Decoder::DecodeDynamic(Value* value) {
  std::optional<std::size_t> const count = reader_.ReadArrayHeader();
  if (!count.has_value() || *count != 2) return Fail("a dynamic value is an array of its type and itself");
  std::optional<std::string_view> const json = reader_.ReadString();
  if (!json.has_value()) return Fail("the type of a dynamic value is missing");
  absl::StatusOr<Type> type = Type::FromJson(*json);
  if (!type.ok()) return Fail(ToStd(type.status().message()));
  Value inner;
  if (!Decode(*type, &inner)) return false;
  *value = MakeDynamic(*std::move(type), std::move(inner));
  return true;
}

bool Decoder::DecodeElements(const Type& type, Value* value) {
  std::optional<std::size_t> const count = reader_.ReadArrayHeader();
  if (!count.has_value()) return FailRequired(type);
  bool const is_set = type.kind() == Type::Kind::kSet;
  Value::Elements elements;
  elements.reserve(std::min({*count, reader_.remaining(), kLargestReserve}));
  for (std::size_t i = 0; i < *count; ++i) {
    is_set ? trail_.PushSetElement() : trail_.PushIndex(i);
    if (!Decode(type.element(), &elements.emplace_back())) return false;
    trail_.Pop();
  }
  if (!UnifyElements(&elements, type.element())) return Fail("all elements must have the same type");
  *value = is_set ? Value::Set(std::move(elements)) : Value::List(std::move(elements));
  return true;
}

bool Decoder::DecodeTuple(const Type& type, Value* value) {
  std::optional<std::size_t> const count = reader_.ReadArrayHeader();
  if (!count.has_value() || *count != type.elements().size()) {
    return Fail(Cat({"a tuple of ", std::to_string(type.elements().size()), " elements is required"}));
  }
  Value::Elements elements(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    trail_.PushIndex(i);
    if (!Decode(type.elements()[i], &elements[i])) return false;
    trail_.Pop();
  }
  *value = Value::List(std::move(elements));
  return true;
}

bool Decoder::DecodeMap(const Type& type, Value* value) {
  std::optional<std::size_t> const count = reader_.ReadMapHeader();
  if (!count.has_value()) return FailRequired(type);
  Value::Entries entries;
  entries.reserve(std::min({*count, reader_.remaining(), kLargestReserve}));
  for (std::size_t i = 0; i < *count; ++i) {
    std::optional<std::string_view> const key = reader_.ReadString();
    if (!key.has_value()) return Fail("a key is not a string");
    trail_.PushKey(*key);
    Value::Entry& entry = entries.emplace_back(std::string(*key), Value());
    if (!Decode(type.element(), &entry.second)) return false;
    trail_.Pop();
  }
  if (!UnifyElements(&entries, type.element())) return Fail("all elements must have the same type");
  *value = Value::Map(std::move(entries));
  return true;
}

bool Decoder::DecodeObject(const Type& type, Value* value) {
  std::optional<std::size_t> const count = reader_.ReadMapHeader();
  const std::vector<Type::Attribute>& attributes = type.attributes();
  if (!count.has_value() || *count != attributes.size()) {
    return Fail(Cat({"an object with ", std::to_string(attributes.size()), " attributes is required",
                     count.has_value() ? Cat({", not with ", std::to_string(*count)}) : std::string()}));
  }
  Value::Entries entries;
  entries.reserve(attributes.size());
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    std::optional<std::string_view> const key = reader_.ReadString();
    if (!key.has_value()) return Fail("the name of an attribute is not a string");
    // The host sends them sorted, as the type has them.
    const Type::Attribute* const attribute =
        attributes[i].name == *key ? &attributes[i] : type.FindAttribute(*key);
    if (attribute == nullptr) return Fail(Cat({"there is no attribute \"", ValidUtf8(*key), "\""}));
    trail_.PushAttribute(attribute->name);
    Value::Entry& entry = entries.emplace_back(attribute->name, Value());
    if (!Decode(attribute->type, &entry.second)) return false;
    trail_.Pop();
  }
  *value = Value::Map(std::move(entries));
  if (value->entries().size() != attributes.size()) return Fail("an attribute occurs twice");
  return true;
}

}  // namespace

absl::StatusOr<Value> DecodeMsgpack(std::string_view bytes, const Type& type) {
  Decoder decoder(bytes);
  Value value;
  if (!decoder.Decode(type, &value)) return decoder.status();
  return value;
}

}  // namespace fediversity::wire
