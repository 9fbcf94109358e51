#ifndef FEDIVERSITY_TESTS_PROVIDER_SCHEMA_FAKE_RESOURCE_H_
#define FEDIVERSITY_TESTS_PROVIDER_SCHEMA_FAKE_RESOURCE_H_

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/schema/engine.h"
#include "provider/schema/resource.h"

namespace fediversity::wire {

// How a failing test shows them.
void PrintTo(const Value& value, std::ostream* out);
void PrintTo(const Path& path, std::ostream* out);

}  // namespace fediversity::wire

namespace fediversity::schema {

// Short forms for values and tables.
inline wire::Value S(std::string_view text) { return wire::Value::String(text); }
inline wire::Value N(std::int64_t number) { return wire::Value::Int(number); }
inline wire::Value Null() { return wire::Value::Null(); }
inline wire::Value Unknown() { return wire::Value::Unknown(); }
inline wire::Value Obj(wire::Value::Entries entries) { return wire::Value::Map(std::move(entries)); }
inline wire::Value L(wire::Value::Elements elements) { return wire::Value::List(std::move(elements)); }
inline wire::Value SetOf(wire::Value::Elements elements) { return wire::Value::Set(std::move(elements)); }

// `rows` with a sentence for each, finished; stops the test where the table does not hold.
Table MakeFakeTable(std::vector<Row> rows, std::string_view name = "test_fake");
Row NestedRow(Row row, Nesting nesting, std::vector<Row> rows);

// Does what the test says; calling what it does not mention is an error.
class FakeResource final : public AnyResource {
 public:
  explicit FakeResource(std::vector<Row> rows) : table_(MakeFakeTable(std::move(rows))) {}
  static FakeResource Of(Table table) { return FakeResource(Given(), std::move(table)); }

  std::function<void(const wire::Value&, Diagnostics&)> validate;
  std::function<void(const wire::Value& known, wire::Value& fresh)> keep_spelling;
  std::function<absl::Status(Operation&, const wire::Value& prior, const wire::Value& config,
                             wire::Value& planned, std::vector<wire::Path>& replace)>
      plan;
  std::function<absl::StatusOr<wire::Value>(Operation&, const wire::Value&)> read, create;
  std::function<absl::StatusOr<wire::Value>(Operation&, const wire::Value&, const wire::Value&)> update;
  std::function<absl::Status(Operation&, const wire::Value&)> remove;
  std::function<absl::Status(Operation&, wire::Value&)> import;
  std::function<absl::StatusOr<std::optional<wire::Value>>(const ForeignState&, PrivateState&)> move;
  std::vector<StateUpgrade> steps;

  const Table& table() const override { return table_; }
  void Validate(const wire::Value& config, Diagnostics& diagnostics) const override {
    if (validate) validate(config, diagnostics);
  }
  void KeepSpelling(const wire::Value& known, wire::Value& fresh) const override {
    if (keep_spelling) keep_spelling(known, fresh);
  }
  absl::Status Plan(Operation& operation, const wire::Value& prior, const wire::Value& config,
                    wire::Value& planned, std::vector<wire::Path>& replace) const override {
    return plan ? plan(operation, prior, config, planned, replace) : absl::OkStatus();
  }
  absl::StatusOr<wire::Value> Read(Operation& operation, const wire::Value& state) override {
    return read ? read(operation, state) : absl::InternalError("Read was not expected");
  }
  absl::StatusOr<wire::Value> Create(Operation& operation, const wire::Value& planned) override {
    return create ? create(operation, planned) : absl::InternalError("Create was not expected");
  }
  absl::StatusOr<wire::Value> Update(Operation& operation, const wire::Value& prior,
                                     const wire::Value& planned) override {
    return update ? update(operation, prior, planned) : absl::InternalError("Update was not expected");
  }
  absl::Status Delete(Operation& operation, const wire::Value& state) override {
    return remove ? remove(operation, state) : absl::InternalError("Delete was not expected");
  }
  absl::Status Import(Operation& operation, wire::Value& state) override {
    return import ? import(operation, state) : absl::OkStatus();
  }
  absl::StatusOr<std::optional<wire::Value>> MoveState(const ForeignState& source,
                                                       PrivateState& private_state) const override {
    if (move) return move(source, private_state);
    return AnyResource::MoveState(source, private_state);
  }
  std::vector<StateUpgrade> upgrades() const override { return steps; }

 private:
  struct Given {};  // an initializer list of rows could else be read as a table
  FakeResource(Given, Table table) : table_(std::move(table)) {}

  Table table_;
};

// What a test's process gives each call.
struct FakeProcess {
  CancelToken cancel;
  bool write_only_allowed = true;
  CallContext call() const { return {.cancel = cancel, .write_only_allowed = write_only_allowed}; }
};

// The diagnostics as "error|warning path: summary: detail", one a line.
std::string Text(const Diagnostics& diagnostics);

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_TESTS_PROVIDER_SCHEMA_FAKE_RESOURCE_H_
