#include "tests/provider/rpc/test_provider.h"

#include <utility>

#include "provider/base/text.h"
#include "provider/wire/msgpack.h"

namespace fediversity::rpc {
namespace {

using schema::Nesting;
using schema::Row;
using schema::Table;
using wire::Type;

Row Make(std::string name, Type type) {
  Row row;
  row.doc = Cat({"Documentation of ", name, "."});
  row.name = std::move(name);
  row.type = std::move(type);
  row.optional = true;
  return row;
}

std::shared_ptr<const Table> NestedTable() {
  auto table = std::make_shared<Table>();
  table->rows = {Make("size", Type::Number()), Make("label", Type::String())};
  table->rows[0].optional = false;
  table->rows[0].required = true;
  EXPECT_TRUE(table->Finish().ok());
  return table;
}

Row MakeNested(std::string name, Nesting nesting) {
  Row row = Make(std::move(name), Type::String());
  row.nesting = nesting;
  row.nested = NestedTable();
  return row;
}

class TestBlock final : public schema::ProviderBlock {
 public:
  explicit TestBlock(const Behaviour& behaviour) : behaviour_(behaviour) {
    table_.name = "test";
    table_.doc = "The provider of the tests.";
    table_.rows = {Make("endpoint", Type::String()), Make("token", Type::String())};
    table_.rows[1].sensitive = true;
    table_.rows[0].rules = {{.sentence = "must not be empty.",
                             .accepts = [](const Value& value) { return !value.string().empty(); }}};
    EXPECT_TRUE(table_.Finish().ok());
  }
  const Table& table() const override { return table_; }
  void Validate(const Value&, schema::Diagnostics&) const override {}
  void Configure(const Value& config, schema::Diagnostics& diagnostics) override {
    if (behaviour_.configure) behaviour_.configure(config, diagnostics);
  }

 private:
  const Behaviour& behaviour_;
  Table table_;
};

class TestThing final : public schema::AnyResource {
 public:
  explicit TestThing(const Behaviour& behaviour) : behaviour_(behaviour), table_(ThingTable()) {}

  const Table& table() const override { return table_; }
  void Validate(const Value& config, schema::Diagnostics& diagnostics) const override {
    if (behaviour_.validate) behaviour_.validate(config, diagnostics);
  }
  absl::Status Plan(Operation&, const Value&, const Value& config, Value& planned,
                    std::vector<wire::Path>&) const override {
    return behaviour_.plan ? behaviour_.plan(config, planned) : absl::OkStatus();
  }
  absl::StatusOr<Value> Read(Operation& operation, const Value& state) override {
    return behaviour_.read ? behaviour_.read(operation, state) : state;
  }
  absl::StatusOr<Value> Create(Operation& operation, const Value& planned) override {
    operation.private_state["made"] = "yes";
    return behaviour_.create ? behaviour_.create(operation, planned) : WithId(planned);
  }
  absl::StatusOr<Value> Update(Operation& operation, const Value& prior, const Value& planned) override {
    return behaviour_.update ? behaviour_.update(operation, prior, planned) : planned;
  }
  absl::Status Delete(Operation& operation, const Value& state) override {
    return behaviour_.destroy ? behaviour_.destroy(operation, state) : absl::OkStatus();
  }
  absl::StatusOr<std::optional<Value>> MoveState(const schema::ForeignState& source,
                                                 schema::PrivateState& private_state) const override {
    if (source.type_name != "other_thing") return std::nullopt;
    private_state["title"] = source.state.Find("title")->string();
    return Thing({{"id", Value::String("moved")}, {"name", *source.state.Find("title")}});
  }
  std::vector<schema::StateUpgrade> upgrades() const override {
    return {[](Value state) -> absl::StatusOr<Value> {
      state.Set("name", *state.Find("old_name"));
      return state;
    }};
  }

 private:
  static Value WithId(Value planned) {
    planned.Set("id", Value::String("id-1"));
    return planned;
  }
  const Behaviour& behaviour_;
  Table table_;
};

class TestLookup final : public schema::AnyDataSource {
 public:
  explicit TestLookup(const Behaviour& behaviour) : behaviour_(behaviour) {
    table_.name = "test_lookup";
    table_.doc = "Looks something up.";
    table_.rows = {Make("key", Type::String()), Make("found", Type::String())};
    table_.rows[1].optional = false;
    table_.rows[1].computed = true;
    EXPECT_TRUE(table_.Finish().ok());
  }
  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Read(Operation& operation, const Value& config) override {
    if (behaviour_.look_up) return behaviour_.look_up(operation, config);
    Value state = config;
    state.Set("found", Value::String("yes"));
    return state;
  }

 private:
  const Behaviour& behaviour_;
  Table table_;
};

class TestLoan final : public schema::AnyEphemeralResource {
 public:
  explicit TestLoan(const Behaviour& behaviour) : behaviour_(behaviour) {
    table_.name = "test_loan";
    table_.doc = "Lends something.";
    table_.rows = {Make("key", Type::String()), Make("lent", Type::String())};
    table_.rows[0].optional = false;
    table_.rows[0].required = true;
    table_.rows[1].optional = false;
    table_.rows[1].computed = true;
    EXPECT_TRUE(table_.Finish().ok());
  }
  const Table& table() const override { return table_; }
  absl::StatusOr<Value> Open(Operation& operation, const Value& config) override {
    if (behaviour_.open) return behaviour_.open(operation, config);
    Value result = config;
    result.Set("lent", Value::String(Cat({"secret of ", config.Find("key")->string()})));
    return result;
  }
  absl::Status Renew(Operation& operation) override {
    return behaviour_.renew ? behaviour_.renew(operation) : AnyEphemeralResource::Renew(operation);
  }
  absl::Status Close(Operation& operation) override {
    return behaviour_.close ? behaviour_.close(operation) : AnyEphemeralResource::Close(operation);
  }

 private:
  const Behaviour& behaviour_;
  Table table_;
};

}  // namespace

Table ThingTable() {
  Table table;
  table.name = "test_thing";
  table.doc = "A thing.";
  table.import_id = "{name}";
  table.identity = {"name"};
  table.version = 1;
  table.rows = {Make("id", Type::String()),
                Make("name", Type::String()),
                Make("tags", Type::Set(Type::String())),
                Make("extra", Type::Dynamic()),
                MakeNested("options", Nesting::kSingle),
                MakeNested("rules", Nesting::kList),
                MakeNested("ports", Nesting::kSet),
                MakeNested("disks", Nesting::kMap),
                Make("secret_wo", Type::String()),
                Make("secret_wo_version", Type::Number())};
  Row& id = table.rows[0];
  id.optional = false;
  id.computed = true;
  id.keep_state = true;
  Row& name = table.rows[1];
  name.optional = false;
  name.required = true;
  name.replace = true;
  name.deprecation = "Names are going away.";
  name.rules = {{.sentence = "must be lower case.", .accepts = [](const Value& value) {
                   return value.string() == "x" || value.string().find_first_of("XYZ") == std::string::npos;
                 }}};
  Row& secret = table.rows[8];
  secret.write_only = true;
  secret.sensitive = true;
  secret.version_attribute = "secret_wo_version";
  absl::Status const finished = table.Finish();
  EXPECT_TRUE(finished.ok()) << finished;
  return table;
}

schema::Provider MakeTestProvider(const Behaviour& behaviour) {
  schema::Provider provider;
  provider.block = std::make_unique<TestBlock>(behaviour);
  provider.resources.push_back(std::make_unique<TestThing>(behaviour));
  provider.data_sources.push_back(std::make_unique<TestLookup>(behaviour));
  provider.ephemeral_resources.push_back(std::make_unique<TestLoan>(behaviour));
  return provider;
}

Value Thing(const Value::Entries& entries) {
  Value thing = schema::NullObject(ThingTable());
  for (const auto& [name, value] : entries) thing.Set(name, value);
  return thing;
}

void ServiceTest::SetUp() {
  provider_ = MakeTestProvider(behaviour_);
  auto service = ProviderService::Create(provider_, Logger());
  ASSERT_TRUE(service.ok()) << service.status();
  service_ = *std::move(service);
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
  stub_ = tfplugin6::Provider::NewStub(
      grpc::CreateChannel(Cat({"127.0.0.1:", std::to_string(port)}), grpc::InsecureChannelCredentials()));
}

tfplugin6::DynamicValue Encoded(const Value& value, const Type& type) {
  auto bytes = wire::EncodeMsgpack(value, type);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  tfplugin6::DynamicValue encoded;
  if (bytes.ok()) encoded.set_msgpack(*bytes);
  return encoded;
}

Value Decoded(const tfplugin6::DynamicValue& value, const Type& type) {
  EXPECT_TRUE(value.json().empty());
  auto decoded = wire::DecodeMsgpack(value.msgpack(), type);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  return decoded.value_or(Value::Null());
}

std::string PathText(const tfplugin6::AttributePath& path) {
  std::string text;
  for (const auto& step : path.steps()) {
    if (step.has_attribute_name()) {
      text += Cat({text.empty() ? "" : ".", step.attribute_name()});
    } else if (step.has_element_key_string()) {
      text += Cat({"[\"", step.element_key_string(), "\"]"});
    } else {
      text += Cat({"[", std::to_string(step.element_key_int()), "]"});
    }
  }
  return text;
}

std::string Text(const google::protobuf::RepeatedPtrField<tfplugin6::Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    text += Cat({diagnostic.severity() == tfplugin6::Diagnostic::WARNING ? "warning" : "error",
                 diagnostic.has_attribute() ? Cat({" at ", PathText(diagnostic.attribute())}) : "", ": ",
                 diagnostic.summary(), " / ", diagnostic.detail(), "\n"});
  }
  return text;
}

}  // namespace fediversity::rpc
