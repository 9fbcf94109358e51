#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "provider/schema/operation.h"
#include "provider/wire/json.h"

namespace fediversity::schema {
namespace {

using wire::Value;

// Attributes that the current schema lacks are dropped, as the host does at an equal version: a state written
// by a build with more attributes must stay readable. What does not fit `type` is left for the decoder to refuse.
void DropUnknownAttributes(const wire::Type& type, Value& value) {
  if (type.is_collection() && value.kind() == Value::Kind::kList) {
    for (Value& element : value.mutable_elements()) DropUnknownAttributes(type.element(), element);
  }
  if (value.kind() != Value::Kind::kMap) return;
  Value::Entries kept;
  for (const auto& [key, member] : value.entries()) {
    const wire::Type::Attribute* attribute = type.FindAttribute(key);
    if (type.kind() == wire::Type::Kind::kObject && attribute == nullptr) continue;
    kept.emplace_back(key, member);
    if (attribute != nullptr) DropUnknownAttributes(attribute->type, kept.back().second);
    if (type.kind() == wire::Type::Kind::kMap) DropUnknownAttributes(type.element(), kept.back().second);
  }
  value = Value::Map(std::move(kept));
}

absl::StatusOr<Value> Upgrade(const AnyResource& resource, std::int64_t version, std::string_view json) {
  const Table& table = resource.table();
  auto const steps = resource.upgrades();
  if (version < 0 || version > table.version) {
    return absl::FailedPreconditionError(
        Cat({"State of ", table.name, " is newer than this provider\nIt was written at schema version ",
             std::to_string(version), "; this provider knows up to ", std::to_string(table.version),
             ". Use the provider version that wrote it, or a later one."}));
  }
  ASSIGN_OR_RETURN(Value raw, wire::ParseJson(json));
  for (auto step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
    ASSIGN_OR_RETURN(raw, steps[step](std::move(raw)));
  }
  DropUnknownAttributes(table.type, raw);
  ASSIGN_OR_RETURN(std::string const current, wire::WriteJson(raw));
  return wire::DecodeJson(current, table.type);
}

}  // namespace

StateResponse UpgradeState(const AnyResource& resource, std::int64_t version, std::string_view json) {
  StateResponse response;
  auto state = version == resource.table().version
                   ? wire::DecodeJson(json, resource.table().type)
                   : absl::StatusOr<Value>(absl::UnknownError("upgrade needed"));
  if (!state.ok()) state = Upgrade(resource, version, json);
  if (!state.ok()) {
    response.diagnostics.AddStatus(state.status());
    return response;
  }
  response.identity = IdentityOf(resource.table(), *state);
  response.state = *std::move(state);
  return response;
}

StateResponse MoveState(const AnyResource& resource, ForeignState source, std::string_view source_json) {
  StateResponse response;
  auto raw = wire::ParseJson(source_json);
  if (!raw.ok()) {
    response.diagnostics.AddStatus(raw.status());
    return response;
  }
  source.state = *std::move(raw);
  PrivateState private_state;
  auto moved = resource.MoveState(source, private_state);
  if (!moved.ok()) {
    response.diagnostics.AddStatus(moved.status());
  } else if (!moved->has_value()) {
    response.diagnostics.AddError(
        Cat({"Cannot move ", source.type_name, " to ", resource.table().name}),
        Cat({"This provider does not know how to take over the state of ", source.type_name, " from ",
             source.provider_address, ". Remove the `moved` block, import the object into ",
             resource.table().name, ", and forget the old resource with a `removed` block."}));
  } else {
    response.identity = IdentityOf(resource.table(), **moved);
    response.state = **std::move(moved);
    response.private_bytes = EncodePrivate(private_state);
  }
  return response;
}

}  // namespace fediversity::schema
