#include "provider/schema/operation.h"

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "provider/base/text.h"
#include "provider/schema/engine.h"

namespace fediversity::schema {

std::string EncodePrivate(const PrivateState& state) {
  if (state.empty()) return {};
  return nlohmann::json(state).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<PrivateState> DecodePrivate(std::string_view bytes) {
  PrivateState state;
  if (bytes.empty()) return state;
  auto const json = nlohmann::json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  bool readable = json.is_object();
  for (auto it = json.begin(); readable && it != json.end(); ++it) {
    readable = it->is_string();
    if (readable) state.emplace(it.key(), it->get<std::string>());
  }
  if (!readable) {
    return absl::DataLossError(
        "The private part of the state is damaged\nThe state file holds private data for this object that this "
        "provider did not write. Restore the state from a backup, or remove the object from it and import it again.");
  }
  return state;
}

std::string_view StringAt(const wire::Value& object, std::string_view name) {
  const wire::Value* value = object.kind() == wire::Value::Kind::kMap ? object.Find(name) : nullptr;
  if (value == nullptr || value->kind() != wire::Value::Kind::kString) return {};
  return value->string();
}

absl::Time DeadlineOf(const AnyResource& resource, std::string_view operation, const wire::Value& object) {
  return DeadlineOf(resource.DefaultTimeout(operation), operation, object);
}

absl::Time DeadlineOf(absl::Duration otherwise, std::string_view operation, const wire::Value& object) {
  absl::Duration timeout = otherwise;
  const wire::Value* timeouts = object.kind() == wire::Value::Kind::kMap ? object.Find("timeouts") : nullptr;
  if (timeouts != nullptr) {
    std::string_view const text = StringAt(*timeouts, operation);
    absl::Duration chosen;
    if (!text.empty() && absl::ParseDuration(ToAbsl(text), &chosen)) timeout = chosen;
  }
  return absl::Now() + timeout;
}

std::optional<wire::Value> IdentityOf(const Table& table, const wire::Value& object) {
  if (!table.is_identified() || object.kind() != wire::Value::Kind::kMap) return std::nullopt;
  wire::Value::Entries parts;
  for (const std::string& name : table.identity) {
    const wire::Value* part = object.Find(name);
    if (part == nullptr || part->is_null() || part->is_unknown()) return std::nullopt;
    parts.emplace_back(name, *part);
  }
  return wire::Value::Map(std::move(parts));
}

}  // namespace fediversity::schema
