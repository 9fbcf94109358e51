// Requests of every kind, with values that conform to a schema but to nothing else, through the engine. Whatever comes
// in, the answer can be sent.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "provider/schema/engine.h"
#include "provider/wire/json.h"
#include "provider/wire/msgpack.h"

namespace fediversity::schema {
namespace {

using wire::Type;
using wire::Value;

std::vector<Row> Modes(bool in_set) {
  std::vector<Row> rows = {
      {.name = "req", .doc = "Required.", .required = true, .replace = true},
      {.name = "opt", .doc = "Optional.", .optional = true, .type = Type::Number()},
      {.name = "def", .doc = "Default.", .optional = true, .computed = true, .fallback = Value::String("x")}};
  if (in_set) return rows;
  rows.push_back({.name = "both", .doc = "Both.", .optional = true, .computed = true, .keep_state = true});
  rows.push_back(
      {.name = "wo", .doc = "Secret.", .optional = true, .write_only = true, .version_attribute = "opt"});
  return rows;
}

Table MakeFuzzTable() {
  Table table;
  table.name = "fuzz_thing";
  table.doc = "A thing.";
  table.import_id = "{req}/{opt}";
  table.identity = {"req", "opt"};
  table.rows = Modes(/*in_set=*/false);
  table.rows.push_back({.name = "any", .doc = "Anything.", .optional = true, .type = Type::Dynamic()});
  table.rows.push_back(
      {.name = "list", .doc = "Strings.", .optional = true, .type = Type::List(Type::String())});
  for (Nesting const nesting : {Nesting::kSingle, Nesting::kList, Nesting::kSet, Nesting::kMap}) {
    Table nested;
    nested.rows = Modes(nesting == Nesting::kSet);
    if (!nested.Finish().ok()) std::abort();
    table.rows.push_back({.name = "n" + std::to_string(static_cast<int>(nesting)),
                          .doc = "Nested.",
                          .optional = true,
                          .computed = nesting == Nesting::kSingle,
                          .nesting = nesting,
                          .nested = std::make_shared<const Table>(std::move(nested))});
  }
  if (!table.Finish().ok()) std::abort();
  return table;
}

// Holds whatever it is told to.
class Thing final : public AnyResource {
 public:
  const Table& table() const override { return table_; }
  void KeepSpelling(const Value& known, Value& fresh) const override { fresh = known; }
  absl::StatusOr<Value> Read(Operation&, const Value& state) override { return state; }
  absl::StatusOr<Value> Create(Operation& operation, const Value& planned) override {
    operation.checkpoint(planned);
    return planned;
  }
  absl::StatusOr<Value> Update(Operation&, const Value& prior, const Value&) override { return prior; }
  absl::Status Delete(Operation&, const Value&) override { return absl::OkStatus(); }

 private:
  Table table_ = MakeFuzzTable();
};

// Takes a length in two bytes, and so many.
std::string_view Take(std::string_view& input) {
  if (input.size() < 2) return std::exchange(input, {});
  std::size_t const length =
      static_cast<unsigned char>(input[0]) * 256U + static_cast<unsigned char>(input[1]);
  input.remove_prefix(2);
  std::string_view const taken = input.substr(0, length);
  input.remove_prefix(taken.size());
  return taken;
}

class Fuzzer {
 public:
  void Run(std::string_view input) {
    std::string const private_bytes(Take(input));
    std::string const text(Take(input));
    Import(text);
    Expect(UpgradeState(thing_, 0, text).state);
    auto const config = Object(Take(input));
    auto const prior = Object(Take(input));
    if (!config.has_value() || !prior.has_value()) return;
    ValidateConfig(thing_, *config, call_);
    if (!prior->is_null()) Expect(ReadResource(thing_, {*prior, private_bytes}, call_).state);
    PlanResponse const plan = PlanResource(
        thing_, {.prior = *prior, .proposed = *config, .config = *config, .prior_private = private_bytes},
        call_);
    Expect(plan.planned);
    if (plan.diagnostics.has_errors() || (prior->is_null() && plan.planned.is_null())) return;
    ApplyResponse const applied = ApplyResource(thing_,
                                                {.prior = *prior,
                                                 .planned = plan.planned,
                                                 .config = *config,
                                                 .planned_private = plan.planned_private},
                                                call_);
    Expect(applied.state);
    if (!applied.state.is_wholly_known()) std::abort();
  }

 private:
  void Import(const std::string& id) {
    ImportResponse const imported = ImportResource(thing_, {.id = id}, call_);
    Expect(imported.state);
    if (!imported.diagnostics.has_errors() && imported.state.is_null()) std::abort();
  }

  // nullopt where the bytes are no object of the type; an object that is unknown as a whole is never sent.
  std::optional<Value> Object(std::string_view bytes) const {
    if (bytes.empty()) return Value::Null();
    auto value = wire::DecodeMsgpack(bytes, thing_.table().type);
    if (!value.ok() || value->is_unknown()) return std::nullopt;
    return *std::move(value);
  }

  void Expect(const Value& answer) const {
    if (!wire::EncodeMsgpack(answer, thing_.table().type).ok()) std::abort();
  }

  Thing thing_;
  CancelToken const cancel_;
  CallContext const call_ = {.cancel = cancel_};
};

}  // namespace
}  // namespace fediversity::schema

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fediversity::schema::Fuzzer fuzzer;
  fuzzer.Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
