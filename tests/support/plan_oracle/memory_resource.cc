#include "tests/support/plan_oracle/memory_resource.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "tests/support/plan_oracle/member.h"
#include "tests/support/plan_oracle/random_table.h"
#include "tests/support/plan_oracle/random_value.h"

namespace fediversity::oracle {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Value;
using Kind = wire::Value::Kind;

constexpr std::string_view kOwner = "owner";

bool Folds(const Row& row) { return row.name.starts_with(kFoldPrefix); }

std::string Folded(const Value& text) { return absl::AsciiStrToLower(ToAbsl(text.string())); }

// Calls step(nested object) for each object of a nested attribute that has an identity.
template <typename Step>
void ForEachObject(const Row& row, Value& value, Step step) {
  if (row.nesting == Nesting::kSingle && value.kind() == Kind::kMap) {
    step(value, [](const Value& other) { return other; });
  } else if (row.nesting == Nesting::kList && value.kind() == Kind::kList) {
    for (std::size_t i = 0; i < value.elements().size(); ++i) {
      step(value.mutable_elements()[i],
           [i](const Value& other) { return HasIndex(other, i) ? other.elements()[i] : Value::Null(); });
    }
  } else if (row.nesting == Nesting::kMap && value.kind() == Kind::kMap) {
    for (const auto& [key, unused] : value.entries()) {
      step(*value.FindMutable(key), [&key = key](const Value& other) { return Member(other, key); });
    }
  }
}

// What the service makes of it: folding strings in lower case, no write-only values.
void Store(const Table& table, Value& object) {
  if (object.kind() != Kind::kMap) return;
  for (const Row& row : table.rows) {
    Value* value = object.FindMutable(row.name);
    if (value == nullptr) continue;
    if (Folds(row) && value->kind() == Kind::kString) *value = Value::String(Folded(*value));
    if (row.nested) ForEachObject(row, *value, [&](Value& nested, auto) { Store(*row.nested, nested); });
  }
}

void Respell(const Table& table, const Value& known, Value& fresh) {
  if (known.kind() != Kind::kMap || fresh.kind() != Kind::kMap) return;
  for (const Row& row : table.rows) {
    Value* value = fresh.FindMutable(row.name);
    if (value == nullptr) continue;
    Value const other = Member(known, row.name);
    if (Folds(row) && value->kind() == Kind::kString && other.kind() == Kind::kString &&
        Folded(*value) == Folded(other)) {
      *value = other;
    }
    if (row.nested) {
      ForEachObject(row, *value, [&](Value& nested, auto counterpart) {
        Value const there = counterpart(other);
        Respell(*row.nested, there, nested);
      });
    }
  }
}

std::string IdOf(const Value& object) {
  Value const id = Member(object, "id");
  return id.kind() == Kind::kString ? id.string() : std::string();
}

}  // namespace

void MemoryResource::KeepSpelling(const Value& known, Value& fresh) const { Respell(table_, known, fresh); }

absl::StatusOr<Value> MemoryResource::Read(schema::Operation& operation, const Value& state) {
  std::string const id = IdOf(state);
  auto const owner = operation.private_state.find(kOwner);
  if (owner == operation.private_state.end() || owner->second != id) {
    return absl::InternalError(Cat({"Private state was lost\nThe object ", id, " has none."}));
  }
  auto const found = objects_.find(id);
  if (found == objects_.end()) return absl::NotFoundError(Cat({"No object ", id}));
  return found->second;
}

absl::StatusOr<Value> MemoryResource::Write(schema::Operation& operation, Value object,
                                            const Value& planned) {
  Store(table_, object);
  std::string const id = IdOf(object);
  objects_[id] = object;
  operation.private_state.insert_or_assign(std::string(kOwner), id);
  Failure const failure = std::exchange(failure_, Failure::kNone);
  if (failure == Failure::kHalfway) {
    struck_ = true;
    operation.checkpoint(object);
    return absl::UnavailableError("The service went away\nThe object was written, but nothing after that.");
  }
  if (failure == Failure::kForgetful) {
    Value partial = planned;
    partial.Set("id", Value::String(id));
    return partial;
  }
  return object;
}

absl::Status MemoryResource::FailBefore() {
  if (failure_ != Failure::kBefore) return absl::OkStatus();
  failure_ = Failure::kNone;
  struck_ = true;
  return absl::UnavailableError("The service is down\nNothing was written.");
}

absl::StatusOr<Value> MemoryResource::Create(schema::Operation& operation, const Value& planned) {
  RETURN_IF_ERROR(FailBefore());
  Value object = Complete(random_, table_, planned, Value::Null());
  object.Set("id", Value::String(Cat({"object-", std::to_string(next_id_++)})));
  return Write(operation, std::move(object), planned);
}

absl::StatusOr<Value> MemoryResource::Update(schema::Operation& operation, const Value& prior,
                                             const Value& planned) {
  RETURN_IF_ERROR(FailBefore());
  if (!objects_.contains(IdOf(prior))) return absl::NotFoundError(Cat({"No object ", IdOf(prior)}));
  return Write(operation, Complete(random_, table_, planned, prior), planned);
}

absl::Status MemoryResource::Delete(schema::Operation&, const Value& state) {
  return objects_.erase(IdOf(state)) == 1 ? absl::OkStatus()
                                          : absl::NotFoundError(Cat({"No object ", IdOf(state)}));
}

absl::Status MemoryResource::Import(schema::Operation& operation, Value& state) {
  operation.private_state.insert_or_assign(std::string(kOwner), IdOf(state));
  return absl::OkStatus();
}

void MemoryResource::Drift() {
  for (auto& [id, object] : objects_) {
    for (const Row& row : table_.rows) {
      if (row.name == "id" || row.write_only || !random_.Percent(30)) continue;
      object.Set(row.name, !row.required && random_.Percent(30) ? Value::Null() : RandomHeld(random_, row));
    }
    Store(table_, object);
  }
}

}  // namespace fediversity::oracle
