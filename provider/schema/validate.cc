#include <cstdint>
#include <string>
#include <string_view>

#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/schema/plan_steps.h"
#include "provider/schema/policy_steps.h"

namespace fediversity::schema {
namespace {

using wire::Path;
using wire::Value;

class Validator {
 public:
  Validator(Diagnostics& diagnostics, bool write_only_allowed)
      : diagnostics_(diagnostics),
        write_only_allowed_(write_only_allowed) {}

  // `secret`: the object is part of a sensitive attribute.
  void Object(const Table& table, const Value& object, const Path& path, bool secret = false) {
    if (object.is_null() || object.is_unknown()) return;
    for (const Row& row : table.rows) {
      const Value* value = object.Find(row.name);
      if (value == nullptr || value->is_null()) {
        if (row.required) Missing(row, path);
      } else if (row.computed && !row.optional) {
        ReadOnly(path.Child(row.name));
      } else if (value->is_known()) {
        Attribute(row, *value, path.Child(row.name), secret || row.sensitive || row.write_only);
      }
    }
    for (const Together& condition : table.together) Condition(condition, object, path);
  }

  // Only the rules, of the attributes that `object` has.
  void Rules(const Table& table, const Value& object) {
    for (const Row& row : table.rows) {
      const Value* value = object.Find(row.name);
      if (value == nullptr || value->is_null() || value->is_unknown()) continue;
      CheckAll(row, row.sensitive, *value, Path(row.name));
    }
  }

 private:
  // The host notices an argument that is left out, but not one that is null by way of a variable.
  void Missing(const Row& row, const Path& path) {
    Path const at = path.Child(row.name);
    diagnostics_.AddError(Cat({"Missing value for ", at.ToString()}),
                          Cat({"`", at.ToString(), "` is required, but its value is null."}), at);
  }

  void ReadOnly(const Path& path) {
    diagnostics_.AddError(Cat({"`", path.ToString(), "` is read-only"}),
                          "The provider decides this value. Remove the attribute from the configuration.",
                          path);
  }

  void Attribute(const Row& row, const Value& value, const Path& path, bool secret) {
    if (row.write_only && !write_only_allowed_) {
      diagnostics_.AddError(
          "Write-only attributes are not supported here",
          Cat({"`", path.ToString(), "` is write-only, which needs OpenTofu 1.11 or Terraform 1.11."}), path);
    }
    CheckAll(row, secret, value, path);
    NullElements(row, value, path);
    switch (row.nesting) {
      case Nesting::kNone: break;
      case Nesting::kSingle: Object(*row.nested, value, path, secret); break;
      case Nesting::kMap:
        for (const auto& [key, element] : value.entries())
          Object(*row.nested, element, path.AtKey(key), secret);
        break;
      case Nesting::kList: {
        std::int64_t index = 0;
        for (const Value& element : value.elements())
          Object(*row.nested, element, path.AtIndex(index++), secret);
        break;
      }
      case Nesting::kSet:
        for (const Value& element : value.elements())
          Object(*row.nested, element, path.AtSetElement(element), secret);
        Coinciding(*row.nested, value, path);
        break;
    }
  }

  // Elements that defaults make equal would merge, and the host refuses a plan with fewer elements than the
  // configuration has.
  void Coinciding(const Table& nested, const Value& set, const Path& path) {
    if (!set.is_wholly_known() || SetWithDefaults(nested, set).elements().size() == set.elements().size())
      return;
    diagnostics_.AddError(
        Cat({"Two elements of ", path.ToString(), " are the same"}),
        "With the defaults filled in, two elements do not differ any more. Remove one of them.", path);
  }

  // The first rule that is broken speaks for the value: those after it build on it.
  void CheckAll(const Row& row, bool secret, const Value& value, const Path& path) {
    std::size_t const before = diagnostics_.list().size();
    for (const Rule& rule : row.rules) {
      Check(rule, secret, value, path);
      if (diagnostics_.list().size() != before) return;
    }
  }
  void Check(const Rule& rule, bool secret, const Value& value, const Path& path) {
    if (!rule.each_element) return CheckOne(rule, secret, value, path);
    if (value.kind() == Value::Kind::kMap) {
      // The keys of a secret map may be secret too.
      for (const auto& [key, element] : value.entries()) {
        CheckOne(rule, secret, element, secret ? path : path.AtKey(key));
      }
      return;
    }
    std::int64_t index = 0;
    for (const Value& element : value.elements()) {
      bool const in_set = value.kind() == Value::Kind::kSet;
      CheckOne(rule, secret, element, in_set ? path.AtSetElement(element) : path.AtIndex(index++));
    }
  }

  void CheckOne(const Rule& rule, bool secret, const Value& value, const Path& path) {
    if (value.is_null() || value.is_unknown() || rule.accepts(value)) return;
    bool const printable = !secret && value.kind() == Value::Kind::kString;
    std::string text =
        Cat({"The value ", printable ? Cat({"\"", value.string(), "\" "}) : "", rule.sentence});
    std::string const advice = printable && rule.advise ? rule.advise(value) : "";
    if (!advice.empty()) text += Cat({" ", advice});
    diagnostics_.AddError(Cat({"Invalid value for ", path.ToString()}), text, path);
  }

  // OpenTofu crashes while planning a null element of a nested attribute; no service knows what a null
  // element of any other collection would mean.
  void NullElements(const Row& row, const Value& value, const Path& path) {
    auto refuse = [this](const Path& at) {
      diagnostics_.AddError(Cat({"Null element in ", at.ToString()}),
                            "An element is null. Leave it out, for example with "
                            "`[for x in list : x if x != null]`.",
                            at);
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
    std::string_view quantity, verb;
    switch (condition.kind) {
      case Together::Kind::kExactlyOne:
        if (set != 1) quantity = "Exactly one", verb = "has to";
        break;
      case Together::Kind::kAtMostOne:
        if (set > 1) quantity = "At most one", verb = "may";
        break;
      case Together::Kind::kAtLeastOne:
        if (set < 1) quantity = "At least one", verb = "has to";
        break;
      case Together::Kind::kAllOrNone:
        if (set != 0 && set != condition.attributes.size()) quantity = "All or none", verb = "have to";
        break;
    }
    if (quantity.empty()) return;
    diagnostics_.AddError("Attributes do not go together",
                          Cat({quantity, " of ", Join(condition.attributes, ", "), " ", verb, " be set",
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

void CheckRules(const Table& table, const Value& object, Diagnostics& diagnostics) {
  Validator(diagnostics, /*write_only_allowed=*/true).Rules(table, object);
}

Diagnostics ValidateConfig(const AnyResource& resource, const Value& config, const CallContext& call) {
  Diagnostics diagnostics;
  Validator(diagnostics, call.write_only_allowed).Object(resource.table(), config, {});
  if (!diagnostics.has_errors()) resource.Validate(config, diagnostics);
  if (!diagnostics.has_errors()) ValidateAgainstPolicy(resource, config, call, diagnostics);
  return diagnostics;
}

}  // namespace fediversity::schema
