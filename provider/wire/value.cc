#include "provider/wire/value.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <iterator>
#include <utility>

#include "provider/wire/nfc.h"

namespace fediversity::wire {
namespace {

bool KeyLess(const Value::Entry& a, const Value::Entry& b) { return a.first < b.first; }

int Sign(std::strong_ordering order) { return std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0; }

int CompareOptional(const std::optional<std::int64_t>& a, const std::optional<std::int64_t>& b) {
  return Sign(a <=> b);
}

int CompareBounds(const std::optional<Refinement::Bound>& a, const std::optional<Refinement::Bound>& b) {
  if (!a.has_value() || !b.has_value()) return Sign(a.has_value() <=> b.has_value());
  if (int const order = Sign(a->value <=> b->value); order != 0) return order;
  return Sign(a->inclusive <=> b->inclusive);
}

int CompareRefinements(const Refinement& a, const Refinement& b) {
  if (int const order = Sign(a.not_null <=> b.not_null); order != 0) return order;
  if (int const order = a.prefix.compare(b.prefix); order != 0) return order;
  if (int const order = CompareBounds(a.min, b.min); order != 0) return order;
  if (int const order = CompareBounds(a.max, b.max); order != 0) return order;
  if (int const order = CompareOptional(a.min_length, b.min_length); order != 0) return order;
  return CompareOptional(a.max_length, b.max_length);
}

// Known values by kind, then unknown ones, then null: the order of a set in go-cty.
int Rank(Value::Kind kind) {
  if (kind == Value::Kind::kNull) return 100;
  if (kind == Value::Kind::kUnknown) return 99;
  return static_cast<int>(kind);
}

template <typename Items, typename CompareItem>
int CompareSequences(const Items& a, const Items& b, CompareItem compare_item) {
  std::size_t const common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (int const order = compare_item(a[i], b[i]); order != 0) return order;
  }
  return Sign(a.size() <=> b.size());
}

int CompareEntries(const Value::Entry& a, const Value::Entry& b) {
  if (int const order = a.first.compare(b.first); order != 0) return order;
  return Value::Compare(a.second, b.second);
}

}  // namespace

Value Value::Unknown(Refinement refinement) {
  Value value;
  value.data_.emplace<UnknownNode>(
      refinement.empty() ? nullptr : std::make_shared<const Refinement>(std::move(refinement)));
  return value;
}

Value Value::Bool(bool flag) {
  Value value;
  value.data_.emplace<bool>(flag);
  return value;
}

Value Value::Num(Number number) {
  Value value;
  value.data_.emplace<Number>(std::move(number));
  return value;
}

Value Value::Int(std::int64_t number) { return Num(Number(number)); }

Value Value::String(std::string_view text) {
  Value value;
  if (IsAscii(text)) {
    value.data_.emplace<std::string>(text);
  } else {
    value.data_.emplace<std::string>(Nfc(text));
  }
  return value;
}

Value Value::List(Elements elements) {
  Value value;
  value.data_.emplace<Elements>(std::move(elements));
  return value;
}

Value Value::Set(Elements elements) {
  auto less = [](const Value& a, const Value& b) { return Compare(a, b) < 0; };
  if (!std::is_sorted(elements.begin(), elements.end(), less)) {
    std::sort(elements.begin(), elements.end(), less);
  }
  // Two values that are not wholly known may yet turn out to differ.
  auto const end = std::unique(elements.begin(), elements.end(),
                               [](const Value& a, const Value& b) { return a == b && a.is_wholly_known(); });
  elements.erase(end, elements.end());
  Value value;
  value.data_.emplace<SetElements>(SetElements{std::move(elements)});
  return value;
}

Value Value::Map(Entries entries) {
  for (Entry& entry : entries) {
    if (!IsAscii(entry.first)) entry.first = Nfc(entry.first);
  }
  auto const unordered = std::adjacent_find(
      entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.first >= b.first; });
  if (unordered != entries.end()) {
    std::stable_sort(entries.begin(), entries.end(), KeyLess);
    // Keep the last of equal keys: look from behind, where it comes first.
    auto const kept = std::unique(entries.rbegin(), entries.rend(),
                                  [](const Entry& a, const Entry& b) { return a.first == b.first; });
    entries.erase(entries.begin(), kept.base());
  }
  Value value;
  value.data_.emplace<Entries>(std::move(entries));
  return value;
}

Value Value::Dynamic(Type type, Value inner) {
  if (type.kind() == Type::Kind::kDynamic || inner.kind() == Kind::kDynamic) return inner;
  Value value;
  value.data_.emplace<DynamicNode>(
      DynamicNode{std::move(type), std::make_shared<const Value>(std::move(inner))});
  return value;
}

bool Value::is_wholly_known() const {
  switch (kind()) {
    case Kind::kUnknown: return false;
    case Kind::kList:
    case Kind::kSet:
      return std::all_of(elements().begin(), elements().end(),
                         [](const Value& element) { return element.is_wholly_known(); });
    case Kind::kMap:
      return std::all_of(entries().begin(), entries().end(),
                         [](const Entry& entry) { return entry.second.is_wholly_known(); });
    case Kind::kDynamic: return dynamic_value().is_wholly_known();
    default: return true;
  }
}

const Refinement& Value::refinement() const {
  static const Refinement kNothing;
  const UnknownNode& node = std::get<UnknownNode>(data_);
  return node == nullptr ? kNothing : *node;
}

bool Value::bool_value() const { return std::get<bool>(data_); }
const Number& Value::number() const { return std::get<Number>(data_); }
const std::string& Value::string() const { return std::get<std::string>(data_); }

const Value::Elements& Value::elements() const {
  if (const SetElements* const set = std::get_if<SetElements>(&data_)) return set->elements;
  return std::get<Elements>(data_);
}

const Value::Entries& Value::entries() const { return std::get<Entries>(data_); }
const Type& Value::dynamic_type() const { return std::get<DynamicNode>(data_).type; }
const Value& Value::dynamic_value() const { return *std::get<DynamicNode>(data_).value; }

const Value* Value::Find(std::string_view key) const {
  const Entries* const all = std::get_if<Entries>(&data_);
  if (all == nullptr) return nullptr;
  auto const found = std::lower_bound(all->begin(), all->end(), key,
                                      [](const Entry& entry, std::string_view k) { return entry.first < k; });
  return found != all->end() && found->first == key ? &found->second : nullptr;
}

Value* Value::FindMutable(std::string_view key) { return const_cast<Value*>(Find(key)); }

void Value::Set(std::string_view key, Value value) {
  if (Value* const present = FindMutable(key)) {
    *present = std::move(value);
    return;
  }
  Entries& all = std::get<Entries>(data_);
  Entry entry(Nfc(key), std::move(value));
  auto const place = std::lower_bound(all.begin(), all.end(), entry, KeyLess);
  if (place != all.end() && place->first == entry.first) {
    place->second = std::move(entry.second);
  } else {
    all.insert(place, std::move(entry));
  }
}

Value::Elements& Value::mutable_elements() { return std::get<Elements>(data_); }

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::kNull: return true;
    case Value::Kind::kUnknown: return a.refinement() == b.refinement();
    case Value::Kind::kBool: return a.bool_value() == b.bool_value();
    case Value::Kind::kNumber: return a.number() == b.number();
    case Value::Kind::kString: return a.string() == b.string();
    case Value::Kind::kList:
    case Value::Kind::kSet: return a.elements() == b.elements();
    case Value::Kind::kMap: return a.entries() == b.entries();
    case Value::Kind::kDynamic:
      return a.dynamic_type() == b.dynamic_type() && a.dynamic_value() == b.dynamic_value();
  }
  return false;
}

int Value::Compare(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return Rank(a.kind()) < Rank(b.kind()) ? -1 : 1;
  switch (a.kind()) {
    case Kind::kNull: return 0;
    case Kind::kUnknown: return CompareRefinements(a.refinement(), b.refinement());
    case Kind::kBool: return Sign(a.bool_value() <=> b.bool_value());
    case Kind::kNumber: return Sign(a.number() <=> b.number());
    case Kind::kString: return a.string().compare(b.string());
    case Kind::kList:
    case Kind::kSet: return CompareSequences(a.elements(), b.elements(), &Value::Compare);
    case Kind::kMap: return CompareSequences(a.entries(), b.entries(), &CompareEntries);
    case Kind::kDynamic: {
      if (int const order = Compare(a.dynamic_value(), b.dynamic_value()); order != 0) return order;
      if (a.dynamic_type() == b.dynamic_type()) return 0;
      return a.dynamic_type().ToJson().compare(b.dynamic_type().ToJson());
    }
  }
  return 0;
}

}  // namespace fediversity::wire
