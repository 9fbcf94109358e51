#ifndef FEDIVERSITY_PROVIDER_WIRE_TYPE_H_
#define FEDIVERSITY_PROVIDER_WIRE_TYPE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace fediversity::wire {

// A type of the host's type system (go-cty). A value type: copies share one immutable node, so copying is
// cheap and safe between threads.
class Type {
 public:
  enum class Kind : std::uint8_t { kString, kNumber, kBool, kDynamic, kList, kSet, kMap, kObject, kTuple };

  struct Attribute;

  static Type String();
  static Type Number();
  static Type Bool();
  // "Any type": the value carries its own type.
  static Type Dynamic();
  static Type List(Type element);
  static Type Set(Type element);
  static Type Map(Type element);
  // Attributes may be given in any order; names must be unique.
  static Type Object(std::vector<Attribute> attributes);
  static Type Tuple(std::vector<Type> elements);

  // The JSON that the protocol uses: "string", ["list","string"], ["object",{"a":"bool"}], ...
  // Answers InvalidArgument for anything else, for a repeated attribute name and for hostile nesting.
  static absl::StatusOr<Type> FromJson(std::string_view json);
  std::string ToJson() const;

  Kind kind() const { return kind_; }
  bool is_primitive() const { return kind_ <= Kind::kBool; }
  bool is_collection() const { return kind_ >= Kind::kList && kind_ <= Kind::kMap; }
  // Element type of a list, set or map. Calling it on any other kind is a defect.
  const Type& element() const;
  // Attributes of an object, sorted by name. Empty for any other kind.
  const std::vector<Attribute>& attributes() const;
  // The attribute called `name`; null where the object has none.
  const Attribute* FindAttribute(std::string_view name) const;
  // Element types of a tuple. Empty for any other kind.
  const std::vector<Type>& elements() const;
  // Whether `dynamic` occurs in it at any depth.
  bool has_dynamic() const;

  // What to call it in a message for people: "string", "list of string", "object".
  std::string FriendlyName() const;

  friend bool operator==(const Type& a, const Type& b);

 private:
  struct Node;
  explicit Type(Kind kind, std::shared_ptr<const Node> node = nullptr)
      : kind_(kind),
        node_(std::move(node)) {}
  Type(Kind kind, std::vector<Type> elements);

  Kind kind_;
  std::shared_ptr<const Node> node_;
};

struct Type::Attribute {
  std::string name;
  Type type;
  // Only in type constraints of functions; plays no part in encoding.
  bool optional = false;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_TYPE_H_
