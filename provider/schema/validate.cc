#include <algorithm>
#include <string>

#include "provider/base/text.h"
#include "provider/schema/engine.h"

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

class Validator {
 public:
  Validator(Diagnostics& diagnostics, bool write_only_allowed)
      : diagnostics_(diagnostics), write_only_allowed_(write_only_allowed) {}

  void Object(const Table& table, const Value& object, const Path& path) {
    if (object.is_null() || object.is_unknown()) return;
    for (const Row& row : table.rows) {
      const Value* value = object.Find(row.name);
      if (value != nullptr && !value->is_null() && value->is_known()) Attribute(row, *value, path.Child(row.name));
    }
    for (const Together& condition : table.together) Condition(condition, object, path);
  }

 private:
  void Attribute(const Row& row, const Value& value, const Path& path) {
    if (row.write_only && !write_only_allowed_) {
      diagnostics_.AddError("Write-only attributes are not supported here",
                            Cat({"`", path.ToString(), "` is write-only, which needs OpenTofu 1.11 or Terraform 1.11."}),
                            path);
    }
    for (const Rule& rule : row.rules) Check(rule, row, value, path);
    NullElements(row, value, path);
    switch (row.nesting) {
      case Nesting::kNone: break;
      case Nesting::kSingle: Object(*row.nested, value, path); break;
      case Nesting::kMap:
        for (const auto& [key, element] : value.entries()) Object(*row.nested, element, path.AtKey(key));
        break;
      case Nesting::kList:
      case Nesting::kSet: {
        std::int64_t index = 0;
        for (const Value& element : value.elements()) {
          Object(*row.nested, element,
                 row.nesting == Nesting::kSet ? path.AtSetElement(element) : path.AtIndex(index++));
        }
      }
    }
  }

  void Check(const Rule& rule, const Row& row, const Value& value, const Path& path) {
    if (!rule.each_element) return Check(rule, row.sensitive, value, path);
    if (value.kind() == Value::Kind::kMap) {
      for (const auto& [key, element] : value.entries()) Check(rule, row.sensitive, element, path.AtKey(key));
      return;
    }
    std::int64_t index = 0;
    for (const Value& element : value.elements()) {
      bool const in_set = value.kind() == Value::Kind::kSet;
      Check(rule, row.sensitive, element, in_set ? path.AtSetElement(element) : path.AtIndex(index++));
    }
  }

  void Check(const Rule& rule, bool sensitive, const Value& value, const Path& path) {
    if (value.is_null() || value.is_unknown() || rule.accepts(value)) return;
    bool const printable = !sensitive && value.kind() == Value::Kind::kString;
    diagnostics_.AddError(
        Cat({"Invalid value for ", path.ToString()}),
        Cat({"The value ", printable ? Cat({"\"", value.string(), "\" "}) : "", rule.sentence}), path);
  }

  // OpenTofu crashes while planning a null element of a nested attribute; no service knows what a null
  // element of any other collection would mean.
  void NullElements(const Row& row, const Value& value, const Path& path) {
    auto refuse = [this](const Path& at) {
      diagnostics_.AddError(Cat({"Null element in ", at.ToString()}),
                            "An element is null. Leave it out, for example with "
                            "`[for x in list : x if x != null]`.", at);
    };
    switch (row.type.kind()) {
      case wire::Type::Kind::kList:
      case wire::Type::Kind::kSet: {
        const auto& elements = value.elements();
        for (std::size_t i = 0; i < elements.size(); ++i) {
          bool const in_set = row.type.kind() == wire::Type::Kind::kSet;
          if (elements[i].is_null()) refuse(in_set ? path : path.AtIndex(static_cast<std::int64_t>(i)));
        }
        break;
      }
      case wire::Type::Kind::kMap:
        for (const auto& [key, element] : value.entries()) {
          if (element.is_null()) refuse(path.AtKey(key));
        }
        break;
      default: break;
    }
  }

  void Condition(const Together& condition, const Value& object, const Path& path) {
    std::size_t set = 0;
    for (const std::string& name : condition.attributes) {
      const Value* value = object.Find(name);
      if (value == nullptr || value->is_null()) continue;
      if (value->is_unknown()) return;  // decided at apply
      ++set;
    }
    std::string_view want;
    switch (condition.kind) {
      case Together::Kind::kExactlyOne: want = set == 1 ? "" : "Exactly one"; break;
      case Together::Kind::kAtMostOne: want = set <= 1 ? "" : "At most one"; break;
      case Together::Kind::kAtLeastOne: want = set >= 1 ? "" : "At least one"; break;
      case Together::Kind::kAllOrNone:
        want = set == 0 || set == condition.attributes.size() ? "" : "All or none";
        break;
    }
    if (want.empty()) return;
    diagnostics_.AddError("Attributes do not go together",
                          Cat({want, " of ", Join(condition.attributes, ", "), " may be set",
                               path.empty() ? "" : Cat({" in `", path.ToString(), "`"}), "."}),
                          path.empty() ? At(condition, object) : path);
  }

  // The first of the condition's attributes that is set: the line to look at.
  static Path At(const Together& condition, const Value& object) {
    for (const std::string& name : condition.attributes) {
      const Value* value = object.Find(name);
      if (value != nullptr && !value->is_null()) return Path(name);
    }
    return {};
  }

  Diagnostics& diagnostics_;
  bool write_only_allowed_;
};

}  // namespace

void ValidateTable(const Table& table, const Value& config, Diagnostics& diagnostics) {
  Validator(diagnostics, /*write_only_allowed=*/true).Object(table, config, {});
}

Diagnostics ValidateConfig(const AnyResource& resource, const Value& config, const CallContext& call) {
  Diagnostics diagnostics;
  Validator(diagnostics, call.write_only_allowed).Object(resource.table(), config, {});
  if (!diagnostics.has_errors()) resource.Validate(config, diagnostics);
  return diagnostics;
}

}  // namespace fediversity::schema
