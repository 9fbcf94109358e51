#include "provider/wire/type.h"

#include <algorithm>
#include <utility>

#include "provider/base/text.h"
#include "provider/wire/nfc.h"

namespace fediversity::wire {

struct Type::Node {
  std::vector<Type> elements;  // one for a list, set or map
  std::vector<Attribute> attributes;
  bool has_dynamic = false;
};

namespace {

bool AnyDynamic(const std::vector<Type>& types) {
  return std::any_of(types.begin(), types.end(), [](const Type& type) { return type.has_dynamic(); });
}

}  // namespace

Type Type::String() { return Type(Kind::kString); }
Type Type::Number() { return Type(Kind::kNumber); }
Type Type::Bool() { return Type(Kind::kBool); }
Type Type::Dynamic() { return Type(Kind::kDynamic); }

Type Type::List(Type element) { return Type(Kind::kList, std::vector<Type>{std::move(element)}); }
Type Type::Set(Type element) { return Type(Kind::kSet, std::vector<Type>{std::move(element)}); }
Type Type::Map(Type element) { return Type(Kind::kMap, std::vector<Type>{std::move(element)}); }
Type Type::Tuple(std::vector<Type> elements) { return Type(Kind::kTuple, std::move(elements)); }

Type::Type(Kind kind, std::vector<Type> elements) : kind_(kind) {
  Node node;
  node.has_dynamic = AnyDynamic(elements);
  node.elements = std::move(elements);
  node_ = std::make_shared<const Node>(std::move(node));
}

Type Type::Object(std::vector<Attribute> attributes) {
  for (Attribute& attribute : attributes) {
    if (!IsAscii(attribute.name)) attribute.name = Nfc(attribute.name);
  }
  auto by_name = [](const Attribute& a, const Attribute& b) { return a.name < b.name; };
  if (!std::is_sorted(attributes.begin(), attributes.end(), by_name)) {
    std::stable_sort(attributes.begin(), attributes.end(), by_name);
  }
  Node node;
  node.has_dynamic = std::any_of(attributes.begin(), attributes.end(),
                                 [](const Attribute& a) { return a.type.has_dynamic(); });
  node.attributes = std::move(attributes);
  return Type(Kind::kObject, std::make_shared<const Node>(std::move(node)));
}

const Type& Type::element() const { return node_->elements.at(0); }

const std::vector<Type::Attribute>& Type::attributes() const {
  static const std::vector<Attribute> kNone;
  return node_ == nullptr ? kNone : node_->attributes;
}

const Type::Attribute* Type::FindAttribute(std::string_view name) const {
  const std::vector<Attribute>& all = attributes();
  auto const found = std::lower_bound(all.begin(), all.end(), name,
                                      [](const Attribute& a, std::string_view n) { return a.name < n; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

const std::vector<Type>& Type::elements() const {
  static const std::vector<Type> kNone;
  return kind_ == Kind::kTuple ? node_->elements : kNone;
}

bool Type::has_dynamic() const { return kind_ == Kind::kDynamic || (node_ != nullptr && node_->has_dynamic); }

std::string Type::FriendlyName() const {
  switch (kind_) {
    case Kind::kString: return "string";
    case Kind::kNumber: return "number";
    case Kind::kBool: return "bool";
    case Kind::kDynamic: return "dynamic";
    case Kind::kList: return Cat({"list of ", element().FriendlyName()});
    case Kind::kSet: return Cat({"set of ", element().FriendlyName()});
    case Kind::kMap: return Cat({"map of ", element().FriendlyName()});
    case Kind::kObject: return "object";
    case Kind::kTuple: return "tuple";
  }
  return "";
}

bool operator==(const Type& a, const Type& b) {
  if (a.kind_ != b.kind_) return false;
  if (a.node_ == b.node_) return true;
  return a.node_->elements == b.node_->elements && a.node_->attributes == b.node_->attributes;
}

}  // namespace fediversity::wire
