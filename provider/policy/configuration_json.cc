#include "provider/policy/configuration_json.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

#include "provider/backends/nix/nix_json.h"
#include "provider/base/text.h"
#include "provider/wire/json_text.h"

namespace fediversity::policy {
namespace {

using wire::Value;

class Writer {
 public:
  void Object(const schema::Table& table, const Value& object) {
    json_ += '{';
    for (const schema::Row& row : table.rows) {
      const Value* const value = object.Find(row.name);
      Name(row.name);
      Attribute(row, value == nullptr ? Value::Null() : *value);
    }
    json_ += '}';
  }

  void Attributes(const schema::Table& table, const schema::Attributes& attributes) {
    json_ += '{';
    for (const auto& [name, value] : attributes) {
      const schema::Row* const row = table.Find(name);
      if (row == nullptr) continue;
      Name(name);
      Attribute(*row, value);
    }
    json_ += '}';
  }

  std::string Take() { return std::move(json_); }

 private:
  void Separate() {
    if (!json_.ends_with('{') && !json_.ends_with('[')) json_ += ',';
  }
  void Name(std::string_view name) {
    Separate();
    wire::AppendJsonString(name, wire::JsonEscapes::kNeeded, &json_);
    json_ += ':';
  }

  void Attribute(const schema::Row& row, const Value& value) {
    if (value.is_null()) {
      json_ += "null";
    } else if (value.is_unknown() || row.sensitive || row.write_only) {
      json_ += nix::kUnknownJson;
    } else if (row.nesting == schema::Nesting::kSingle) {
      Object(*row.nested, value);
    } else {
      Known(value, row.nested.get());
    }
  }

  // `elements`: the table of the objects that it holds; null: it holds none.
  void Known(const Value& value, const schema::Table* elements) {
    switch (value.kind()) {
      case Value::Kind::kNull: json_ += "null"; return;
      case Value::Kind::kUnknown: json_ += nix::kUnknownJson; return;
      case Value::Kind::kBool: json_ += value.bool_value() ? "true" : "false"; return;
      case Value::Kind::kNumber: Number(value.number()); return;
      case Value::Kind::kString:
        wire::AppendJsonString(value.string(), wire::JsonEscapes::kNeeded, &json_);
        return;
      case Value::Kind::kList:
      case Value::Kind::kSet:
        json_ += '[';
        for (const Value& element : value.elements()) {
          Separate();
          Element(element, elements);
        }
        json_ += ']';
        return;
      case Value::Kind::kMap: Map(value, elements); return;
      case Value::Kind::kDynamic: Known(value.dynamic_value(), nullptr); return;
    }
  }

  void Element(const Value& element, const schema::Table* table) {
    if (table != nullptr && element.kind() == Value::Kind::kMap) {
      Object(*table, element);
    } else {
      Known(element, nullptr);
    }
  }

  void Map(const Value& value, const schema::Table* elements) {
    // A key of the user's must not pass for a mark of ours.
    if (value.Find(nix::kMark) != nullptr) {
      json_ += nix::kReservedJson;
      return;
    }
    json_ += '{';
    for (const auto& [key, element] : value.entries()) {
      Name(key);
      Element(element, elements);
    }
    json_ += '}';
  }

  void Number(const wire::Number& number) {
    if (number.is_infinite()) {
      json_ += Cat({R"({"_fediversity":"number","text":")", number.text(), "\"}"});
    } else {
      json_ += number.text();
    }
  }

  std::string json_;
};

}  // namespace

std::string ConfigurationJson(const schema::Table& table, const Value& config) {
  Writer writer;
  writer.Object(table, config);
  return writer.Take();
}

std::string AttributesJson(const schema::Table& table, const schema::Attributes& attributes) {
  Writer writer;
  writer.Attributes(table, attributes);
  return writer.Take();
}

wire::Path ToPath(const schema::Table& table, const std::vector<nix::PathStep>& steps, wire::Type* type) {
  wire::Path path;
  wire::Type reached = table.type;
  for (const nix::PathStep& step : steps) {
    const auto* const name = std::get_if<std::string>(&step);
    const auto* const index = std::get_if<std::int64_t>(&step);
    if (reached.kind() == wire::Type::Kind::kObject && name != nullptr) {
      const wire::Type::Attribute* const attribute = reached.FindAttribute(*name);
      if (attribute == nullptr) break;
      path = path.Child(*name);
      reached = wire::Type(attribute->type);  // a copy: `attribute` lives in the old one
    } else if (reached.kind() == wire::Type::Kind::kMap && name != nullptr) {
      path = path.AtKey(*name);
      reached = wire::Type(reached.element());
    } else if (reached.kind() == wire::Type::Kind::kList && index != nullptr && *index >= 0) {
      path = path.AtIndex(*index);
      reached = wire::Type(reached.element());
    } else {
      break;
    }
  }
  if (type != nullptr) *type = reached;
  return path;
}

}  // namespace fediversity::policy
