#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "provider/base/unknown_setting.h"
#include "provider/schema/operation.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::Value;

class Apply : public ::testing::Test {
 protected:
  static FakeResource Bucket() {
    Table table = MakeFakeTable(
        {{.name = "id", .computed = true, .keep_state = true},
         {.name = "name", .required = true},
         {.name = "key_wo", .optional = true, .write_only = true, .version_attribute = "version"},
         {.name = "version", .optional = true},
         NestedRow({.name = "timeouts", .optional = true}, Nesting::kSingle,
                   {{.name = "create", .optional = true}, {.name = "delete", .optional = true}})});
    table.identity = {"id"};
    return FakeResource::Of(std::move(table));
  }
  static Value Object(Value id, std::string_view name, Value timeouts = {}) {
    return Obj({{"id", std::move(id)},
                {"name", S(name)},
                {"key_wo", Null()},
                {"version", Null()},
                {"timeouts", std::move(timeouts)}});
  }
  ApplyResponse Make(FakeResource& resource, Value prior, Value planned, std::string planned_private = "") {
    Value config = planned;
    if (!config.is_null()) config.Set("key_wo", S("secret"));
    return ApplyResource(resource,
                         {.prior = std::move(prior),
                          .planned = std::move(planned),
                          .config = std::move(config),
                          .planned_private = std::move(planned_private)},
                         process_.call());
  }

  FakeProcess process_;
  FakeResource resource_ = Bucket();
};

TEST_F(Apply, CreateAnswersWhatTheServiceHolds) {
  resource_.create = [](Operation& operation, const Value& planned) -> absl::StatusOr<Value> {
    EXPECT_TRUE(planned.Find("id")->is_unknown());
    EXPECT_EQ(*operation.config.Find("key_wo"), S("secret"));
    operation.private_state["uuid"] = "4c4c";
    return Object(S("1"), "a");
  };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_EQ(response.state, Object(S("1"), "a"));
  EXPECT_EQ(response.identity, Obj({{"id", S("1")}}));
  EXPECT_EQ(response.private_bytes, R"({"uuid":"4c4c"})");
  EXPECT_TRUE(response.diagnostics.empty());
}

TEST_F(Apply, WriteOnlyValuesNeverReachState) {
  resource_.create = [](Operation& operation, const Value&) -> absl::StatusOr<Value> {
    Value made = Object(S("1"), "a");
    made.Set("key_wo", S("secret"));
    operation.checkpoint(made);
    return made;
  };
  EXPECT_EQ(Make(resource_, Null(), Object(Unknown(), "a")).state, Object(S("1"), "a"));
  resource_.create = [](Operation& operation, const Value&) -> absl::StatusOr<Value> {
    Value made = Object(S("1"), "a");
    made.Set("key_wo", S("secret"));
    operation.checkpoint(made);
    return absl::UnavailableError("Gone");
  };
  EXPECT_EQ(Make(resource_, Null(), Object(Unknown(), "a")).state, Object(S("1"), "a"));
}

TEST_F(Apply, ACheckpointSurvivesAFailure) {
  resource_.create = [](Operation& operation, const Value& planned) -> absl::StatusOr<Value> {
    Value made = planned;
    made.Set("id", S("1"));
    made.Set("version", Unknown());
    operation.private_state["uuid"] = "4c4c";
    operation.checkpoint(made);
    return OnAttribute(absl::UnavailableError("The node went down\nWhile the disk was made."), "name");
  };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_EQ(response.state, Object(S("1"), "a"));  // what is unknown is saved as null
  EXPECT_EQ(response.identity, Obj({{"id", S("1")}}));
  EXPECT_EQ(response.private_bytes, R"({"uuid":"4c4c"})");
  EXPECT_EQ(Text(response.diagnostics), "error name: The node went down: While the disk was made.\n");
}

TEST_F(Apply, AFailureBeforeAnythingExistsLeavesNothing) {
  resource_.create = [](Operation& operation, const Value&) -> absl::StatusOr<Value> {
    operation.private_state["uuid"] = "4c4c";
    return absl::UnavailableError("The service is down");
  };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_TRUE(response.state.is_null());
  EXPECT_FALSE(response.identity.has_value());
  EXPECT_EQ(response.private_bytes, "");
  EXPECT_TRUE(response.diagnostics.has_errors());
}

TEST_F(Apply, AFailedUpdateKeepsThePriorState) {
  std::string const bytes = EncodePrivate({{"uuid", "4c4c"}});
  resource_.update = [](Operation&, const Value&, const Value&) -> absl::StatusOr<Value> {
    return absl::PermissionDeniedError("Not allowed");
  };
  ApplyResponse const response = Make(resource_, Object(S("1"), "a"), Object(S("1"), "b"), bytes);
  EXPECT_EQ(response.state, Object(S("1"), "a"));
  EXPECT_EQ(response.identity, Obj({{"id", S("1")}}));
  EXPECT_EQ(response.private_bytes, bytes);
  EXPECT_TRUE(response.diagnostics.has_errors());
}

TEST_F(Apply, AnUpdateThatFailsHalfwayKeepsItsCheckpoint) {
  resource_.update = [](Operation& operation, const Value& prior,
                        const Value& planned) -> absl::StatusOr<Value> {
    EXPECT_EQ(*prior.Find("name"), S("a"));
    operation.checkpoint(planned);
    return absl::UnavailableError("Gone");
  };
  EXPECT_EQ(Make(resource_, Object(S("1"), "a"), Object(S("1"), "b")).state, Object(S("1"), "b"));
}

// Libraries throw; what was made by then must not be lost.
TEST_F(Apply, ACheckpointSurvivesAnException) {
  resource_.create = [](Operation& operation, const Value&) -> absl::StatusOr<Value> {
    operation.checkpoint(Object(S("1"), "a"));
    throw std::runtime_error("out of luck");
  };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_TRUE(response.diagnostics.has_errors());
  EXPECT_THAT(Text(response.diagnostics), HasSubstr("out of luck"));
  EXPECT_EQ(*response.state.Find("id"), S("1"));
}

TEST_F(Apply, AnExceptionWhileDeletingKeepsTheObject) {
  resource_.remove = [](Operation&, const Value&) -> absl::Status {
    throw std::runtime_error("out of luck");
  };
  ApplyResponse const response = Make(resource_, Object(S("1"), "a"), Null());
  EXPECT_TRUE(response.diagnostics.has_errors());
  EXPECT_EQ(response.state, Object(S("1"), "a"));
}

TEST_F(Apply, WhatIsLeftUnknownIsReadBack) {
  resource_.create = [](Operation&, const Value& planned) -> absl::StatusOr<Value> {
    Value made = planned;
    made.Set("id", S("1"));
    made.Set("version", Unknown());
    return made;
  };
  resource_.read = [](Operation& operation, const Value& state) -> absl::StatusOr<Value> {
    EXPECT_EQ(state, Object(S("1"), "a"));
    EXPECT_NE(operation.deadline, absl::InfiniteFuture());
    Value full = state;
    full.Set("version", S("7"));
    return full;
  };
  Value planned = Object(Unknown(), "a");
  planned.Set("version", Unknown());
  ApplyResponse const response = Make(resource_, Null(), planned);
  EXPECT_EQ(*response.state.Find("version"), S("7"));
  EXPECT_TRUE(response.diagnostics.empty()) << Text(response.diagnostics);
}

TEST_F(Apply, AFailedReadBackKeepsWhatWasMade) {
  resource_.create = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    Value made = Object(S("1"), "a");
    made.Set("version", Unknown());
    return made;
  };
  for (absl::Status const& trouble :
       {absl::UnavailableError("Down"), absl::NotFoundError("Not there\nAny more.")}) {
    resource_.read = [&](Operation&, const Value&) -> absl::StatusOr<Value> { return trouble; };
    ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
    EXPECT_EQ(response.state, Object(S("1"), "a"));
    EXPECT_TRUE(response.diagnostics.has_errors());
  }
  resource_.read = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return absl::NotFoundError("Not there\nAny more.");
  };
  ApplyResponse const lost = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_THAT(Text(lost.diagnostics), AllOf(HasSubstr("cannot be found any more"), HasSubstr("Not there")));
}

TEST_F(Apply, WhatIsNotAsPlannedIsNamed) {
  resource_.create = [](Operation&, const Value&) -> absl::StatusOr<Value> { return Object(S("1"), "A"); };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_EQ(*response.state.Find("name"), S("A"));
  ASSERT_EQ(response.diagnostics.list().size(), 1u);
  EXPECT_EQ(response.diagnostics.list()[0].path, wire::Path("name"));
  EXPECT_THAT(Text(response.diagnostics), HasSubstr("`name` is not as planned"));
}

TEST_F(Apply, AnErrorOfTheResourceIsNotFollowedByDifferences) {
  resource_.create = [](Operation& operation, const Value&) -> absl::StatusOr<Value> {
    operation.diagnostics.AddError("Quota exceeded", "The disk is smaller than asked for.");
    return Object(S("1"), "A");
  };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_EQ(Text(response.diagnostics), "error : Quota exceeded: The disk is smaller than asked for.\n");
  EXPECT_EQ(*response.state.Find("name"), S("A"));
}

TEST_F(Apply, ThePlansSpellingIsKept) {
  resource_.keep_spelling = [](const Value& known, Value& fresh) {
    if (*fresh.Find("name") == S("web.example.")) fresh.Set("name", *known.Find("name"));
  };
  resource_.create = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return Object(S("1"), "web.example.");
  };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "Web.Example"));
  EXPECT_EQ(*response.state.Find("name"), S("Web.Example"));
  EXPECT_TRUE(response.diagnostics.empty());
}

TEST_F(Apply, DeleteAnswersNull) {
  for (absl::Status const& answer : {absl::OkStatus(), absl::NotFoundError("Long gone")}) {
    resource_.remove = [&](Operation& operation, const Value& state) {
      EXPECT_EQ(state, Object(S("1"), "a"));
      EXPECT_EQ(operation.private_state.at("uuid"), "4c4c");
      return answer;
    };
    ApplyResponse const response =
        Make(resource_, Object(S("1"), "a"), Null(), EncodePrivate({{"uuid", "4c4c"}}));
    EXPECT_TRUE(response.state.is_null());
    EXPECT_FALSE(response.identity.has_value());
    EXPECT_EQ(response.private_bytes, "");
    EXPECT_TRUE(response.diagnostics.empty());
  }
}

TEST_F(Apply, AFailedDeleteKeepsEverything) {
  std::string const bytes = EncodePrivate({{"uuid", "4c4c"}});
  resource_.remove = [](Operation&, const Value&) {
    return absl::FailedPreconditionError("It is protected");
  };
  ApplyResponse const response = Make(resource_, Object(S("1"), "a"), Null(), bytes);
  EXPECT_EQ(response.state, Object(S("1"), "a"));
  EXPECT_EQ(response.identity, Obj({{"id", S("1")}}));
  EXPECT_EQ(response.private_bytes, bytes);
  EXPECT_EQ(Text(response.diagnostics), "error : It is protected: \n");
}

TEST_F(Apply, AnUnknownSettingIsAnErrorHere) {
  UnknownSetting const setting("dns.server");
  resource_.create = [&](Operation&, const Value&) -> absl::StatusOr<Value> { return setting.ToStatus(); };
  ApplyResponse const response = Make(resource_, Null(), Object(Unknown(), "a"));
  EXPECT_TRUE(response.diagnostics.has_errors());
  EXPECT_THAT(Text(response.diagnostics), HasSubstr("dns.server"));
}

TEST_F(Apply, TimeoutsBoundEachOperation) {
  Value const timeouts = Obj({{"create", S("90s")}, {"delete", S("2h")}});
  absl::Duration left;
  resource_.create = [&](Operation& operation, const Value& planned) -> absl::StatusOr<Value> {
    left = operation.deadline - absl::Now();
    return Object(S("1"), "a", *planned.Find("timeouts"));
  };
  Make(resource_, Null(), Object(Unknown(), "a", timeouts));
  EXPECT_NEAR(absl::ToDoubleSeconds(left), 90, 2);
  resource_.remove = [&](Operation& operation, const Value&) {
    left = operation.deadline - absl::Now();
    return absl::OkStatus();
  };
  Make(resource_, Object(S("1"), "a", timeouts), Null());
  EXPECT_NEAR(absl::ToDoubleSeconds(left), 7200, 2);
}

TEST_F(Apply, DamagedPrivateStateChangesNothing) {
  ApplyResponse const response = Make(resource_, Object(S("1"), "a"), Object(S("1"), "b"), "garbage");
  EXPECT_EQ(response.state, Object(S("1"), "a"));
  EXPECT_EQ(response.private_bytes, "garbage");
  EXPECT_THAT(Text(response.diagnostics), AllOf(HasSubstr("damaged"), Not(HasSubstr("garbage"))));
}

// Which paths are reported where `planned` was promised and `held` came.
std::vector<std::string> Reported(std::vector<Row> rows, const Value& planned, const Value& held) {
  FakeResource resource(std::move(rows));
  FakeProcess const process;
  resource.create = [&](Operation&, const Value&) -> absl::StatusOr<Value> { return held; };
  ApplyResponse const response =
      ApplyResource(resource, {.planned = planned, .config = planned}, process.call());
  std::vector<std::string> paths;
  for (const Diagnostic& diagnostic : response.diagnostics.list())
    paths.push_back(diagnostic.path.ToString());
  return paths;
}

TEST(ApplyDifferences, AreNamedAtTheirDepth) {
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  auto rows = [](Nesting nesting) {
    return std::vector<Row>{NestedRow({.name = "x", .optional = true}, nesting,
                                      {{.name = "a", .optional = true, .sensitive = true},
                                       {.name = "b", .optional = true, .computed = true}})};
  };
  auto element = [](std::string_view a, Value b) { return Obj({{"a", S(a)}, {"b", std::move(b)}}); };
  EXPECT_THAT(Reported(rows(Nesting::kSingle), Obj({{"x", element("1", Unknown())}}),
                       Obj({{"x", element("2", S("b"))}})),
              ElementsAre("x.a"));
  EXPECT_THAT(Reported(rows(Nesting::kList), Obj({{"x", L({element("1", Unknown()), element("2", S("c"))})}}),
                       Obj({{"x", L({element("1", S("b")), element("2", S("d"))})}})),
              ElementsAre("x[1].b"));
  EXPECT_THAT(Reported(rows(Nesting::kMap), Obj({{"x", Obj({{"k", element("1", Unknown())}})}}),
                       Obj({{"x", Obj({{"k", element("2", S("b"))}})}})),
              ElementsAre("x[\"k\"].a"));
  // Other elements than planned are the collection's fault.
  EXPECT_THAT(Reported(rows(Nesting::kList), Obj({{"x", L({element("1", Unknown())})}}), Obj({{"x", L({})}})),
              ElementsAre("x"));
  EXPECT_THAT(Reported(rows(Nesting::kMap), Obj({{"x", Obj({{"k", element("1", Unknown())}})}}),
                       Obj({{"x", Obj({{"l", element("1", S("b"))}})}})),
              ElementsAre("x"));
  EXPECT_THAT(Reported(rows(Nesting::kSingle), Obj({{"x", element("1", Unknown())}}), Obj({{"x", Null()}})),
              ElementsAre("x"));
  EXPECT_THAT(Reported(rows(Nesting::kList), Obj({{"x", L({element("1", Unknown())})}}),
                       Obj({{"x", L({element("1", S("b"))})}})),
              IsEmpty());
}

TEST(ApplyDifferences, AreFoundInPlainValues) {
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  auto reported = [](wire::Type type, Value planned, Value held) {
    return Reported({{.name = "x", .optional = true, .computed = true, .type = std::move(type)}},
                    Obj({{"x", std::move(planned)}}), Obj({{"x", std::move(held)}}));
  };
  wire::Type const list = wire::Type::List(wire::Type::String());
  wire::Type const set = wire::Type::Set(wire::Type::String());
  wire::Type const map = wire::Type::Map(wire::Type::String());
  EXPECT_THAT(reported(list, L({S("a"), Unknown()}), L({S("a"), S("b")})), IsEmpty());
  EXPECT_THAT(reported(list, L({S("a"), Unknown()}), L({S("c"), S("b")})), ElementsAre("x"));
  EXPECT_THAT(reported(list, L({S("a")}), L({S("a"), S("b")})), ElementsAre("x"));
  EXPECT_THAT(reported(set, SetOf({S("a"), S("b")}), SetOf({S("b"), S("a")})), IsEmpty());
  EXPECT_THAT(reported(set, SetOf({S("a"), S("b")}), SetOf({S("a")})), ElementsAre("x"));
  EXPECT_THAT(reported(map, Obj({{"k", Unknown()}}), Obj({{"k", S("v")}})), IsEmpty());
  EXPECT_THAT(reported(map, Obj({{"k", Unknown()}}), Obj({{"l", S("v")}})), ElementsAre("x"));
  EXPECT_THAT(reported(wire::Type::String(), Null(), S("v")), ElementsAre("x"));
  EXPECT_THAT(reported(wire::Type::Dynamic(), Value::Dynamic(wire::Type::String(), S("a")),
                       Value::Dynamic(wire::Type::String(), S("b"))),
              ElementsAre("x"));
}

}  // namespace
}  // namespace fediversity::schema
