// RPCs of the provider as a whole, and of data sources.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/provider/rpc/test_provider.h"

namespace fediversity::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using Attribute = tfplugin6::Schema::Attribute;
using NestedObject = tfplugin6::Schema::Object;

const Attribute& Find(const tfplugin6::Schema& schema, const std::string& name) {
  for (const Attribute& attribute : schema.block().attributes()) {
    if (attribute.name() == name) return attribute;
  }
  ADD_FAILURE() << "no attribute " << name;
  return Attribute::default_instance();
}

TEST_F(ServiceTest, TellsItsSchema) {
  auto const response = Call(&Stub::GetProviderSchema, tfplugin6::GetProviderSchema::Request());
  EXPECT_THAT(Text(response.diagnostics()), IsEmpty());
  EXPECT_TRUE(response.server_capabilities().plan_destroy());
  EXPECT_TRUE(response.server_capabilities().get_provider_schema_optional());
  EXPECT_TRUE(response.server_capabilities().move_resource_state());
  EXPECT_FALSE(response.server_capabilities().generate_resource_config());
  EXPECT_FALSE(response.has_provider_meta());
  EXPECT_THAT(response.resource_schemas(), ElementsAre(Key("test_thing")));
  EXPECT_THAT(response.data_source_schemas(), ElementsAre(Key("test_lookup")));
  EXPECT_TRUE(Find(response.provider(), "token").sensitive());

  const tfplugin6::Schema& thing = response.resource_schemas().at("test_thing");
  EXPECT_EQ(thing.version(), 1);
  EXPECT_EQ(thing.block().description(), "A thing.");
  EXPECT_EQ(thing.block().description_kind(), tfplugin6::MARKDOWN);
  EXPECT_EQ(thing.block().block_types_size(), 0);

  const Attribute& id = Find(thing, "id");
  EXPECT_EQ(id.type(), R"("string")");
  EXPECT_TRUE(id.computed() && !id.optional() && !id.required());
  const Attribute& name = Find(thing, "name");
  EXPECT_TRUE(name.required() && !name.optional() && !name.computed());
  EXPECT_TRUE(name.deprecated());
  EXPECT_EQ(name.deprecation_message(), "Names are going away.");
  EXPECT_EQ(Find(thing, "tags").type(), R"(["set","string"])");
  EXPECT_EQ(Find(thing, "extra").type(), R"("dynamic")");
  EXPECT_TRUE(Find(thing, "secret_wo").write_only() && Find(thing, "secret_wo").sensitive());
}

TEST_F(ServiceTest, NestedObjectsAreNestedAttributes) {
  auto const response = Call(&Stub::GetProviderSchema, tfplugin6::GetProviderSchema::Request());
  const tfplugin6::Schema& thing = response.resource_schemas().at("test_thing");
  for (const auto& [name, nesting] :
       {std::pair("options", NestedObject::SINGLE), std::pair("rules", NestedObject::LIST),
        std::pair("ports", NestedObject::SET), std::pair("disks", NestedObject::MAP)}) {
    const Attribute& attribute = Find(thing, name);
    EXPECT_THAT(attribute.type(), IsEmpty()) << "a type beside a nested type is refused by hosts";
    EXPECT_EQ(attribute.nested_type().nesting(), nesting);
    ASSERT_EQ(attribute.nested_type().attributes_size(), 2);
    EXPECT_EQ(attribute.nested_type().attributes(0).name(), "size");
    EXPECT_TRUE(attribute.nested_type().attributes(0).required());
  }
}

TEST_F(ServiceTest, TellsIdentitiesAndNames) {
  auto const identities =
      Call(&Stub::GetResourceIdentitySchemas, tfplugin6::GetResourceIdentitySchemas::Request());
  ASSERT_THAT(identities.identity_schemas(), ElementsAre(Key("test_thing")));
  const auto& identity = identities.identity_schemas().at("test_thing");
  ASSERT_EQ(identity.identity_attributes_size(), 1);
  EXPECT_EQ(identity.identity_attributes(0).name(), "name");
  EXPECT_EQ(identity.identity_attributes(0).type(), R"("string")");
  EXPECT_TRUE(identity.identity_attributes(0).required_for_import());

  auto const metadata = Call(&Stub::GetMetadata, tfplugin6::GetProviderMetadata::Request());
  ASSERT_EQ(metadata.resources_size(), 1);
  EXPECT_EQ(metadata.resources(0).type_name(), "test_thing");
  ASSERT_EQ(metadata.data_sources_size(), 1);
  EXPECT_EQ(metadata.data_sources(0).type_name(), "test_lookup");
  EXPECT_TRUE(metadata.server_capabilities().plan_destroy());
}

TEST_F(ServiceTest, ValidatesTheProviderBlock) {
  const wire::Type& type = provider_.block->table().type;
  Value config = schema::NullObject(provider_.block->table());
  tfplugin6::ValidateProviderConfig::Request request;
  *request.mutable_config() = Encoded(config, type);
  EXPECT_THAT(Text(Call(&Stub::ValidateProviderConfig, request).diagnostics()), IsEmpty());
  config.Set("endpoint", Value::String(""));
  *request.mutable_config() = Encoded(config, type);
  EXPECT_THAT(Text(Call(&Stub::ValidateProviderConfig, request).diagnostics()),
              HasSubstr("error at endpoint: "));
}

TEST_F(ServiceTest, ConfiguresWithUnknownSettingsAndWithNone) {
  Value seen;
  behaviour_.configure = [&seen](const Value& config, schema::Diagnostics& diagnostics) {
    seen = config;
    diagnostics.AddWarning("Careful", "With that.", wire::Path("endpoint"));
  };
  const schema::Table& table = provider_.block->table();
  Value config = schema::NullObject(table);
  config.Set("endpoint", Value::Unknown());
  tfplugin6::ConfigureProvider::Request request;
  *request.mutable_config() = Encoded(config, table.type);
  EXPECT_EQ(Text(Call(&Stub::ConfigureProvider, request).diagnostics()),
            "warning at endpoint: Careful / With that.\n");
  EXPECT_TRUE(seen.Find("endpoint")->is_unknown());

  request.clear_config();
  Call(&Stub::ConfigureProvider, request);
  EXPECT_EQ(seen, schema::NullObject(table));
}

TEST_F(ServiceTest, HasNoFunctions) {
  EXPECT_EQ(Call(&Stub::GetFunctions, tfplugin6::GetFunctions::Request()).functions_size(), 0);
  tfplugin6::CallFunction::Request request;
  request.set_name("add");
  EXPECT_THAT(Call(&Stub::CallFunction, request).error().text(), HasSubstr("no function add"));
}

TEST_F(ServiceTest, LeavesTheRestUnimplemented) {
  grpc::ClientContext plan_context;
  tfplugin6::PlanAction::Response plan;
  EXPECT_EQ(stub_->PlanAction(&plan_context, {}, &plan).error_code(), grpc::StatusCode::UNIMPLEMENTED);
  grpc::ClientContext list_context;
  tfplugin6::ListResource::Event event;
  auto const stream = stub_->ListResource(&list_context, {});
  EXPECT_FALSE(stream->Read(&event));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(ServiceTest, RefusesAProviderWhoseTableIsNotFinished) {
  Behaviour const behaviour;
  schema::Provider provider = MakeTestProvider(behaviour);
  const_cast<schema::Table&>(provider.resources[0]->table()).type = wire::Type::Dynamic();
  absl::Status const status = ProviderService::Create(provider, Logger()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("test_thing"));
}

TEST_F(ServiceTest, ReadsADataSource) {
  const schema::Table& table = provider_.data_sources[0]->table();
  Value config = schema::NullObject(table);
  config.Set("key", Value::String("a"));
  tfplugin6::ReadDataSource::Request request;
  request.set_type_name("test_lookup");
  *request.mutable_config() = Encoded(config, table.type);
  auto const found = Call(&Stub::ReadDataSource, request);
  EXPECT_THAT(Text(found.diagnostics()), IsEmpty());
  EXPECT_EQ(*Decoded(found.state(), table.type).Find("found"), Value::String("yes"));

  behaviour_.look_up = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return schema::OnAttribute(absl::NotFoundError("Nothing found\nThere is no a."), "key");
  };
  EXPECT_EQ(Text(Call(&Stub::ReadDataSource, request).diagnostics()),
            "error at key: Nothing found / There is no a.\n");

  behaviour_.look_up = [](Operation&, const Value& asked) -> absl::StatusOr<Value> {
    Value state = asked;
    state.Set("found", Value::Int(1));
    return state;
  };
  EXPECT_THAT(Text(Call(&Stub::ReadDataSource, request).diagnostics()),
              HasSubstr("error at found: The provider made an invalid result of test_lookup"));
}

TEST_F(ServiceTest, ValidatesADataSource) {
  const schema::Table& table = provider_.data_sources[0]->table();
  tfplugin6::ValidateDataResourceConfig::Request request;
  request.set_type_name("test_lookup");
  *request.mutable_config() = Encoded(schema::NullObject(table), table.type);
  EXPECT_THAT(Text(Call(&Stub::ValidateDataResourceConfig, request).diagnostics()), IsEmpty());
  request.set_type_name("test_nothing");
  EXPECT_THAT(Text(Call(&Stub::ValidateDataResourceConfig, request).diagnostics()),
              HasSubstr("error: This provider has no data source test_nothing"));
}

}  // namespace
}  // namespace fediversity::rpc
