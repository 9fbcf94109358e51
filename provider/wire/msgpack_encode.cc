#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/wire/msgpack.h"
#include "provider/wire/msgpack_unknown.h"
#include "provider/wire/msgpack_writer.h"
#include "provider/wire/trail.h"
#include "provider/wire/unify.h"

namespace fediversity::wire {
namespace {

class Encoder {
 public:
  // False on error, which is then in status().
  bool Encode(const Value& value, const Type& type);
  absl::Status status() const { return status_; }
  std::string Take() { return writer_.Take(); }

 private:
  bool Fail(std::string_view what) {
    status_ = trail_.Error(what);
    return false;
  }
  // Whether `value` is of the kind that `type` asks for.
  bool Expect(const Value& value, Value::Kind kind, const Type& type) {
    return value.kind() == kind || Fail(Cat({"a ", type.FriendlyName(), " is required"}));
  }
  bool EncodeUnknown(const Value& value, const Type& type);
  bool EncodeDynamic(const Value& value);
  bool EncodeElements(const Value& value, const Type& type);
  bool EncodeMap(const Value& value, const Type& type);
  bool EncodeObject(const Value& value, const Type& type);
  bool CheckElementTypes(const Value& value, const Type& type);

  MsgpackWriter writer_;
  Trail trail_;
  absl::Status status_;
};

bool Encoder::Encode(const Value& value, const Type& type) {
  if (value.is_null()) {
    writer_.Nil();
    return true;
  }
  if (value.is_unknown()) return EncodeUnknown(value, type);
  switch (type.kind()) {
    case Type::Kind::kString:
      if (!Expect(value, Value::Kind::kString, type)) return false;
      writer_.String(value.string());
      return true;
    case Type::Kind::kNumber:
      if (!Expect(value, Value::Kind::kNumber, type)) return false;
      writer_.DecimalNumber(value.number());
      return true;
    case Type::Kind::kBool:
      if (!Expect(value, Value::Kind::kBool, type)) return false;
      writer_.Bool(value.bool_value());
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

bool Encoder::EncodeUnknown(const Value& value, const Type& type) {
  absl::Status const written = WriteUnknown(value.refinement(), type, &writer_);
  return written.ok() || Fail(ToStd(written.message()));
}

bool Encoder::EncodeDynamic(const Value& value) {
  writer_.ArrayHeader(2);
  writer_.Binary(value.dynamic_type().ToJson());
  return Encode(value.dynamic_value(), value.dynamic_type());
}

bool Encoder::CheckElementTypes(const Value& value, const Type& type) {
  return !type.element().has_dynamic() || ElementTypesAgree(value, type.element()) ||
         Fail("all elements must have the same type");
}

bool Encoder::EncodeElements(const Value& value, const Type& type) {
  const Value::Elements& elements = value.elements();
  bool const tuple = type.kind() == Type::Kind::kTuple;
  if (tuple && elements.size() != type.elements().size()) {
    return Fail(Cat({"a tuple of ", std::to_string(type.elements().size()), " elements is required, not of ",
                     std::to_string(elements.size())}));
  }
  writer_.ArrayHeader(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    type.kind() == Type::Kind::kSet ? trail_.PushSetElement() : trail_.PushIndex(i);
    if (!Encode(elements[i], tuple ? type.elements()[i] : type.element())) return false;
    trail_.Pop();
  }
  return tuple || CheckElementTypes(value, type);
}

bool Encoder::EncodeMap(const Value& value, const Type& type) {
  writer_.MapHeader(value.entries().size());
  for (const auto& [key, element] : value.entries()) {
    trail_.PushKey(key);
    writer_.String(key);
    if (!Encode(element, type.element())) return false;
    trail_.Pop();
  }
  return CheckElementTypes(value, type);
}

bool Encoder::EncodeObject(const Value& value, const Type& type) {
  const std::vector<Type::Attribute>& attributes = type.attributes();
  const Value::Entries& entries = value.entries();
  writer_.MapHeader(attributes.size());
  // Both are sorted by name.
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (i == entries.size() || entries[i].first != attributes[i].name) {
      if (i < entries.size() && type.FindAttribute(entries[i].first) == nullptr) {
        return Fail(Cat({"there is no attribute \"", entries[i].first, "\""}));
      }
      return Fail(Cat({"attribute \"", attributes[i].name, "\" is missing"}));
    }
    trail_.PushAttribute(attributes[i].name);
    writer_.String(attributes[i].name);
    if (!Encode(entries[i].second, attributes[i].type)) return false;
    trail_.Pop();
  }
  if (entries.size() > attributes.size()) {
    return Fail(Cat({"there is no attribute \"", entries[attributes.size()].first, "\""}));
  }
  return true;
}

}  // namespace

absl::StatusOr<std::string> EncodeMsgpack(const Value& value, const Type& type) {
  Encoder encoder;
  if (!encoder.Encode(value, type)) return encoder.status();
  return encoder.Take();
}

}  // namespace fediversity::wire
