// Where the time of a call goes: each codec and each step of the engine by itself, on a resource of forty attributes
// and on one with as many in nested objects. provider_bench.cc measures whole RPCs.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "provider/base/text.h"
#include "provider/rpc/schema_proto.h"
#include "provider/schema/engine.h"
#include "provider/wire/json.h"
#include "provider/wire/msgpack.h"

namespace fediversity {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Type;
using wire::Value;

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << ToStd(value.status().message()) << "\n";
  std::abort();
}

Type TypeOf(int i) {
  switch (i % 5) {
    case 0: return Type::String();
    case 1: return Type::Number();
    case 2: return Type::Bool();
    case 3: return Type::List(Type::String());
    default: return Type::Map(Type::String());
  }
}

Value ValueOf(int i) {
  switch (i % 5) {
    case 0: return Value::String(Cat({"some text for attribute ", std::to_string(i)}));
    case 1: return Value::Int(i * 1000);
    case 2: return Value::Bool(i % 2 == 0);
    case 3: return Value::List({Value::String("first"), Value::String("second"), Value::String("third")});
    default: return Value::Map({{"key", Value::String("value")}, {"other", Value::String("thing")}});
  }
}

Table MakeTable(std::string name, int attributes) {
  Table table;
  table.name = std::move(name);
  table.doc = "A resource to measure.";
  for (int i = 0; i < attributes; ++i) {
    Row row{.name = Cat({"attribute_", std::to_string(i)}), .doc = "One of many attributes."};
    row.type = TypeOf(i);
    row.optional = i % 10 != 9;
    row.computed = i % 5 == 4;
    row.keep_state = i % 10 == 9;
    row.replace = i == 20;
    if (i % 10 == 4) row.fallback = ValueOf(i);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The object of that table; of the configuration the read-only attributes are null.
Value MakeObject(int attributes, bool configuration, bool changed) {
  Value::Entries entries;
  for (int i = 0; i < attributes; ++i) {
    Value value = configuration && i % 10 == 9 ? Value::Null() : ValueOf(i);
    if (changed && i == 0) value = Value::String("another text");
    entries.emplace_back(Cat({"attribute_", std::to_string(i)}), std::move(value));
  }
  return Value::Map(std::move(entries));
}

class Subject final : public schema::AnyResource {
 public:
  explicit Subject(Table table) : table_(std::move(table)) {
    if (!table_.Finish().ok()) std::abort();
  }
  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Read(schema::Operation&, const Value& state) override { return state; }
  absl::StatusOr<Value> Create(schema::Operation&, const Value& planned) override { return planned; }
  absl::StatusOr<Value> Update(schema::Operation&, const Value&, const Value& planned) override {
    return planned;
  }
  absl::Status Delete(schema::Operation&, const Value&) override { return absl::OkStatus(); }

 private:
  Table table_;
};

// A resource with the messages that a host would send of it.
struct Fixture {
  std::unique_ptr<Subject> resource;
  Value prior, config, proposed;
  std::string prior_bytes, config_bytes, proposed_bytes;
  CancelToken cancel;

  static std::unique_ptr<Fixture> Flat() {
    auto fixture = std::make_unique<Fixture>();
    fixture->resource = std::make_unique<Subject>(MakeTable("bench_flat", 40));
    fixture->Fill([](bool configuration, bool changed) { return MakeObject(40, configuration, changed); });
    return fixture;
  }
  // Four objects of ten attributes, by key.
  static std::unique_ptr<Fixture> Nested() {
    Table nested = MakeTable("", 10);
    if (!nested.Finish().ok()) std::abort();
    Table table;
    table.name = "bench_nested";
    table.doc = "A resource to measure.";
    table.rows = {{.name = "disks",
                   .doc = "Objects by name.",
                   .optional = true,
                   .nesting = Nesting::kMap,
                   .nested = std::make_shared<const Table>(std::move(nested))}};
    auto fixture = std::make_unique<Fixture>();
    fixture->resource = std::make_unique<Subject>(std::move(table));
    fixture->Fill([](bool configuration, bool changed) {
      Value::Entries disks;
      for (int i = 0; i < 4; ++i) {
        disks.emplace_back(Cat({"scsi", std::to_string(i)}),
                           MakeObject(10, configuration, changed && i == 0));
      }
      return Value::Map({{"disks", Value::Map(std::move(disks))}});
    });
    return fixture;
  }

  template <typename Make>
  void Fill(Make make) {
    prior = make(/*configuration=*/false, /*changed=*/false);
    config = make(/*configuration=*/true, /*changed=*/true);
    proposed = make(/*configuration=*/false, /*changed=*/true);
    prior_bytes = OrDie(wire::EncodeMsgpack(prior, type()));
    config_bytes = OrDie(wire::EncodeMsgpack(config, type()));
    proposed_bytes = OrDie(wire::EncodeMsgpack(proposed, type()));
  }
  const Type& type() const { return resource->table().type; }
};

using MakeFixture = std::unique_ptr<Fixture> (*)();

void PlanWithCodecs(benchmark::State& state, MakeFixture make) {
  auto const fixture = make();
  for (auto _ : state) {
    schema::PlanRequest request;
    request.prior = *wire::DecodeMsgpack(fixture->prior_bytes, fixture->type());
    request.proposed = *wire::DecodeMsgpack(fixture->proposed_bytes, fixture->type());
    request.config = *wire::DecodeMsgpack(fixture->config_bytes, fixture->type());
    schema::PlanResponse const plan =
        schema::PlanResource(*fixture->resource, request, {.cancel = fixture->cancel});
    if (!plan.diagnostics.empty()) state.SkipWithError("planning failed");
    benchmark::DoNotOptimize(*wire::EncodeMsgpack(plan.planned, fixture->type()));
  }
}
BENCHMARK_CAPTURE(PlanWithCodecs, flat, &Fixture::Flat)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(PlanWithCodecs, nested, &Fixture::Nested)->Unit(benchmark::kMicrosecond);

void PlanAlone(benchmark::State& state, MakeFixture make) {
  auto const fixture = make();
  schema::PlanRequest const request = {
      .prior = fixture->prior, .proposed = fixture->proposed, .config = fixture->config};
  for (auto _ : state) {
    benchmark::DoNotOptimize(schema::PlanResource(*fixture->resource, request, {.cancel = fixture->cancel}));
  }
}
BENCHMARK_CAPTURE(PlanAlone, flat, &Fixture::Flat)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(PlanAlone, nested, &Fixture::Nested)->Unit(benchmark::kMicrosecond);

void PlanOfNoChange(benchmark::State& state) {
  auto const fixture = Fixture::Flat();
  Value config = MakeObject(40, /*configuration=*/true, /*changed=*/false);
  schema::PlanRequest const request = {.prior = fixture->prior, .proposed = fixture->prior, .config = config};
  for (auto _ : state) {
    benchmark::DoNotOptimize(schema::PlanResource(*fixture->resource, request, {.cancel = fixture->cancel}));
  }
}
BENCHMARK(PlanOfNoChange)->Unit(benchmark::kMicrosecond);

void Validate(benchmark::State& state, MakeFixture make) {
  auto const fixture = make();
  for (auto _ : state) {
    schema::Diagnostics const found =
        schema::ValidateConfig(*fixture->resource, fixture->config, {.cancel = fixture->cancel});
    if (!found.empty()) state.SkipWithError("the configuration is not valid");
  }
}
BENCHMARK_CAPTURE(Validate, flat, &Fixture::Flat)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Validate, nested, &Fixture::Nested)->Unit(benchmark::kMicrosecond);

void ReadAlone(benchmark::State& state) {
  auto const fixture = Fixture::Flat();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        schema::ReadResource(*fixture->resource, {.state = fixture->prior}, {.cancel = fixture->cancel}));
  }
}
BENCHMARK(ReadAlone)->Unit(benchmark::kMicrosecond);

void Decode(benchmark::State& state, MakeFixture make) {
  auto const fixture = make();
  for (auto _ : state) benchmark::DoNotOptimize(*wire::DecodeMsgpack(fixture->prior_bytes, fixture->type()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(fixture->prior_bytes.size()));
}
BENCHMARK_CAPTURE(Decode, flat, &Fixture::Flat)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Decode, nested, &Fixture::Nested)->Unit(benchmark::kMicrosecond);

void Encode(benchmark::State& state, MakeFixture make) {
  auto const fixture = make();
  for (auto _ : state) benchmark::DoNotOptimize(*wire::EncodeMsgpack(fixture->prior, fixture->type()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(fixture->prior_bytes.size()));
}
BENCHMARK_CAPTURE(Encode, flat, &Fixture::Flat)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Encode, nested, &Fixture::Nested)->Unit(benchmark::kMicrosecond);

void UpgradeOfTheCurrentVersion(benchmark::State& state) {
  auto const fixture = Fixture::Flat();
  std::string const json = OrDie(wire::EncodeJson(fixture->prior, fixture->type()));
  for (auto _ : state) benchmark::DoNotOptimize(schema::UpgradeState(*fixture->resource, 0, json));
}
BENCHMARK(UpgradeOfTheCurrentVersion)->Unit(benchmark::kMicrosecond);

// Building and serialising the schema of one resource; the service does so once per process.
void SchemaOf40Attributes(benchmark::State& state) {
  auto const fixture = Fixture::Flat();
  for (auto _ : state) {
    benchmark::DoNotOptimize(rpc::ToSchema(fixture->resource->table()).SerializeAsString());
  }
}
BENCHMARK(SchemaOf40Attributes)->Unit(benchmark::kMicrosecond);

void FinishTableOf40Attributes(benchmark::State& state) {
  Table const table = MakeTable("bench_flat", 40);
  for (auto _ : state) {
    Table copy = table;
    if (!copy.Finish().ok()) state.SkipWithError("the table does not hold");
  }
}
BENCHMARK(FinishTableOf40Attributes)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fediversity
