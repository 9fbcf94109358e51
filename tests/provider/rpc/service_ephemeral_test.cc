// RPCs of ephemeral resources, over gRPC.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/provider/rpc/test_provider.h"

namespace fediversity::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EphemeralServiceTest : public ServiceTest {
 protected:
  tfplugin6::OpenEphemeralResource::Response Open(const std::string& type_name = "test_loan") {
    const schema::Table& table = provider_.ephemeral_resources[0]->table();
    Value config = schema::NullObject(table);
    config.Set("key", Value::String("a"));
    tfplugin6::OpenEphemeralResource::Request request;
    request.set_type_name(type_name);
    *request.mutable_config() = Encoded(config, table.type);
    return Call(&Stub::OpenEphemeralResource, request);
  }
  tfplugin6::RenewEphemeralResource::Response Renew(const std::string& private_bytes) {
    tfplugin6::RenewEphemeralResource::Request request;
    request.set_type_name("test_loan");
    request.set_private_(private_bytes);
    return Call(&Stub::RenewEphemeralResource, request);
  }
  std::string Close(const std::string& private_bytes, const std::string& type_name = "test_loan") {
    tfplugin6::CloseEphemeralResource::Request request;
    request.set_type_name(type_name);
    request.set_private_(private_bytes);
    return Text(Call(&Stub::CloseEphemeralResource, request).diagnostics());
  }
};

TEST_F(EphemeralServiceTest, TellsItsSchemaAndName) {
  auto const schema = Call(&Stub::GetProviderSchema, tfplugin6::GetProviderSchema::Request());
  ASSERT_EQ(schema.ephemeral_resource_schemas_size(), 1);
  EXPECT_EQ(schema.ephemeral_resource_schemas().at("test_loan").block().attributes_size(), 2);
  auto const metadata = Call(&Stub::GetMetadata, tfplugin6::GetProviderMetadata::Request());
  ASSERT_EQ(metadata.ephemeral_resources_size(), 1);
  EXPECT_EQ(metadata.ephemeral_resources(0).type_name(), "test_loan");
}

TEST_F(EphemeralServiceTest, OpensRenewsAndCloses) {
  auto const opened = Open();
  ASSERT_THAT(Text(opened.diagnostics()), IsEmpty());
  const schema::Table& table = provider_.ephemeral_resources[0]->table();
  EXPECT_EQ(*Decoded(opened.result(), table.type).Find("lent"), Value::String("secret of a"));
  EXPECT_FALSE(opened.has_renew_at());
  EXPECT_EQ(Close(opened.private_()), "");
}

TEST_F(EphemeralServiceTest, TellsWhenToRenew) {
  behaviour_.open = [](Operation& operation, const Value& config) -> absl::StatusOr<Value> {
    operation.private_state["times"] = "0";
    operation.renew_at = absl::FromUnixMillis(1'800'000'000'250);
    Value result = config;
    result.Set("lent", Value::String("x"));
    return result;
  };
  behaviour_.renew = [](Operation& operation) {
    operation.private_state["times"] += "1";
    return absl::OkStatus();
  };
  behaviour_.close = [](Operation& operation) {
    return absl::UnavailableError("Times " + operation.private_state["times"]);
  };
  auto const opened = Open();
  EXPECT_EQ(opened.renew_at().seconds(), 1'800'000'000);
  EXPECT_EQ(opened.renew_at().nanos(), 250'000'000);
  auto const renewed = Renew(opened.private_());
  EXPECT_THAT(Text(renewed.diagnostics()), IsEmpty());
  EXPECT_FALSE(renewed.has_renew_at());
  EXPECT_EQ(Close(renewed.private_()), "error: Times 01 / \n");
}

TEST_F(EphemeralServiceTest, WhatIsWrongIsADiagnostic) {
  EXPECT_THAT(Text(Open("test_nothing").diagnostics()),
              HasSubstr("error: This provider has no ephemeral resource test_nothing"));
  EXPECT_THAT(Close("", "test_nothing"), HasSubstr("no ephemeral resource test_nothing"));
  behaviour_.open = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return schema::OnAttribute(absl::NotFoundError("Nothing to lend\nThere is no a."), "key");
  };
  auto const opened = Open();
  EXPECT_EQ(Text(opened.diagnostics()), "error at key: Nothing to lend / There is no a.\n");
  EXPECT_FALSE(opened.has_result());

  behaviour_.open = [](Operation&, const Value& config) -> absl::StatusOr<Value> {
    Value result = config;
    result.Set("lent", Value::Int(1));
    return result;
  };
  EXPECT_THAT(Text(Open().diagnostics()),
              HasSubstr("error at lent: The provider made an invalid result of test_loan"));
}

TEST_F(EphemeralServiceTest, ClosesAfterTheUserHasStoppedTheRun) {
  bool cancelled = true;
  behaviour_.close = [&cancelled](Operation& operation) {
    cancelled = operation.cancel.cancelled();
    return absl::OkStatus();
  };
  auto const opened = Open();
  service_->Stop();
  EXPECT_EQ(Close(opened.private_()), "");
  EXPECT_FALSE(cancelled);
}

TEST_F(EphemeralServiceTest, Validates) {
  const schema::Table& table = provider_.ephemeral_resources[0]->table();
  tfplugin6::ValidateEphemeralResourceConfig::Request request;
  request.set_type_name("test_loan");
  *request.mutable_config() = Encoded(schema::NullObject(table), table.type);
  EXPECT_THAT(Text(Call(&Stub::ValidateEphemeralResourceConfig, request).diagnostics()),
              HasSubstr("error at key: Missing value for key"));
}

}  // namespace
}  // namespace fediversity::rpc
