#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/base/text.h"
#include "provider/wire/json_reader.h"
#include "provider/wire/json_text.h"
#include "provider/wire/type.h"

namespace fediversity::wire {
namespace {

class TypeReader {
 public:
  explicit TypeReader(std::string_view json) : reader_(json) {}

  absl::StatusOr<Type> Read() {
    std::optional<Type> type = ReadType();
    if (type.has_value()) reader_.ExpectEnd();
    if (!error_.empty()) return absl::InvalidArgumentError(ToAbsl(error_));
    if (!reader_.ok()) return reader_.status();
    return *std::move(type);
  }

 private:
  std::nullopt_t Fail(std::string_view what) {
    if (error_.empty() && reader_.ok()) error_ = Cat({"invalid type description: ", what});
    return std::nullopt;
  }

  std::optional<Type> ReadType() {
    switch (reader_.Peek()) {
      case JsonReader::Kind::kString: return ReadPrimitive();
      case JsonReader::Kind::kArray: return ReadComplex();
      default: return Fail("neither a name nor an array");
    }
  }

  std::optional<Type> ReadPrimitive() {
    std::string name;
    if (!reader_.ReadString(&name)) return std::nullopt;
    if (name == "string") return Type::String();
    if (name == "number") return Type::Number();
    if (name == "bool") return Type::Bool();
    if (name == "dynamic") return Type::Dynamic();
    return Fail(Cat({"unknown type \"", name, "\""}));
  }

  std::optional<Type> ReadComplex() {
    if (!reader_.BeginArray()) return std::nullopt;
    std::string kind;
    if (!reader_.NextElement() || !reader_.ReadString(&kind)) return Fail("the kind of type is missing");
    if (!reader_.NextElement()) return Fail(Cat({"\"", kind, "\" says not of what"}));
    std::optional<Type> type;
    if (kind == "list" || kind == "set" || kind == "map") {
      std::optional<Type> element = ReadType();
      if (!element.has_value()) return std::nullopt;
      type = kind == "list"  ? Type::List(*std::move(element))
             : kind == "set" ? Type::Set(*std::move(element))
                             : Type::Map(*std::move(element));
    } else if (kind == "object") {
      return ReadObject();
    } else if (kind == "tuple") {
      type = ReadTuple();
    } else {
      return Fail(Cat({"unknown kind of type \"", kind, "\""}));
    }
    if (!type.has_value()) return std::nullopt;
    if (reader_.NextElement()) return Fail("something follows the element type");
    return type;
  }

  // go-cty writes a list that it never filled as null.
  bool ReadNullAsEmpty() { return reader_.Peek() == JsonReader::Kind::kNull && reader_.ReadNull(); }

  std::optional<Type> ReadTuple() {
    if (ReadNullAsEmpty()) return Type::Tuple({});
    std::vector<Type> elements;
    if (!reader_.BeginArray()) return std::nullopt;
    while (reader_.NextElement()) {
      std::optional<Type> element = ReadType();
      if (!element.has_value()) return std::nullopt;
      elements.push_back(*std::move(element));
    }
    return Type::Tuple(std::move(elements));
  }

  // Within ["object", at the attributes; consumes the closing bracket too.
  std::optional<Type> ReadObject() {
    std::vector<Type::Attribute> attributes;
    if (!ReadNullAsEmpty() && !ReadAttributes(&attributes)) return std::nullopt;
    if (reader_.NextElement()) {
      if (!ReadOptionalNames(&attributes)) return std::nullopt;
      if (reader_.NextElement()) return Fail("something follows the optional attributes");
    }
    if (!reader_.ok()) return std::nullopt;
    Type type = Type::Object(std::move(attributes));
    const std::vector<Type::Attribute>& sorted = type.attributes();
    auto const twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                          [](const auto& a, const auto& b) { return a.name == b.name; });
    if (twice != sorted.end()) return Fail(Cat({"attribute \"", twice->name, "\" occurs twice"}));
    return type;
  }

  bool ReadAttributes(std::vector<Type::Attribute>* attributes) {
    if (!reader_.BeginObject()) return false;
    std::string name;
    while (reader_.NextMember(&name)) {
      std::optional<Type> type = ReadType();
      if (!type.has_value()) return false;
      attributes->push_back({name, *std::move(type)});
    }
    return reader_.ok();
  }

  bool ReadOptionalNames(std::vector<Type::Attribute>* attributes) {
    if (ReadNullAsEmpty()) return true;
    if (!reader_.BeginArray()) return false;
    std::string name;
    while (reader_.NextElement()) {
      if (!reader_.ReadString(&name)) return false;
      auto const found = std::find_if(attributes->begin(), attributes->end(),
                                      [&name](const Type::Attribute& a) { return a.name == name; });
      if (found == attributes->end()) {
        Fail(Cat({"optional attribute \"", name, "\" is not declared"}));
        return false;
      }
      found->optional = true;
    }
    return reader_.ok();
  }

  JsonReader reader_;
  std::string error_;
};

void AppendType(const Type& type, std::string* json);

void AppendObject(const Type& type, std::string* json) {
  *json += "[\"object\",{";
  bool first = true;
  bool any_optional = false;
  for (const Type::Attribute& attribute : type.attributes()) {
    if (!first) *json += ',';
    first = false;
    any_optional = any_optional || attribute.optional;
    AppendJsonString(attribute.name, JsonEscapes::kGo, json);
    *json += ':';
    AppendType(attribute.type, json);
  }
  *json += '}';
  if (any_optional) {
    *json += ",[";
    first = true;
    for (const Type::Attribute& attribute : type.attributes()) {
      if (!attribute.optional) continue;
      if (!first) *json += ',';
      first = false;
      AppendJsonString(attribute.name, JsonEscapes::kGo, json);
    }
    *json += ']';
  }
  *json += ']';
}

void AppendType(const Type& type, std::string* json) {
  switch (type.kind()) {
    case Type::Kind::kString: *json += "\"string\""; return;
    case Type::Kind::kNumber: *json += "\"number\""; return;
    case Type::Kind::kBool: *json += "\"bool\""; return;
    case Type::Kind::kDynamic: *json += "\"dynamic\""; return;
    case Type::Kind::kList: *json += "[\"list\","; break;
    case Type::Kind::kSet: *json += "[\"set\","; break;
    case Type::Kind::kMap: *json += "[\"map\","; break;
    case Type::Kind::kObject: AppendObject(type, json); return;
    case Type::Kind::kTuple: {
      *json += "[\"tuple\",[";
      bool first = true;
      for (const Type& element : type.elements()) {
        if (!first) *json += ',';
        first = false;
        AppendType(element, json);
      }
      *json += "]]";
      return;
    }
  }
  AppendType(type.element(), json);
  *json += ']';
}

}  // namespace

absl::StatusOr<Type> Type::FromJson(std::string_view json) { return TypeReader(json).Read(); }

std::string Type::ToJson() const {
  std::string json;
  AppendType(*this, &json);
  return json;
}

}  // namespace fediversity::wire
