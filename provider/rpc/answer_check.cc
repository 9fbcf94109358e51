#include "provider/rpc/answer_check.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "provider/base/text.h"
#include "provider/schema/diagnostics.h"
#include "provider/wire/msgpack.h"
#include "provider/wire/path.h"

namespace fediversity::rpc {
namespace {

using wire::Path;
using wire::Type;
using wire::Value;

struct Fault {
  Path path;
  std::string what;
};

// The way to a value, kept on the stack: it becomes a Path only where something is wrong.
class Here {
 public:
  Here() = default;
  Here Attribute(std::string_view name) const { return {this, Kind::kAttribute, name, 0, nullptr}; }
  Here Key(std::string_view key) const { return {this, Kind::kKey, key, 0, nullptr}; }
  // The element at `index` of a list, or an element of a set.
  Here Element(const Value& collection, std::size_t index) const {
    if (collection.kind() == Value::Kind::kSet)
      return {this, Kind::kSetElement, {}, 0, &collection.elements()[index]};
    return {this, Kind::kIndex, {}, index, nullptr};
  }

  Path ToPath() const {
    switch (kind_) {
      case Kind::kAttribute: return up_->ToPath().Child(name_);
      case Kind::kKey: return up_->ToPath().AtKey(name_);
      case Kind::kIndex: return up_->ToPath().AtIndex(static_cast<std::int64_t>(index_));
      case Kind::kSetElement: return up_->ToPath().AtSetElement(*element_);
      case Kind::kRoot: break;
    }
    return {};
  }

 private:
  enum class Kind : std::uint8_t { kRoot, kAttribute, kKey, kIndex, kSetElement };
  Here(const Here* up, Kind kind, std::string_view name, std::size_t index, const Value* element)
      : up_(up),
        kind_(kind),
        name_(name),
        index_(index),
        element_(element) {}

  const Here* up_ = nullptr;
  Kind kind_ = Kind::kRoot;
  std::string_view name_;
  std::size_t index_ = 0;
  const Value* element_ = nullptr;
};

std::optional<Fault> FindUnknown(const Value& value, const Type& type, const Here& here) {
  if (value.is_unknown()) return Fault{here.ToPath(), "is still unknown"};
  switch (value.kind()) {
    case Value::Kind::kDynamic: return FindUnknown(value.dynamic_value(), value.dynamic_type(), here);
    case Value::Kind::kList:
    case Value::Kind::kSet:
      for (std::size_t i = 0; i < value.elements().size(); ++i) {
        const Type& element = type.kind() == Type::Kind::kTuple ? type.elements()[i] : type.element();
        if (auto fault = FindUnknown(value.elements()[i], element, here.Element(value, i))) return fault;
      }
      return std::nullopt;
    case Value::Kind::kMap:
      for (const auto& [key, element] : value.entries()) {
        const Type::Attribute* const attribute = type.FindAttribute(key);
        auto fault = attribute == nullptr ? FindUnknown(element, type.element(), here.Key(key))
                                          : FindUnknown(element, attribute->type, here.Attribute(key));
        if (fault) return fault;
      }
      return std::nullopt;
    default: return std::nullopt;
  }
}

// The walks below see values that conform to the schema.

std::optional<Fault> CheckRows(const Value& object, const schema::Table& table, const Here& here);

std::optional<Fault> CheckNested(const Value& element, const schema::Table& table, const Here& here) {
  if (element.is_null()) return Fault{here.ToPath(), "is a null element"};
  return CheckRows(element, table, here);
}

std::optional<Fault> CheckRow(const Value& value, const schema::Row& row, const Here& here) {
  if (value.is_null()) return std::nullopt;
  if (row.write_only) return Fault{here.ToPath(), "is write-only and must not be stored"};
  if (value.is_unknown() || row.nested == nullptr) return std::nullopt;
  if (row.nesting == schema::Nesting::kSingle) return CheckRows(value, *row.nested, here);
  if (row.nesting == schema::Nesting::kMap) {
    for (const auto& [key, element] : value.entries()) {
      if (auto fault = CheckNested(element, *row.nested, here.Key(key))) return fault;
    }
    return std::nullopt;
  }
  for (std::size_t i = 0; i < value.elements().size(); ++i) {
    if (auto fault = CheckNested(value.elements()[i], *row.nested, here.Element(value, i))) return fault;
  }
  return std::nullopt;
}

std::optional<Fault> CheckRows(const Value& object, const schema::Table& table, const Here& here) {
  if (object.is_null() || object.is_unknown()) return std::nullopt;
  for (const schema::Row& row : table.rows) {
    const Value* const value = object.Find(row.name);
    if (value == nullptr) continue;
    if (auto fault = CheckRow(*value, row, here.Attribute(row.name))) return fault;
  }
  return std::nullopt;
}

// The attribute that does not conform; the codec's error tells the place within it.
Fault FindMisfit(const Value& object, const schema::Table& table, const absl::Status& error) {
  if (object.kind() == Value::Kind::kMap) {
    for (const schema::Row& row : table.rows) {
      const Value* const value = object.Find(row.name);
      if (value == nullptr) return {Path(row.name), "is missing"};
      absl::Status const encoded = wire::EncodeMsgpack(*value, row.type).status();
      if (!encoded.ok()) {
        return {Path(row.name), Cat({"does not conform to the schema: ", ToStd(encoded.message())})};
      }
    }
  }
  return {Path(), Cat({"does not conform to the schema: ", ToStd(error.message())})};
}

// Encodes into `bytes`, or tells what is wrong.
std::optional<Fault> Encode(const Value& object, const schema::Table& table, Unknowns unknowns,
                            std::string& bytes) {
  absl::StatusOr<std::string> encoded = wire::EncodeMsgpack(object, table.type);
  if (!encoded.ok()) return FindMisfit(object, table, encoded.status());
  if (unknowns == Unknowns::kRefused && !object.is_wholly_known()) {
    if (auto fault = FindUnknown(object, table.type, Here())) return fault;
  }
  if (auto fault = CheckRows(object, table, Here())) return fault;
  bytes = *std::move(encoded);
  return std::nullopt;
}

}  // namespace

absl::Status EncodeAnswer(const Value& object, const schema::Table& table, Unknowns unknowns,
                          std::string_view answer, tfplugin6::DynamicValue& out) {
  std::optional<Fault> const fault = Encode(object, table, unknowns, *out.mutable_msgpack());
  if (!fault) return absl::OkStatus();
  std::string const at = fault->path.empty() ? "It" : Cat({"`", fault->path.ToString(), "`"});
  return schema::OnAttribute(absl::InternalError(ToAbsl(Cat(
                                 {"The provider made an invalid ", answer, " of ", table.name, "\n", at, " ",
                                  fault->what, ". This is a defect of the provider; please report it."}))),
                             fault->path);
}

Value WithoutFaults(Value object, const schema::Table& table, Unknowns unknowns) {
  std::string unused;
  // Each round mends one attribute; what cannot be mended is no object of the table at all.
  for (std::size_t round = 0; round <= table.rows.size(); ++round) {
    std::optional<Fault> const fault = Encode(object, table, unknowns, unused);
    if (!fault) return object;
    if (fault->path.empty() || object.kind() != Value::Kind::kMap) break;
    object.Set(std::get<Path::Attribute>(fault->path.steps().front()).name, Value::Null());
  }
  return Value::Null();
}

}  // namespace fediversity::rpc
