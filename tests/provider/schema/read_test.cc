#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "provider/base/unknown_setting.h"
#include "provider/schema/operation.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::HasSubstr;
using wire::Value;

class Read : public ::testing::Test {
 protected:
  static FakeResource Bucket() {
    Table table =
        MakeFakeTable({{.name = "id", .computed = true},
                       {.name = "name", .required = true},
                       {.name = "key_wo", .optional = true, .write_only = true, .version_attribute = "id"}});
    table.identity = {"id"};
    return FakeResource::Of(std::move(table));
  }
  static Value Object(std::string_view id, std::string_view name) {
    return Obj({{"id", S(id)}, {"name", S(name)}, {"key_wo", Null()}});
  }
  ReadResponse Make(std::string private_bytes = EncodePrivate({{"uuid", "4c4c"}})) {
    return ReadResource(resource_, {.state = Object("1", "a"), .private_bytes = std::move(private_bytes)},
                        process_.call());
  }

  FakeProcess process_;
  FakeResource resource_ = Bucket();
};

TEST_F(Read, AnswersWhatTheServiceHolds) {
  resource_.read = [](Operation& operation, const Value& state) -> absl::StatusOr<Value> {
    EXPECT_EQ(state, Object("1", "a"));
    EXPECT_TRUE(operation.config.is_null());
    EXPECT_FALSE(operation.checkpoint);
    EXPECT_EQ(operation.private_state.at("uuid"), "4c4c");
    EXPECT_NE(operation.deadline, absl::InfiniteFuture());
    operation.private_state["seen"] = "yes";
    return Object("2", "b");
  };
  ReadResponse const response = Make();
  EXPECT_EQ(response.state, Object("2", "b"));
  EXPECT_EQ(response.identity, Obj({{"id", S("2")}}));
  EXPECT_EQ(response.private_bytes, R"({"seen":"yes","uuid":"4c4c"})");
  EXPECT_TRUE(response.diagnostics.empty());
}

TEST_F(Read, NotFoundMeansGone) {
  resource_.read = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return absl::NotFoundError("Gone");
  };
  ReadResponse const response = Make();
  EXPECT_TRUE(response.state.is_null());
  EXPECT_FALSE(response.identity.has_value());
  EXPECT_EQ(response.private_bytes, "");
  EXPECT_TRUE(response.diagnostics.empty());
}

TEST_F(Read, AnyOtherErrorKeepsTheState) {
  for (absl::Status const& trouble :
       {absl::UnavailableError("Down"), absl::PermissionDeniedError("Forbidden"),
        absl::DeadlineExceededError("Late"), absl::InternalError("Odd"), absl::CancelledError("Stopped")}) {
    resource_.read = [&](Operation& operation, const Value&) -> absl::StatusOr<Value> {
      operation.private_state.clear();
      return trouble;
    };
    ReadResponse const response = Make();
    EXPECT_EQ(response.state, Object("1", "a")) << trouble;
    EXPECT_EQ(response.identity, Obj({{"id", S("1")}})) << trouble;
    EXPECT_EQ(response.private_bytes, R"({"uuid":"4c4c"})") << trouble;
    EXPECT_TRUE(response.diagnostics.has_errors()) << trouble;
  }
}

TEST_F(Read, AnUnknownSettingWarnsOnceAndKeepsTheState) {
  UnknownSetting const setting("dns.server");
  resource_.read = [&](Operation&, const Value&) -> absl::StatusOr<Value> { return setting.ToStatus(); };
  ReadResponse const first = Make();
  EXPECT_EQ(first.state, Object("1", "a"));
  ASSERT_EQ(first.diagnostics.list().size(), 1u);
  EXPECT_EQ(first.diagnostics.list()[0].severity, Diagnostic::Severity::kWarning);
  EXPECT_THAT(Text(first.diagnostics), HasSubstr("dns.server"));
  for (int i = 0; i < 3; ++i) {
    ReadResponse const next = Make();
    EXPECT_EQ(next.state, Object("1", "a"));
    EXPECT_EQ(next.private_bytes, R"({"uuid":"4c4c"})");
    EXPECT_TRUE(next.diagnostics.empty());
  }
}

TEST_F(Read, TheKnownSpellingIsKept) {
  resource_.keep_spelling = [](const Value& known, Value& fresh) {
    if (*fresh.Find("name") == S("A")) fresh.Set("name", *known.Find("name"));
  };
  resource_.read = [](Operation&, const Value&) -> absl::StatusOr<Value> { return Object("1", "A"); };
  EXPECT_EQ(Make().state, Object("1", "a"));
}

TEST_F(Read, NeitherUnknownNorWriteOnlyReachesState) {
  resource_.read = [](Operation&, const Value&) -> absl::StatusOr<Value> {
    return Obj({{"id", S("1")}, {"name", Unknown()}, {"key_wo", S("secret")}});
  };
  EXPECT_EQ(Make().state, Obj({{"id", S("1")}, {"name", Null()}, {"key_wo", Null()}}));
}

TEST_F(Read, DamagedPrivateStateKeepsTheState) {
  ReadResponse const response = Make("garbage");
  EXPECT_EQ(response.state, Object("1", "a"));
  EXPECT_EQ(response.private_bytes, "garbage");
  EXPECT_TRUE(response.diagnostics.has_errors());
}

}  // namespace
}  // namespace fediversity::schema
