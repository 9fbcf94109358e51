// How long the RPCs take that a host makes most, by themselves and over gRPC within the process: encoding, decoding and
// the engine are in it, the socket and TLS are not. The names state the aims.

#include <benchmark/benchmark.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "datasources/all.h"
#include "proto/tfplugin6.grpc.pb.h"
#include "provider/backends/backends.h"
#include "provider/base/text.h"
#include "provider/config/provider_block.h"
#include "provider/rpc/provider_service.h"
#include "provider/schema/provider.h"
#include "provider/wire/msgpack.h"
#include "resources/all.h"

namespace fediversity {
namespace {

using schema::Row;
using schema::Table;
using wire::Type;
using wire::Value;

[[noreturn]] void Die(std::string_view what) {
  std::cerr << what << "\n";
  std::abort();
}

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) Die(ToStd(value.status().message()));
  return *std::move(value);
}

void OrDie(const absl::Status& status) {
  if (!status.ok()) Die(ToStd(status.message()));
}

// An object with as many attributes as a large resource has, of every kind: strings, numbers, flags, lists, a map, some
// computed, some with defaults and rules.
class WideResource final : public schema::AnyResource {
 public:
  WideResource() {
    table_.name = "bench_wide";
    table_.doc = "A resource of forty attributes.";
    for (int i = 0; i < 40; ++i) {
      Row row;
      row.name = Cat({"attribute_", std::to_string(i)});
      row.doc = "One of forty attributes.";
      row.type = TypeOf(i);
      row.optional = i % 10 != 9;
      row.computed = i % 5 == 4;
      row.keep_state = i % 10 == 9;
      if (i % 10 == 0)
        row.rules = {{.sentence = "must not be empty.",
                      .accepts = [](const Value& value) { return !value.string().empty(); }}};
      if (i % 10 == 4) row.fallback = ValueOf(i);
      table_.rows.push_back(std::move(row));
    }
    OrDie(table_.Finish());
  }

  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Read(schema::Operation&, const Value& state) override { return state; }
  absl::StatusOr<Value> Create(schema::Operation&, const Value& planned) override { return planned; }
  absl::StatusOr<Value> Update(schema::Operation&, const Value&, const Value& planned) override {
    return planned;
  }
  absl::Status Delete(schema::Operation&, const Value&) override { return absl::OkStatus(); }

  static Value ValueOf(int i) {
    switch (i % 5) {
      case 0: return Value::String(Cat({"some text for attribute ", std::to_string(i)}));
      case 1: return Value::Int(i * 1000);
      case 2: return Value::Bool(i % 2 == 0);
      case 3: return Value::List({Value::String("first"), Value::String("second"), Value::String("third")});
      default: return Value::Map({{"key", Value::String("value")}, {"other", Value::String("thing")}});
    }
  }

  // The object as somebody wrote it: without what the provider decides.
  Value Config() const { return Object(/*with_computed=*/false, /*changed=*/true); }
  Value Prior() const { return Object(/*with_computed=*/true, /*changed=*/false); }
  Value Proposed() const { return Object(/*with_computed=*/true, /*changed=*/true); }

 private:
  static Type TypeOf(int i) {
    switch (i % 5) {
      case 0: return Type::String();
      case 1: return Type::Number();
      case 2: return Type::Bool();
      case 3: return Type::List(Type::String());
      default: return Type::Map(Type::String());
    }
  }

  Value Object(bool with_computed, bool changed) const {
    Value::Entries entries;
    for (int i = 0; i < 40; ++i) {
      Value value = !with_computed && i % 10 == 9 ? Value::Null() : ValueOf(i);
      if (changed && i == 10) value = Value::String("another text");
      entries.emplace_back(table_.rows[i].name, std::move(value));
    }
    return Value::Map(std::move(entries));
  }

  Table table_;
};

// The provider behind gRPC, and a client of it. With `wide` alone, or with everything that main.cc serves.
class Served {
 public:
  Served() {
    environment_ = [](const std::string&) { return std::nullopt; };
    provider_.block = config::MakeProviderBlock(backends_, environment_);
    provider_.resources = resources::All(backends_);
    provider_.resources.push_back(std::make_unique<WideResource>());
    provider_.data_sources = datasources::All(backends_);
    service_ = OrDie(rpc::ProviderService::Create(provider_, Logger()));
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = tfplugin6::Provider::NewStub(server_->InProcessChannel({}));
  }
  ~Served() { server_->Shutdown(); }

  tfplugin6::Provider::Stub& stub() { return *stub_; }
  rpc::ProviderService& service() { return *service_; }
  const WideResource& wide() const {
    return *dynamic_cast<const WideResource*>(provider_.FindResource("bench_wide"));
  }

 private:
  Backends backends_;
  Environment environment_;
  schema::Provider provider_;
  std::unique_ptr<rpc::ProviderService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<tfplugin6::Provider::Stub> stub_;
};

void CheckAnswer(benchmark::State& state, const grpc::Status& status,
                 const google::protobuf::RepeatedPtrField<tfplugin6::Diagnostic>& diagnostics) {
  if (!status.ok()) state.SkipWithError(status.error_message().c_str());
  if (!diagnostics.empty()) state.SkipWithError(diagnostics[0].summary().c_str());
}

void GetProviderSchemaUnder1Millisecond(benchmark::State& state) {
  Served served;
  for (auto _ : state) {
    grpc::ClientContext context;
    tfplugin6::GetProviderSchema::Response response;
    grpc::Status const status = served.stub().GetProviderSchema(&context, {}, &response);
    CheckAnswer(state, status, response.diagnostics());
    if (response.resource_schemas_size() < 2) state.SkipWithError("the schema lacks resources");
  }
}
BENCHMARK(GetProviderSchemaUnder1Millisecond)->Unit(benchmark::kMicrosecond)->UseRealTime();

tfplugin6::PlanResourceChange::Request PlanRequest(const WideResource& wide) {
  tfplugin6::PlanResourceChange::Request request;
  request.set_type_name("bench_wide");
  request.mutable_config()->set_msgpack(OrDie(wire::EncodeMsgpack(wide.Config(), wide.table().type)));
  request.mutable_prior_state()->set_msgpack(OrDie(wire::EncodeMsgpack(wide.Prior(), wide.table().type)));
  request.mutable_proposed_new_state()->set_msgpack(
      OrDie(wire::EncodeMsgpack(wide.Proposed(), wide.table().type)));
  return request;
}

// What the provider itself spends: from the message's bytes to those of the answer.
void PlanOf40AttributesUnder100Microseconds(benchmark::State& state) {
  Served served;
  std::string const bytes = PlanRequest(served.wide()).SerializeAsString();
  for (auto _ : state) {
    tfplugin6::PlanResourceChange::Request request;
    tfplugin6::PlanResourceChange::Response response;
    if (!request.ParseFromString(bytes)) state.SkipWithError("the request is damaged");
    grpc::Status const status = served.service().PlanResourceChange(nullptr, &request, &response);
    CheckAnswer(state, status, response.diagnostics());
    std::string const answer = response.SerializeAsString();
    if (response.planned_state().msgpack().empty()) state.SkipWithError("the plan is empty");
    benchmark::DoNotOptimize(answer);
  }
}
BENCHMARK(PlanOf40AttributesUnder100Microseconds)->Unit(benchmark::kMicrosecond)->UseRealTime();

// The same as a client sees it; the difference to an RPC that does nothing is the provider's.
void PlanOf40AttributesOverGrpc(benchmark::State& state) {
  Served served;
  tfplugin6::PlanResourceChange::Request const request = PlanRequest(served.wide());
  for (auto _ : state) {
    grpc::ClientContext context;
    tfplugin6::PlanResourceChange::Response response;
    grpc::Status const status = served.stub().PlanResourceChange(&context, request, &response);
    CheckAnswer(state, status, response.diagnostics());
    if (response.planned_state().msgpack().empty()) state.SkipWithError("the plan is empty");
  }
}
BENCHMARK(PlanOf40AttributesOverGrpc)->Unit(benchmark::kMicrosecond)->UseRealTime();

void NothingOverGrpc(benchmark::State& state) {
  Served served;
  for (auto _ : state) {
    grpc::ClientContext context;
    tfplugin6::GetFunctions::Response response;
    grpc::Status const status = served.stub().GetFunctions(&context, {}, &response);
    CheckAnswer(state, status, response.diagnostics());
  }
}
BENCHMARK(NothingOverGrpc)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
}  // namespace fediversity
