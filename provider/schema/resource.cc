#include "provider/schema/resource.h"

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/template_id.h"

namespace fediversity::schema {
namespace {

// Import ids are text; the attribute may be a number or a bool.
absl::StatusOr<wire::Value> FromText(std::string_view text, const wire::Type& type) {
  switch (type.kind()) {
    case wire::Type::Kind::kNumber: {
      ASSIGN_OR_RETURN(wire::Number number, wire::Number::Parse(text));
      return wire::Value::Num(std::move(number));
    }
    case wire::Type::Kind::kBool:
      if (text == "true" || text == "false") return wire::Value::Bool(text == "true");
      return absl::InvalidArgumentError(Cat({"\"", text, "\" is neither true nor false"}));
    default: return wire::Value::String(text);
  }
}

}  // namespace

void AnyResource::Validate(const wire::Value&, Diagnostics&) const {}

void AnyResource::KeepSpelling(const wire::Value&, wire::Value&) const {}

absl::Status AnyResource::Plan(Operation&, const wire::Value&, const wire::Value&, wire::Value&,
                               std::vector<wire::Path>&) const {
  return absl::OkStatus();
}

absl::Status AnyResource::Import(Operation&, wire::Value&) { return absl::OkStatus(); }

absl::StatusOr<wire::Value> AnyResource::ParseImportId(std::string_view id) const {
  if (table().import_id.empty()) {
    return absl::UnimplementedError(
        Cat({"Import by id is not possible\n", table().name,
             " is imported by identity: an import block with `identity = { ... }`."}));
  }
  ASSIGN_OR_RETURN(TemplateId const form, TemplateId::Parse(table().import_id));
  ASSIGN_OR_RETURN(auto const parts, form.Split(id));
  wire::Value state = NullObject(table());
  for (const auto& [name, text] : parts) {
    auto value = FromText(text, table().Find(name)->type);
    if (!value.ok()) {
      return absl::InvalidArgumentError(
          Cat({"Import id not understood\n\"", id, "\" does not have the form \"", table().import_id,
               "\": ", name, ": ", ToStd(value.status().message()), "."}));
    }
    state.Set(name, *std::move(value));
  }
  return state;
}

absl::StatusOr<std::optional<wire::Value>> AnyResource::MoveState(const ForeignState&, PrivateState&) const {
  return std::nullopt;
}

absl::Duration AnyResource::DefaultTimeout(std::string_view) const { return absl::Minutes(20); }

void AnyDataSource::Validate(const wire::Value&, Diagnostics&) const {}

}  // namespace fediversity::schema
