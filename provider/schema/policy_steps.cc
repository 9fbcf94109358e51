#include "provider/schema/policy_steps.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "nlohmann/json.hpp"
#include "provider/base/text.h"
#include "provider/schema/plan_steps.h"

namespace fediversity::schema {
namespace {

using nlohmann::json;
using wire::Path;
using wire::Value;

// Where defaults were filled in: a list of paths, each a list of names and indices.
constexpr std::string_view kNote = "policy.defaults";

bool IsSilent(const Value* value) { return value == nullptr || value->is_null(); }

// Puts `value` where `path` leads, if the way there exists.
void Fill(Value& object, const Path& path, const Value& value) {
  Value* at = &object;
  for (std::size_t i = 0; i < path.steps().size(); ++i) {
    const Path::Step& step = path.steps()[i];
    if (const auto* const index = std::get_if<Path::Index>(&step)) {
      if (at->kind() != Value::Kind::kList || index->index < 0) return;
      auto const element = static_cast<std::size_t>(index->index);
      if (element >= at->elements().size()) return;
      at = &at->mutable_elements()[element];
    } else {
      const auto* const attribute = std::get_if<Path::Attribute>(&step);
      const auto* const key = std::get_if<Path::Key>(&step);
      if (at->kind() != Value::Kind::kMap || (attribute == nullptr && key == nullptr)) return;
      std::string_view const name = attribute != nullptr ? attribute->name : key->key;
      if (at->FindMutable(name) == nullptr) {
        if (i + 1 != path.steps().size()) return;
        at->Set(name, value);
        return;
      }
      at = at->FindMutable(name);
    }
  }
  *at = value;
}

// Attributes are names and keys are lists of one name, so that a path can be told from its text alone.
json NoteOf(const Path& path) {
  json note = json::array();
  for (const Path::Step& step : path.steps()) {
    if (const auto* const attribute = std::get_if<Path::Attribute>(&step)) note.push_back(attribute->name);
    if (const auto* const key = std::get_if<Path::Key>(&step)) note.push_back(json::array({key->key}));
    if (const auto* const index = std::get_if<Path::Index>(&step)) note.push_back(index->index);
  }
  return note;
}

Path PathOf(const json& note) {
  Path path;
  for (const json& step : note) {
    if (step.is_string()) path = path.Child(step.get<std::string>());
    if (step.is_array() && step.size() == 1 && step[0].is_string())
      path = path.AtKey(step[0].get<std::string>());
    if (step.is_number_integer()) path = path.AtIndex(step.get<std::int64_t>());
  }
  return path;
}

// `path` without its last step.
Path HolderOf(const Path& path) {
  json note = NoteOf(path);
  note.erase(note.size() - 1);
  return PathOf(note);
}

// The table's own defaults, where `config` is silent.
Attributes OwnDefaults(const Table& table, const Value& config, bool creating) {
  Attributes own;
  for (const Row& row : table.rows) {
    const std::optional<Value>& value = row.fallback.has_value() || !creating ? row.fallback : row.initial;
    if (value.has_value() && IsSilent(config.Find(row.name))) own.emplace_back(row.name, *value);
  }
  return own;
}

void AddAll(const Diagnostics& from, Diagnostics& to) {
  for (const Diagnostic& each : from.list()) {
    if (each.severity == Diagnostic::Severity::kError) {
      to.AddError(each.summary, each.detail, each.path);
    } else {
      to.AddWarning(each.summary, each.detail, each.path);
    }
  }
}

// The row that a path leads to; null where there is none.
const Row* RowAt(const Table& table, const Path& path) {
  const Table* at = &table;
  const Row* row = nullptr;
  for (const Path::Step& step : path.steps()) {
    if (const auto* const attribute = std::get_if<Path::Attribute>(&step)) {
      row = at == nullptr ? nullptr : at->Find(attribute->name);
      if (row == nullptr) return nullptr;
      at = row->nested.get();
    } else if (row == nullptr || row->nesting == Nesting::kSet ||
               std::holds_alternative<Path::SetElement>(step)) {
      return nullptr;
    }
  }
  return path.empty() || !std::holds_alternative<Path::Attribute>(path.steps().back()) ? nullptr : row;
}

// The host takes a value that nobody configured only for what the provider may compute.
const Row* TakesDefault(const Table& table, const Path& path, Diagnostics& diagnostics) {
  const Row* const row = RowAt(table, path);
  if (row != nullptr && row->optional && row->computed) return row;
  std::string const name = path.ToString();
  diagnostics.AddError(
      Cat({"`", name, "` takes no default"}),
      Cat({"The hosting provider's rules have a default for `", name, "` of ", table.name,
           ", which has no such attribute, or none that may be filled in. Remove it from the rules, or make "
           "it a rule that asks for the attribute."}));
  return nullptr;
}

}  // namespace

void ValidateAgainstPolicy(const AnyResource& resource, const Value& config, const CallContext& call,
                           Diagnostics& diagnostics) {
  if (call.policy == nullptr || config.kind() != Value::Kind::kMap || !config.is_wholly_known()) return;
  Proposal const proposal{.table = resource.table(),
                          .config = config,
                          .otherwise = OwnDefaults(resource.table(), config, /*creating=*/false),
                          .planning = false};
  AddAll(call.policy->Judge(proposal, call.cancel).diagnostics, diagnostics);
}

bool PlanAgainstPolicy(const AnyResource& resource, const Value& prior, Value& config, Value& planned,
                       PrivateState& private_state, const CallContext& call, Diagnostics& diagnostics) {
  private_state.erase(std::string(kNote));
  if (call.policy == nullptr || config.kind() != Value::Kind::kMap) return true;
  const Table& table = resource.table();
  bool const creating = prior.is_null();
  Judgement const judgement = call.policy->Judge(
      {.table = table, .config = config, .otherwise = OwnDefaults(table, config, creating)}, call.cancel);
  AddAll(judgement.diagnostics, diagnostics);
  Diagnostics unfit;
  json note = json::array();
  for (const auto& [path, value] : judgement.defaults) {
    const Row* const row = TakesDefault(table, path, unfit);
    if (row == nullptr || !IsSilent(path.Resolve(config))) continue;
    bool const is_new = creating || IsSilent(HolderOf(path).Resolve(prior));
    if (!is_new && !row->fallback.has_value()) continue;
    Fill(config, path, value);
    Fill(planned, path, value);
    note.push_back(NoteOf(path));
  }
  if (!note.empty()) {
    private_state[std::string(kNote)] = note.dump();
    // The user's own part has been found right before.
    ValidateTable(table, config, unfit);
    if (!unfit.has_errors()) resource.Validate(config, unfit);
  }
  AddAll(unfit, diagnostics);
  return !diagnostics.has_errors();
}

Value WithPolicyDefaults(const Value& config, const Value& planned, PrivateState& private_state) {
  auto const note = private_state.find(kNote);
  if (note == private_state.end()) return config;
  Value filled = config;
  json const paths = json::parse(note->second, nullptr, /*allow_exceptions=*/false);
  for (const json& each : paths.is_array() ? paths : json::array()) {
    Path const path = PathOf(each);
    const Value* const value = path.Resolve(planned);
    if (value != nullptr && IsSilent(path.Resolve(config))) Fill(filled, path, *value);
  }
  private_state.erase(note);
  return filled;
}

}  // namespace fediversity::schema
