#ifndef FEDIVERSITY_PROVIDER_WIRE_VALUE_H_
#define FEDIVERSITY_PROVIDER_WIRE_VALUE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "provider/wire/number.h"
#include "provider/wire/type.h"

namespace fediversity::wire {

// What is known of an unknown value. The host holds the later, known value to it.
struct Refinement {
  struct Bound {
    Number value;
    bool inclusive = true;
    friend bool operator==(const Bound&, const Bound&) = default;
  };

  bool not_null = false;
  std::string prefix;                                  // strings
  std::optional<Bound> min, max;                       // numbers
  std::optional<std::int64_t> min_length, max_length;  // collections

  bool empty() const { return *this == Refinement{}; }
  friend bool operator==(const Refinement&, const Refinement&) = default;
};

// A tree of values as the host sends them: each null, unknown or known. It does not carry its type (the
// schema does), except below a dynamic, and except that a set is told from a list, since its order means nothing.
//
// A value type. Strings are in Unicode normal form C from the moment they are made.
class Value {
 public:
  enum class Kind : std::uint8_t { kNull, kUnknown, kBool, kNumber, kString, kList, kSet, kMap, kDynamic };

  using Elements = std::vector<Value>;
  using Entry = std::pair<std::string, Value>;
  using Entries = std::vector<Entry>;

  Value() = default;  // null
  static Value Null() { return {}; }
  static Value Unknown(Refinement refinement = {});
  static Value Bool(bool flag);
  static Value Num(Number number);
  static Value Int(std::int64_t number);
  // Bytes that are not UTF-8 are replaced (text.h, ValidUtf8); the rest is normalised to NFC.
  static Value String(std::string_view text);
  // A list or a tuple.
  static Value List(Elements elements);
  // Sorted into a canonical order, wholly known duplicates dropped.
  static Value Set(Elements elements);
  // A map or an object; sorted by key. Of a repeated key the last one stays.
  static Value Map(Entries entries);
  // A known or unknown value together with its type, where the schema says `dynamic`. A dynamic that is null
  // or unknown without a type is plain Null() or Unknown().
  static Value Dynamic(Type type, Value inner);

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_unknown() const { return kind() == Kind::kUnknown; }
  bool is_known() const { return !is_unknown(); }
  // Whether nothing in it, at any depth, is unknown.
  bool is_wholly_known() const;

  // The accessors below are for the kind they name; calling one on another kind is a defect.
  const Refinement& refinement() const;
  bool bool_value() const;
  const Number& number() const;
  const std::string& string() const;
  const Elements& elements() const;  // kList and kSet
  const Entries& entries() const;    // kMap
  const Type& dynamic_type() const;
  const Value& dynamic_value() const;

  // The entry called `key` of a kMap; null where it has none or this is no map.
  const Value* Find(std::string_view key) const;
  // Mutable access for building trees in place. Set() puts `value` under `key` of a kMap.
  Value* FindMutable(std::string_view key);
  void Set(std::string_view key, Value value);
  Elements& mutable_elements();  // kList only: a set has to be made anew

  // Structural equality; two unknowns are equal when their refinements are.
  friend bool operator==(const Value& a, const Value& b);
  // A total order for sorting, without meaning beyond that. Negative, zero or positive.
  static int Compare(const Value& a, const Value& b);

 private:
  struct SetElements {
    Elements elements;
  };
  struct DynamicNode {
    Type type;
    std::shared_ptr<const Value> value;
  };
  using UnknownNode = std::shared_ptr<const Refinement>;  // null: nothing is known

  std::variant<std::monostate, UnknownNode, bool, Number, std::string, Elements, SetElements, Entries,
               DynamicNode>
      data_;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_VALUE_H_
