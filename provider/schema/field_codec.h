#ifndef FEDIVERSITY_PROVIDER_SCHEMA_FIELD_CODEC_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_FIELD_CODEC_H_

// How each C++ type of a model's member is written as a wire value, and of which wire type it is. A nested
// struct needs its rows, which describe.h hands in.

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "provider/schema/model.h"
#include "provider/schema/table.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"

namespace fediversity::schema::internal {

struct Rows;  // the rows of a nested struct, type-erased; defined in describe.h
void DecodeStruct(const Rows& rows, const wire::Value& object, void* model);
wire::Value EncodeStruct(const Rows& rows, const void* model);

template <typename T>
struct Codec {  // a nested struct
  static constexpr Nesting kNesting = Nesting::kSingle;
  using Struct = T;
  static wire::Type Type() { return wire::Type::Dynamic(); }  // replaced by the nested table's
  static T Decode(const wire::Value& value, const Rows* rows) {
    T model;
    DecodeStruct(*rows, value, &model);
    return model;
  }
  static wire::Value Encode(const T& model, const Rows* rows) { return EncodeStruct(*rows, &model); }
};

struct LeafCodec {
  static constexpr Nesting kNesting = Nesting::kNone;
  using Struct = void;
};

template <>
struct Codec<std::string> : LeafCodec {
  static wire::Type Type() { return wire::Type::String(); }
  static std::string Decode(const wire::Value& value, const Rows*) { return value.string(); }
  static wire::Value Encode(const std::string& text, const Rows*) { return wire::Value::String(text); }
};

template <>
struct Codec<bool> : LeafCodec {
  static wire::Type Type() { return wire::Type::Bool(); }
  static bool Decode(const wire::Value& value, const Rows*) { return value.bool_value(); }
  static wire::Value Encode(bool value, const Rows*) { return wire::Value::Bool(value); }
};

// Whole numbers. What is no 64-bit integer is refused by a rule that describe.h adds to such rows, so decoding
// one here can only mean a value nobody validated; it is read as zero.
template <>
struct Codec<std::int64_t> : LeafCodec {
  static wire::Type Type() { return wire::Type::Number(); }
  static std::int64_t Decode(const wire::Value& value, const Rows*) {
    return value.number().ToInt64().value_or(0);
  }
  static wire::Value Encode(std::int64_t value, const Rows*) { return wire::Value::Int(value); }
};

template <>
struct Codec<wire::Number> : LeafCodec {
  static wire::Type Type() { return wire::Type::Number(); }
  static wire::Number Decode(const wire::Value& value, const Rows*) { return value.number(); }
  static wire::Value Encode(const wire::Number& value, const Rows*) { return wire::Value::Num(value); }
};

template <>
struct Codec<Dynamic> : LeafCodec {
  static wire::Type Type() { return wire::Type::Dynamic(); }
  static Dynamic Decode(const wire::Value& value, const Rows*) { return {value}; }
  static wire::Value Encode(const Dynamic& dynamic, const Rows*) { return dynamic.value; }
};

template <typename T>
Value<T> DecodeField(const wire::Value& value, const Rows* rows) {
  if (value.is_null()) return {};
  if (value.is_unknown()) return Value<T>::Unknown();
  return Codec<T>::Decode(value, rows);
}

template <typename T>
wire::Value EncodeField(const Value<T>& field, const Rows* rows) {
  if (field.is_unknown()) return wire::Value::Unknown();
  if (field.is_null()) return wire::Value::Null();
  return Codec<T>::Encode(*field, rows);
}

// The nesting of a collection: that of its elements, if they are structs, lifted to the collection's.
template <typename T>
constexpr Nesting Lifted(Nesting collection) {
  return Codec<T>::kNesting == Nesting::kNone ? Nesting::kNone : collection;
}

template <typename T>
struct Codec<std::vector<Value<T>>> {
  static constexpr Nesting kNesting = Lifted<T>(Nesting::kList);
  using Struct = typename Codec<T>::Struct;
  static wire::Type Type() { return wire::Type::List(Codec<T>::Type()); }
  static List<T> Decode(const wire::Value& value, const Rows* rows) {
    List<T> list;
    list.reserve(value.elements().size());
    for (const wire::Value& element : value.elements()) list.push_back(DecodeField<T>(element, rows));
    return list;
  }
  static wire::Value Encode(const List<T>& list, const Rows* rows) {
    wire::Value::Elements elements;
    elements.reserve(list.size());
    for (const Value<T>& element : list) elements.push_back(EncodeField(element, rows));
    return wire::Value::List(std::move(elements));
  }
};

template <typename T>
struct Codec<Set<T>> {
  static constexpr Nesting kNesting = Lifted<T>(Nesting::kSet);
  using Struct = typename Codec<T>::Struct;
  static wire::Type Type() { return wire::Type::Set(Codec<T>::Type()); }
  static Set<T> Decode(const wire::Value& value, const Rows* rows) {
    return {Codec<List<T>>::Decode(value, rows)};
  }
  static wire::Value Encode(const Set<T>& set, const Rows* rows) {
    wire::Value::Elements elements;
    elements.reserve(set.items.size());
    for (const Value<T>& element : set.items) elements.push_back(EncodeField(element, rows));
    return wire::Value::Set(std::move(elements));
  }
};

template <typename T>
struct Codec<std::map<std::string, Value<T>, std::less<>>> {
  static constexpr Nesting kNesting = Lifted<T>(Nesting::kMap);
  using Struct = typename Codec<T>::Struct;
  static wire::Type Type() { return wire::Type::Map(Codec<T>::Type()); }
  static Map<T> Decode(const wire::Value& value, const Rows* rows) {
    Map<T> map;
    for (const auto& [key, element] : value.entries()) map.emplace(key, DecodeField<T>(element, rows));
    return map;
  }
  static wire::Value Encode(const Map<T>& map, const Rows* rows) {
    wire::Value::Entries entries;
    entries.reserve(map.size());
    for (const auto& [key, element] : map) entries.emplace_back(key, EncodeField(element, rows));
    return wire::Value::Map(std::move(entries));
  }
};

}  // namespace fediversity::schema::internal

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_FIELD_CODEC_H_
