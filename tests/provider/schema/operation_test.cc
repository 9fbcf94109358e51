#include "provider/schema/operation.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

TEST(PrivateState, RoundTrips) {
  PrivateState const state = {{"uuid", "4c4c4544"}, {"ünï \"x\"", "line\nbreak"}};
  auto const read = DecodePrivate(EncodePrivate(state));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, state);
}

TEST(PrivateState, EmptyStateIsEmptyBytes) {
  EXPECT_EQ(EncodePrivate({}), "");
  EXPECT_TRUE(DecodePrivate("")->empty());
  EXPECT_TRUE(DecodePrivate("{}")->empty());
}

TEST(PrivateState, DamagedBytesAreRefused) {
  for (std::string_view bytes :
       {"{", "[]", "null", "\"x\"", R"({"a":1})", R"({"a":"b","c":null})", "\xff\xfe"}) {
    EXPECT_EQ(DecodePrivate(bytes).status().code(), absl::StatusCode::kDataLoss) << bytes;
  }
}

TEST(PrivateState, BytesThatAreNoTextSurviveAsText) {
  auto const read = DecodePrivate(EncodePrivate({{"a", "\xff"}}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->at("a"), "\xEF\xBF\xBD");
}

TEST(DeadlineOf, ComesFromTimeouts) {
  FakeResource const resource({{.name = "x", .optional = true}});
  wire::Value const object =
      Obj({{"timeouts", Obj({{"create", S("90s")}, {"read", S("soon")}, {"delete", Null()}})}});
  auto seconds = [&](std::string_view operation, const wire::Value& from) {
    absl::Time const before = absl::Now();
    absl::Duration const left = DeadlineOf(resource, operation, from) - before;
    return absl::ToInt64Seconds(left);
  };
  EXPECT_NEAR(seconds("create", object), 90, 2);
  EXPECT_NEAR(seconds("read", object), 1200, 2);  // not a duration: validation says so
  EXPECT_NEAR(seconds("delete", object), 1200, 2);
  EXPECT_NEAR(seconds("update", object), 1200, 2);
  EXPECT_NEAR(seconds("create", Obj({{"timeouts", Unknown()}})), 1200, 2);
  EXPECT_NEAR(seconds("create", Null()), 1200, 2);
}

TEST(StringAt, AnswersKnownStringsOnly) {
  wire::Value const object = Obj({{"s", S("x")}, {"n", N(1)}, {"u", Unknown()}, {"0", Null()}});
  EXPECT_EQ(StringAt(object, "s"), "x");
  for (std::string_view name : {"n", "u", "0", "missing"}) EXPECT_EQ(StringAt(object, name), "") << name;
  EXPECT_EQ(StringAt(Null(), "s"), "");
}

}  // namespace
}  // namespace fediversity::schema
