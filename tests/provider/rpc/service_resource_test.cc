// RPCs in the life of a resource, over gRPC.

#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provider/base/clock.h"
#include "tests/provider/rpc/test_provider.h"

namespace fediversity::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ResourceServiceTest : public ServiceTest {
 protected:
  tfplugin6::ReadResource::Response Read(const Value& state, const std::string& private_bytes = "") {
    tfplugin6::ReadResource::Request request;
    request.set_type_name("test_thing");
    *request.mutable_current_state() = Encoded(state, type_);
    request.set_private_(private_bytes);
    return Call(&Stub::ReadResource, request);
  }

  tfplugin6::PlanResourceChange::Response Plan(const Value& prior, const Value& config) {
    tfplugin6::PlanResourceChange::Request request;
    request.set_type_name("test_thing");
    *request.mutable_prior_state() = Encoded(prior, type_);
    *request.mutable_proposed_new_state() = Encoded(config, type_);
    *request.mutable_config() = Encoded(config, type_);
    return Call(&Stub::PlanResourceChange, request);
  }

  tfplugin6::ApplyResourceChange::Response Apply(const Value& prior, const Value& planned,
                                                 const Value& config) {
    tfplugin6::ApplyResourceChange::Request request;
    request.set_type_name("test_thing");
    *request.mutable_prior_state() = Encoded(prior, type_);
    *request.mutable_planned_state() = Encoded(planned, type_);
    *request.mutable_config() = Encoded(config, type_);
    return Call(&Stub::ApplyResourceChange, request);
  }

  std::string Validate(const Value& config, bool write_only_allowed = true) {
    tfplugin6::ValidateResourceConfig::Request request;
    request.set_type_name("test_thing");
    *request.mutable_config() = Encoded(config, type_);
    request.mutable_client_capabilities()->set_write_only_attributes_allowed(write_only_allowed);
    return Text(Call(&Stub::ValidateResourceConfig, request).diagnostics());
  }

  Value Object(std::int64_t size) const {
    return Value::Map({{"size", Value::Int(size)}, {"label", Value::Null()}});
  }

  wire::Type type_ = ThingTable().type;
  wire::Type identity_ = ThingTable().IdentityType();
};

TEST_F(ResourceServiceTest, CreatesReadsChangesAndDeletes) {
  Value const config =
      Thing({{"name", Value::String("a")}, {"extra", Value::Dynamic(wire::Type::Bool(), Value::Bool(true))}});
  auto const planned = Plan(Value::Null(), config);
  ASSERT_THAT(Text(planned.diagnostics()), IsEmpty());
  EXPECT_EQ(planned.requires_replace_size(), 0);
  Value const plan = Decoded(planned.planned_state(), type_);
  EXPECT_TRUE(plan.Find("id")->is_unknown());

  auto const created = Apply(Value::Null(), plan, config);
  ASSERT_THAT(Text(created.diagnostics()), IsEmpty());
  Value const state = Decoded(created.new_state(), type_);
  EXPECT_EQ(*state.Find("id"), Value::String("id-1"));
  EXPECT_EQ(*state.Find("extra"), *config.Find("extra"));
  EXPECT_THAT(created.private_(), HasSubstr("made"));
  EXPECT_EQ(Decoded(created.new_identity().identity_data(), identity_),
            Value::Map({{"name", Value::String("a")}}));

  auto const read = Read(state, created.private_());
  ASSERT_THAT(Text(read.diagnostics()), IsEmpty());
  EXPECT_EQ(Decoded(read.new_state(), type_), state);
  EXPECT_EQ(read.private_(), created.private_()) << "the host stores what it gets here";
  EXPECT_EQ(Decoded(read.new_identity().identity_data(), identity_),
            Value::Map({{"name", Value::String("a")}}));

  Value renamed = config;
  renamed.Set("name", Value::String("b"));
  auto const replacement = Plan(state, renamed);
  ASSERT_EQ(replacement.requires_replace_size(), 1);
  EXPECT_EQ(PathText(replacement.requires_replace(0)), "name");

  EXPECT_TRUE(Decoded(Plan(state, Value::Null()).planned_state(), type_).is_null());
  auto const deleted = Apply(state, Value::Null(), Value::Null());
  EXPECT_THAT(Text(deleted.diagnostics()), IsEmpty());
  EXPECT_TRUE(Decoded(deleted.new_state(), type_).is_null());
}

TEST_F(ResourceServiceTest, AnObjectThatIsGoneReadsAsNull) {
  behaviour_.read = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return absl::NotFoundError("gone");
  };
  auto const read = Read(Thing({{"name", Value::String("a")}}));
  EXPECT_THAT(Text(read.diagnostics()), IsEmpty());
  EXPECT_TRUE(Decoded(read.new_state(), type_).is_null());
}

TEST_F(ResourceServiceTest, AcceptsJsonAndTakesEmptyForNull) {
  tfplugin6::ValidateResourceConfig::Request request;
  request.set_type_name("test_thing");
  request.mutable_config()->set_json(R"({"name": "XYZ", "tags": ["a"]})");
  EXPECT_THAT(Text(Call(&Stub::ValidateResourceConfig, request).diagnostics()),
              StartsWith("error at name: "));
  request.mutable_config()->clear_json();
  EXPECT_THAT(Text(Call(&Stub::ValidateResourceConfig, request).diagnostics()), IsEmpty());
}

TEST_F(ResourceServiceTest, DiagnosticsNameTheAttributeAndEndAtSets) {
  EXPECT_THAT(Validate(Thing({{"name", Value::String("XYZ")}})),
              StartsWith("error at name: Invalid value for name / "));
  behaviour_.validate = [this](const Value&, schema::Diagnostics& diagnostics) {
    diagnostics.AddError("map", "", wire::Path("disks").AtKey("a").Child("size"));
    diagnostics.AddError("list", "", wire::Path("rules").AtIndex(1).Child("size"));
    diagnostics.AddWarning("set", "", wire::Path("ports").AtSetElement(Object(1)).Child("size"));
    diagnostics.AddError("block", "");
  };
  EXPECT_EQ(Validate(Thing({{"name", Value::String("a")}})),
            "error at disks[\"a\"].size: map / \n"
            "error at rules[1].size: list / \n"
            "warning at ports: set / \n"
            "error: block / \n");
}

TEST_F(ResourceServiceTest, NullElementsOfNestedAttributesAreRefusedAtValidate) {
  EXPECT_THAT(
      Validate(Thing({{"name", Value::String("a")}, {"rules", Value::List({Object(1), Value::Null()})}})),
      HasSubstr("error at rules[1]: "));
  EXPECT_THAT(Validate(Thing({{"name", Value::String("a")}, {"disks", Value::Map({{"x", Value::Null()}})}})),
              HasSubstr("error at disks[\"x\"]: "));
}

TEST_F(ResourceServiceTest, WriteOnlyAttributesNeedAHostThatKnowsThem) {
  Value const config = Thing({{"name", Value::String("a")}, {"secret_wo", Value::String("hidden")}});
  EXPECT_THAT(Validate(config, true), IsEmpty());
  EXPECT_THAT(Validate(config, false), HasSubstr("error at secret_wo: "));
}

TEST_F(ResourceServiceTest, BytesThatAreNoUtf8DoNotFailTheCall) {
  behaviour_.validate = [](const Value&, schema::Diagnostics& diagnostics) {
    diagnostics.AddError("summary \xFF", "detail \xC3", wire::Path("disks").AtKey("k"));
  };
  EXPECT_EQ(Validate(Thing({{"name", Value::String("a")}})),
            "error at disks[\"k\"]: summary \xEF\xBF\xBD / detail \xEF\xBF\xBD\n");
}

TEST_F(ResourceServiceTest, UnknownTypesAndUnreadableValuesAreDiagnostics) {
  tfplugin6::ReadResource::Request request;
  request.set_type_name("test_nothing");
  EXPECT_THAT(Text(Call(&Stub::ReadResource, request).diagnostics()),
              HasSubstr("error: This provider has no resource test_nothing"));
  request.set_type_name("test_thing");
  request.mutable_current_state()->set_msgpack("\xC1");
  EXPECT_THAT(Text(Call(&Stub::ReadResource, request).diagnostics()),
              HasSubstr("error: The host sent a value that the schema does not allow / Reading the state: "));
}

TEST_F(ResourceServiceTest, ExceptionsAreDiagnosticsAndKeepTheState) {
  behaviour_.read = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    throw std::runtime_error("boom");
  };
  EXPECT_THAT(Text(Read(Thing({{"name", Value::String("a")}})).diagnostics()), HasSubstr("boom"));

  behaviour_.update = [](Operation&, const Value&, const Value&) -> absl::StatusOr<Value> { throw 7; };
  Value const state = Thing({{"id", Value::String("id-1")}, {"name", Value::String("a")}});
  auto const applied = Apply(state, state, state);
  EXPECT_THAT(Text(applied.diagnostics()), StartsWith("error"));
  EXPECT_EQ(Decoded(applied.new_state(), type_), state);
}

TEST_F(ResourceServiceTest, WhatWasMadeBeforeAFailureIsInState) {
  behaviour_.create = [](Operation& operation, const Value& planned) -> absl::StatusOr<Value> {
    Value partial = planned;
    partial.Set("id", Value::String("half"));
    operation.checkpoint(partial);
    return absl::UnavailableError("The service hung up\nAfter the first step.");
  };
  Value const config = Thing({{"name", Value::String("a")}});
  auto const applied =
      Apply(Value::Null(), Decoded(Plan(Value::Null(), config).planned_state(), type_), config);
  EXPECT_EQ(Text(applied.diagnostics()), "error: The service hung up / After the first step.\n");
  EXPECT_EQ(*Decoded(applied.new_state(), type_).Find("id"), Value::String("half"));
}

TEST_F(ResourceServiceTest, AnInvalidPlanIsAnErrorOnTheAttribute) {
  behaviour_.plan = [](const Value&, Value& planned) {
    planned.Set("name", Value::Int(5));
    return absl::OkStatus();
  };
  auto const answer = Plan(Value::Null(), Thing({{"name", Value::String("a")}}));
  EXPECT_THAT(
      Text(answer.diagnostics()),
      HasSubstr("error at name: The provider made an invalid plan of test_thing / `name` does not conform"));
  EXPECT_THAT(answer.planned_state().msgpack(), IsEmpty());

  behaviour_.plan = [](const Value&, Value& planned) {
    planned.Set("rules", Value::List({Value::Null()}));
    return absl::OkStatus();
  };
  EXPECT_THAT(Text(Plan(Value::Null(), Thing({{"name", Value::String("a")}})).diagnostics()),
              HasSubstr("error at rules[0]: "));
}

TEST_F(ResourceServiceTest, AnInvalidResultIsAnErrorAndTheRestIsKept) {
  behaviour_.update = [this](Operation&, const Value&, const Value& planned) -> absl::StatusOr<Value> {
    Value made = planned;
    made.Set("extra", Value::String("without a type"));
    made.Set("disks", Value::Map({{"a", Object(1)}, {"b", Value::Null()}}));
    return made;
  };
  Value const state = Thing({{"id", Value::String("id-1")}, {"name", Value::String("a")}});
  auto const applied = Apply(state, state, state);
  EXPECT_THAT(Text(applied.diagnostics()),
              HasSubstr("error at extra: The provider made an invalid new state"));
  Value const kept = Decoded(applied.new_state(), type_);
  EXPECT_EQ(*kept.Find("id"), Value::String("id-1"));
  EXPECT_TRUE(kept.Find("extra")->is_null());
  EXPECT_TRUE(kept.Find("disks")->is_null());
}

TEST_F(ResourceServiceTest, StopEndsWhatRunsUntilTheProviderIsConfiguredAgain) {
  std::promise<void> started;
  bool first = true;
  behaviour_.read = [&](Operation& operation, const Value& state) -> absl::StatusOr<Value> {
    if (std::exchange(first, false)) {
      started.set_value();
      absl::Status const slept = SystemClock().Sleep(absl::Minutes(10), operation.cancel, "reading");
      if (!slept.ok()) return slept;
    }
    if (operation.cancel.cancelled()) return absl::CancelledError("stopped");
    return state;
  };
  Value const state = Thing({{"name", Value::String("a")}});
  auto running = std::async(std::launch::async, [&] { return Text(Read(state).diagnostics()); });
  started.get_future().wait();
  EXPECT_THAT(Call(&Stub::StopProvider, tfplugin6::StopProvider::Request()).error(), IsEmpty());
  EXPECT_THAT(running.get(), HasSubstr("reading: interrupted"));
  EXPECT_THAT(Text(Read(state).diagnostics()), HasSubstr("stopped"));
  Call(&Stub::ConfigureProvider, tfplugin6::ConfigureProvider::Request());
  EXPECT_THAT(Text(Read(state).diagnostics()), IsEmpty());
}

TEST_F(ResourceServiceTest, ImportsByIdAndByIdentity) {
  tfplugin6::ImportResourceState::Request request;
  request.set_type_name("test_thing");
  request.set_id("a");
  auto const by_id = Call(&Stub::ImportResourceState, request);
  ASSERT_EQ(by_id.imported_resources_size(), 1) << Text(by_id.diagnostics());
  EXPECT_EQ(by_id.imported_resources(0).type_name(), "test_thing");
  EXPECT_EQ(Decoded(by_id.imported_resources(0).state(), type_), Thing({{"name", Value::String("a")}}));
  EXPECT_EQ(Decoded(by_id.imported_resources(0).identity().identity_data(), identity_),
            Value::Map({{"name", Value::String("a")}}));

  request.clear_id();
  *request.mutable_identity()->mutable_identity_data() =
      Encoded(Value::Map({{"name", Value::String("b")}}), identity_);
  auto const by_identity = Call(&Stub::ImportResourceState, request);
  ASSERT_EQ(by_identity.imported_resources_size(), 1) << Text(by_identity.diagnostics());
  EXPECT_EQ(Decoded(by_identity.imported_resources(0).state(), type_), Thing({{"name", Value::String("b")}}));

  *request.mutable_identity()->mutable_identity_data() =
      Encoded(Value::Map({{"name", Value::Null()}}), identity_);
  auto const incomplete = Call(&Stub::ImportResourceState, request);
  EXPECT_EQ(incomplete.imported_resources_size(), 0);
  EXPECT_THAT(Text(incomplete.diagnostics()), HasSubstr("Identity is incomplete"));
}

TEST_F(ResourceServiceTest, UpgradesStoredStates) {
  tfplugin6::UpgradeResourceState::Request request;
  request.set_type_name("test_thing");
  request.set_version(1);
  request.mutable_raw_state()->set_json(R"({"id": "1", "name": "a", "secret_wo_version": 3})");
  auto const same = Call(&Stub::UpgradeResourceState, request);
  EXPECT_EQ(
      Decoded(same.upgraded_state(), type_),
      Thing({{"id", Value::String("1")}, {"name", Value::String("a")}, {"secret_wo_version", Value::Int(3)}}))
      << Text(same.diagnostics());

  request.set_version(0);
  request.mutable_raw_state()->set_json(R"({"id": "1", "old_name": "b"})");
  auto const older = Call(&Stub::UpgradeResourceState, request);
  EXPECT_EQ(*Decoded(older.upgraded_state(), type_).Find("name"), Value::String("b"))
      << Text(older.diagnostics());

  request.mutable_raw_state()->clear_json();
  (*request.mutable_raw_state()->mutable_flatmap())["id"] = "1";
  EXPECT_THAT(Text(Call(&Stub::UpgradeResourceState, request).diagnostics()),
              HasSubstr("Terraform before 0.12"));
  request.mutable_raw_state()->set_json("{");
  EXPECT_THAT(Text(Call(&Stub::UpgradeResourceState, request).diagnostics()), StartsWith("error"));
}

TEST_F(ResourceServiceTest, UpgradesStoredIdentities) {
  tfplugin6::UpgradeResourceIdentity::Request request;
  request.set_type_name("test_thing");
  request.mutable_raw_identity()->set_json(R"({"name": "a"})");
  auto const upgraded = Call(&Stub::UpgradeResourceIdentity, request);
  EXPECT_EQ(Decoded(upgraded.upgraded_identity().identity_data(), identity_),
            Value::Map({{"name", Value::String("a")}}));
  request.mutable_raw_identity()->set_json(R"({"title": "a"})");
  EXPECT_THAT(Text(Call(&Stub::UpgradeResourceIdentity, request).diagnostics()),
              HasSubstr("The stored identity of test_thing does not fit"));
}

TEST_F(ResourceServiceTest, TakesOverOtherTypes) {
  tfplugin6::MoveResourceState::Request request;
  request.set_target_type_name("test_thing");
  request.set_source_type_name("other_thing");
  request.set_source_provider_address("registry.opentofu.org/other/other");
  request.mutable_source_state()->set_json(R"({"title": "t", "whatever": [1, 2]})");
  auto const moved = Call(&Stub::MoveResourceState, request);
  EXPECT_EQ(*Decoded(moved.target_state(), type_).Find("name"), Value::String("t"))
      << Text(moved.diagnostics());
  EXPECT_EQ(Decoded(moved.target_identity().identity_data(), identity_),
            Value::Map({{"name", Value::String("t")}}));
  EXPECT_EQ(moved.target_private(), R"({"title":"t"})");

  request.set_source_type_name("strange_thing");
  EXPECT_THAT(Text(Call(&Stub::MoveResourceState, request).diagnostics()),
              HasSubstr("Cannot move strange_thing to test_thing"));
}

}  // namespace
}  // namespace fediversity::rpc
