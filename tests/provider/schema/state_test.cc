#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using wire::Value;

// Version 2 of a record set. Version 1 called `records` `values`; version 0 had a single `value` besides.
class UpgradeTest : public ::testing::Test {
 protected:
  static FakeResource RecordSet() {
    Table table = MakeFakeTable(
        {{.name = "zone", .required = true},
         {.name = "ttl", .optional = true, .type = wire::Type::Number()},
         {.name = "records", .optional = true, .type = wire::Type::Set(wire::Type::String())},
         NestedRow({.name = "meta", .optional = true}, Nesting::kList, {{.name = "k", .optional = true}}),
         NestedRow({.name = "tags", .optional = true}, Nesting::kMap, {{.name = "k", .optional = true}}),
         {.name = "any", .optional = true, .type = wire::Type::Dynamic()}});
    table.version = 2;
    table.identity = {"zone"};
    FakeResource resource = FakeResource::Of(std::move(table));
    resource.steps = {
        [](Value raw) -> absl::StatusOr<Value> {
          const Value* value = raw.Find("value");
          if (value == nullptr)
            return absl::DataLossError("State has no `value`\nIt was written by something else.");
          raw.Set("values", L({*value}));
          return raw;
        },
        [](Value raw) -> absl::StatusOr<Value> {
          raw.Set("records", *raw.Find("values"));
          return raw;
        },
    };
    return resource;
  }
  FakeResource resource_ = RecordSet();
};

TEST_F(UpgradeTest, TheCurrentVersionIsRead) {
  StateResponse const response = UpgradeState(
      resource_, 2,
      R"({"zone":"z","ttl":12345678901234567890,"records":["b","a"],"meta":null,"tags":{"x":{"k":"v"}},)"
      R"("any":{"value":["x"],"type":["list","string"]}})");
  EXPECT_TRUE(response.diagnostics.empty()) << Text(response.diagnostics);
  EXPECT_EQ(response.state,
            Obj({{"zone", S("z")},
                 {"ttl", Value::Num(*wire::Number::Parse("12345678901234567890"))},
                 {"records", SetOf({S("a"), S("b")})},
                 {"meta", Null()},
                 {"tags", Obj({{"x", Obj({{"k", S("v")}})}})},
                 {"any", Value::Dynamic(wire::Type::List(wire::Type::String()), L({S("x")}))}}));
  EXPECT_EQ(response.identity, Obj({{"zone", S("z")}}));
}

TEST_F(UpgradeTest, OldVersionsGoThroughEveryStep) {
  Value const upgraded = Obj({{"zone", S("z")},
                              {"ttl", N(5)},
                              {"records", SetOf({S("a")})},
                              {"meta", Null()},
                              {"tags", Null()},
                              {"any", Null()}});
  StateResponse const from_0 = UpgradeState(resource_, 0, R"({"zone":"z","ttl":5,"value":"a"})");
  EXPECT_EQ(from_0.state, upgraded) << Text(from_0.diagnostics);
  StateResponse const from_1 = UpgradeState(resource_, 1, R"({"zone":"z","ttl":5,"values":["a"]})");
  EXPECT_EQ(from_1.state, upgraded) << Text(from_1.diagnostics);
}

TEST_F(UpgradeTest, DynamicValuesKeepTheirTypes) {
  StateResponse const response = UpgradeState(
      resource_, 1, R"({"zone":"z","values":[],"any":{"value":{"a":1},"type":["object",{"a":"number"}]}})");
  EXPECT_EQ(*response.state.Find("any"),
            Value::Dynamic(wire::Type::Object({{"a", wire::Type::Number()}}), Obj({{"a", N(1)}})))
      << Text(response.diagnostics);
}

TEST_F(UpgradeTest, AttributesOfOtherBuildsAreDropped) {
  StateResponse const response = UpgradeState(
      resource_, 2,
      R"({"zone":"z","extra":1,"meta":[{"k":"a","more":{}}],"tags":{"x":{"k":"v","more":[]},"y":null}})");
  EXPECT_TRUE(response.diagnostics.empty()) << Text(response.diagnostics);
  EXPECT_EQ(*response.state.Find("meta"), L({Obj({{"k", S("a")}})}));
  EXPECT_EQ(*response.state.Find("tags"), Obj({{"x", Obj({{"k", S("v")}})}, {"y", Null()}}));
}

TEST_F(UpgradeTest, ANewerStateIsRefused) {
  StateResponse const response = UpgradeState(resource_, 3, R"({"zone":"z"})");
  EXPECT_TRUE(response.state.is_null());
  EXPECT_THAT(Text(response.diagnostics),
              AllOf(HasSubstr("newer than this provider"), HasSubstr("version 3"), HasSubstr("up to 2")));
  EXPECT_TRUE(UpgradeState(resource_, -1, R"({"zone":"z"})").diagnostics.has_errors());
}

TEST_F(UpgradeTest, AFailedStepIsReported) {
  StateResponse const response = UpgradeState(resource_, 0, R"({"zone":"z"})");
  EXPECT_TRUE(response.state.is_null());
  EXPECT_EQ(Text(response.diagnostics), "error : State has no `value`: It was written by something else.\n");
}

TEST_F(UpgradeTest, DamagedStateIsReported) {
  for (std::string_view json : {"", "{", "[]", "7", R"({"zone":{}})", R"({"zone":"z","meta":{"k":1}})"}) {
    StateResponse const response = UpgradeState(resource_, 2, json);
    EXPECT_TRUE(response.diagnostics.has_errors()) << json;
    EXPECT_TRUE(response.state.is_null()) << json;
  }
}

TEST(MoveStateTest, AResourceMayTakeOverAnothersState) {
  Table table = MakeFakeTable({{.name = "zone", .required = true}});
  table.identity = {"zone"};
  FakeResource resource = FakeResource::Of(std::move(table));
  resource.move = [](const ForeignState& source,
                     PrivateState& private_state) -> absl::StatusOr<std::optional<Value>> {
    if (source.type_name != "dns_a_record_set") return std::nullopt;
    EXPECT_EQ(source.provider_address, "registry.opentofu.org/hashicorp/dns");
    EXPECT_EQ(source.schema_version, 1);
    EXPECT_EQ(*source.state.Find("addresses"), L({S("203.0.113.9")}));
    private_state["from"] = source.type_name;
    return Obj({{"zone", *source.state.Find("zone")}});
  };
  ForeignState const source = {.provider_address = "registry.opentofu.org/hashicorp/dns",
                               .type_name = "dns_a_record_set",
                               .schema_version = 1};
  StateResponse const moved = MoveState(resource, source, R"({"zone":"z.","addresses":["203.0.113.9"]})");
  EXPECT_EQ(moved.state, Obj({{"zone", S("z.")}}));
  EXPECT_EQ(moved.identity, Obj({{"zone", S("z.")}}));
  EXPECT_EQ(moved.private_bytes, R"({"from":"dns_a_record_set"})");
  EXPECT_TRUE(moved.diagnostics.empty());

  ForeignState other = source;
  other.type_name = "aws_route53_record";
  StateResponse const refused = MoveState(resource, other, "{}");
  EXPECT_TRUE(refused.state.is_null());
  EXPECT_THAT(Text(refused.diagnostics), AllOf(HasSubstr("Cannot move aws_route53_record to test_fake"),
                                               HasSubstr("import"), HasSubstr("removed")));
  EXPECT_TRUE(MoveState(resource, source, "{").diagnostics.has_errors());
}

TEST(MoveStateTest, AResourceThatMovesNothingRefuses) {
  FakeResource const resource({{.name = "zone", .required = true}});
  EXPECT_TRUE(MoveState(resource, {.type_name = "x"}, "{}").diagnostics.has_errors());
}

TEST(MoveStateTest, AFailureIsReported) {
  FakeResource resource({{.name = "zone", .required = true}});
  resource.move = [](const ForeignState&, PrivateState&) -> absl::StatusOr<std::optional<Value>> {
    return absl::InvalidArgumentError("Odd state\nIt has no zone.");
  };
  EXPECT_EQ(Text(MoveState(resource, {.type_name = "x"}, "{}").diagnostics),
            "error : Odd state: It has no zone.\n");
}

}  // namespace
}  // namespace fediversity::schema
