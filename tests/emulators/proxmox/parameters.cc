#include "tests/emulators/proxmox/parameters.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "provider/base/text.h"

namespace fediversity::emulators {
namespace {

using Kind = Property::Kind;

[[noreturn]] void Broken(std::string_view token) {
  std::fprintf(stderr, "not a type of a parameter: %.*s\n", static_cast<int>(token.size()), token.data());
  std::abort();
}

// How many devices of a kind a VM may have.
int CountOf(std::string_view kind) {
  static constexpr std::pair<std::string_view, int> kCounts[] = {
      {"ide", 4},       {"sata", 6},     {"scsi", 31},    {"virtio", 16}, {"net", 32},
      {"ipconfig", 32}, {"unused", 256}, {"hostpci", 16}, {"usb", 14},    {"serial", 4},
      {"parallel", 3},  {"numa", 8},     {"virtiofs", 10}};
  for (const auto& [name, count] : kCounts) {
    if (name == kind) return count;
  }
  return 0;
}

class SchemaReader {
 public:
  SchemaReader(std::string_view text, Version version) : text_(text), version_(version) {}

  Schema Read() {
    Schema schema;
    for (std::string name = Next(); !name.empty() && name != "}"; name = Next()) {
      bool of_this_version = true;
      Property property = ReadProperty(name, of_this_version);
      if (of_this_version) schema.properties.push_back(std::move(property));
    }
    return schema;
  }

 private:
  std::string Next() {
    auto const start = std::min(text_.find_first_not_of(" \n"), text_.size());
    text_.remove_prefix(start);
    auto const end = std::min(text_.find_first_of(" \n"), text_.size());
    std::string token(text_.substr(0, end));
    text_.remove_prefix(end);
    return token;
  }

  Property ReadProperty(std::string name, bool& of_this_version) {
    Property property;
    for (; std::string_view("!*^%").find(name.back()) != std::string_view::npos; name.pop_back()) {
      if (name.back() == '!') property.required = true;
      if (name.back() == '*') property.is_default_key = true;
      if (name.back() == '^') of_this_version = version_ == Version::kNine;
      if (name.back() == '%') of_this_version = version_ == Version::kEight;
    }
    if (name.ends_with("[n]")) {
      property.numbered = true;
      name.resize(name.size() - 3);
    }
    property.name = name;
    ReadType(Next(), property);
    return property;
  }

  void ReadType(const std::string& token, Property& property) {
    std::string const head = token.substr(0, token.find(':'));
    std::string const rest = head.size() < token.size() ? token.substr(head.size() + 1) : "";
    if (token == "{") {
      property.kind = Kind::kObject;
      property.options = std::make_shared<const Schema>(Read());
    } else if (token.starts_with('=')) {
      property.kind = Kind::kAlias;
      property.text = token.substr(1);
    } else if (token.starts_with('~')) {
      property.kind = Kind::kKeyAlias;
      property.key_property = head.substr(1);
      property.text = rest;
    } else if (head == "bool") {
      property.kind = Kind::kBoolean;
    } else if (head == "int" || head == "num") {
      property.kind = head == "int" ? Kind::kInteger : Kind::kNumber;
      ReadBounds(rest, property);
    } else if (head == "str") {
      if (!rest.empty()) property.max_length = std::stoul(rest);
    } else if (head == "enum") {
      property.kind = Kind::kEnum;
      property.values = Split(rest, '|');
    } else if (head == "re") {
      property.kind = Kind::kPattern;
      property.regex = Pattern(rest);
      if (!property.regex->IsValid()) Broken(token);
    } else if (head == "fmt") {
      property.kind = Kind::kFormat;
      property.text = rest.substr(0, rest.find(':'));
      if (property.text.size() < rest.size())
        property.max_length = std::stoul(rest.substr(property.text.size() + 1));
    } else {
      Broken(token);
    }
  }

  static void ReadBounds(const std::string& bounds, Property& property) {
    auto const dots = bounds.find("..");
    if (dots == std::string::npos) return;
    property.minimum_text = bounds.substr(0, dots);
    property.maximum_text = bounds.substr(dots + 2);
    if (!property.minimum_text.empty()) property.minimum = std::stod(property.minimum_text);
    if (!property.maximum_text.empty()) property.maximum = std::stod(property.maximum_text);
  }

  std::string_view text_;
  Version version_;
};

std::optional<std::string> CheckNumber(const Property& property, const std::string& value) {
  bool const integer = property.kind == Kind::kInteger;
  static const Pattern kNumber(R"([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)");
  bool const fits = integer ? ParseInteger(value).has_value() : kNumber.Matches(value);
  if (!fits) return Cat({"type check ('", integer ? "integer" : "number", "') failed - got '", value, "'"});
  double const number = std::strtod(value.c_str(), nullptr);
  if (number < property.minimum) return "value must have a minimum value of " + property.minimum_text;
  if (number > property.maximum) return "value must have a maximum value of " + property.maximum_text;
  return std::nullopt;
}

std::optional<std::string> CheckLength(const Property& property, const std::string& value) {
  if (property.max_length == 0 || value.size() <= property.max_length) return std::nullopt;
  return Cat({"value may only be ", std::to_string(property.max_length), " characters long"});
}

Json VerifyObject(const Schema& schema, const std::string& text);

std::optional<std::string> CheckObject(const Property& property, const std::string& name,
                                       const std::string& value) {
  Json const errors = VerifyObject(*property.options, value);
  if (errors.empty()) return std::nullopt;
  std::string message = "invalid format - format error\n";
  for (const auto& [key, why] : errors.items()) {
    message +=
        key.empty() ? why.get<std::string>() : Cat({name, ".", key, ": ", why.get<std::string>(), "\n"});
  }
  return message;
}

std::optional<std::string> CheckValue(const Property& property, const std::string& name,
                                      const std::string& value) {
  switch (property.kind) {
    case Kind::kBoolean:
      if (value == "0" || value == "1") return std::nullopt;
      return Cat({"type check ('boolean') failed - got '", value, "'"});
    case Kind::kInteger:
    case Kind::kNumber: return CheckNumber(property, value);
    case Kind::kEnum:
      if (std::ranges::find(property.values, value) != property.values.end()) return std::nullopt;
      return Cat({"value '", value, "' does not have a value in the enumeration '",
                  Join(property.values, ", "), "'"});
    case Kind::kPattern:
      if (property.regex->Matches(value)) return std::nullopt;
      return "value does not match the regex pattern";
    case Kind::kFormat:
      if (auto const why = CheckLength(property, value)) return why;
      if (auto const why = CheckFormat(property.text, name, value)) return "invalid format - " + *why;
      return std::nullopt;
    case Kind::kObject: return CheckObject(property, name, value);
    case Kind::kString: return CheckLength(property, value);
    case Kind::kAlias:
    case Kind::kKeyAlias: return std::nullopt;
  }
  return std::nullopt;
}

constexpr std::string_view kUnknown =
    "property is not defined in schema and the schema does not allow additional properties";
constexpr std::string_view kMissing = "property is missing and it is not optional";

// What is wrong with a property string, by option.
Json VerifyObject(const Schema& schema, const std::string& text) {
  Json errors = Json::object();
  std::set<std::string> seen;
  for (const std::string& piece : Split(text, ',')) {
    if (piece.empty()) continue;
    auto const equals = piece.find('=');
    std::string key = piece.substr(0, equals);
    std::string value = equals == std::string::npos ? "" : piece.substr(equals + 1);
    const Property* property = schema.Find(key);
    if (equals == std::string::npos) {
      auto const standard = std::ranges::find_if(schema.properties, &Property::is_default_key);
      if (standard == schema.properties.end()) {
        errors[""] = Cat({"value without key, but schema does not define a default key\n"});
        return errors;
      }
      value = key;
      property = &*standard;
      key = property->name;
    }
    if (property == nullptr) {
      errors[key] = kUnknown;
      continue;
    }
    if (property->kind == Kind::kKeyAlias) {
      seen.insert(property->key_property);
      property = schema.Find(property->text);
    } else if (property->kind == Kind::kAlias) {
      property = schema.Find(property->text);
    }
    seen.insert(property->name);
    if (auto const why = CheckValue(*property, key, value)) errors[property->name] = *why;
  }
  for (const Property& property : schema.properties) {
    if (property.required && !seen.contains(property.name)) errors[property.name] = kMissing;
  }
  return errors;
}

}  // namespace

const Property* Schema::Find(std::string_view name) const {
  auto const digits = name.find_last_not_of("0123456789") + 1;
  std::string_view const kind = name.substr(0, digits);
  auto const number = ParseInteger(name.substr(digits));
  for (const Property& property : properties) {
    if (!property.numbered) {
      if (property.name == name) return &property;
    } else if (property.name == kind && number.has_value() && *number < CountOf(kind) &&
               (*number == 0 ? name.size() == digits + 1 : name[digits] != '0')) {
      return &property;
    }
  }
  return nullptr;
}

Schema ParseSchema(std::string_view text, Version version) { return SchemaReader(text, version).Read(); }

Json Verify(const Schema& schema, const Params& params) {
  Json errors = Json::object();
  for (const auto& [name, value] : params) {
    const Property* const property = schema.Find(name);
    if (property == nullptr) {
      errors[name] = kUnknown;
    } else if (auto const why = CheckValue(*property, name, value)) {
      errors[name] = *why;
    }
  }
  for (const Property& property : schema.properties) {
    if (property.required && !params.contains(property.name)) errors[property.name] = kMissing;
  }
  return errors;
}

}  // namespace fediversity::emulators
