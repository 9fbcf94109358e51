#ifndef FEDIVERSITY_PROVIDER_SCHEMA_MODEL_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_MODEL_H_

// What the structs that resources work with are made of:
//
//   struct Bucket {
//     Value<std::string> name;
//     Value<Set<std::string>> aliases;
//     Value<Map<Disk>> disks;       // Disk is another such struct
//     Value<Dynamic> manifest;
//   };

#include <cassert>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "provider/wire/value.h"

namespace fediversity::schema {

namespace internal {
struct AnyField;  // counts the members of a struct; see describe.h
}

// Null, unknown (its value comes later in the run) or known. Reading one that is not known is a defect.
template <typename T>
class Value {
 public:
  using value_type = T;

  Value() = default;  // null
  template <typename U>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, Value> &&
             !std::same_as<std::remove_cvref_t<U>, internal::AnyField>)
  Value(U&& value) : known_(std::forward<U>(value)) {}  // NOLINT: a known value is a Value

  static Value Null() { return {}; }
  static Value Unknown() {
    Value value;
    value.unknown_ = true;
    return value;
  }

  bool is_null() const { return !unknown_ && !known_.has_value(); }
  bool is_unknown() const { return unknown_; }
  bool has_value() const { return known_.has_value(); }

  const T& operator*() const {
    assert(has_value());
    return *known_;
  }
  T& operator*() {
    assert(has_value());
    return *known_;
  }
  const T* operator->() const { return &**this; }
  T* operator->() { return &**this; }
  // The value, or `otherwise` where it is null or unknown.
  T value_or(T otherwise) const { return known_.value_or(std::move(otherwise)); }

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::optional<T> known_;
  bool unknown_ = false;
};

// Elements may be unknown even where the collection is known.
template <typename T>
using List = std::vector<Value<T>>;

template <typename T>
using Map = std::map<std::string, Value<T>, std::less<>>;

// Its order means nothing.
template <typename T>
struct Set {
  std::vector<Value<T>> items;
  friend bool operator==(const Set&, const Set&) = default;
};

// A value of any type, known only to the user.
struct Dynamic {
  wire::Value value;
  friend bool operator==(const Dynamic&, const Dynamic&) = default;
};

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_MODEL_H_
