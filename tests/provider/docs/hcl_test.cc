#include "provider/docs/hcl.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provider/wire/json.h"
#include "tests/provider/docs/sample_provider.h"

namespace fediversity::docs {
namespace {

using ::testing::HasSubstr;
using wire::Value;

Value Json(std::string_view json) { return *wire::ParseJson(json); }

std::string Expression(const Value& value, int indent = 0) {
  auto const text = WriteExpression(value, indent);
  return text.ok() ? *text : std::string(text.status().message());
}

TEST(HclTest, WritesPrimitives) {
  EXPECT_EQ(Expression(Value::Null()), "null");
  EXPECT_EQ(Expression(Value::Bool(true)), "true");
  EXPECT_EQ(Expression(Value::Int(-5)), "-5");
  EXPECT_EQ(Expression(Value::Num(*wire::Number::Parse("0.1"))), "0.1");
  EXPECT_EQ(Expression(Value::Num(*wire::Number::Parse("1e4000"))), "1e4000");
  EXPECT_EQ(Expression(Value::String("a\"b")), R"("a\"b")");
  EXPECT_EQ(Expression(Value::Dynamic(wire::Type::String(), Value::String("x"))), R"("x")");
}

TEST(HclTest, WritesShortListsOnOneLine) {
  EXPECT_EQ(Expression(Json("[]")), "[]");
  EXPECT_EQ(Expression(Json(R"(["a", 1, null])")), R"(["a", 1, null])");
  EXPECT_EQ(Expression(Json(R"([["a"]])")), R"([["a"]])");
  EXPECT_EQ(Expression(Json(R"([{"a": 1}])")), R"([{ a = 1 }])");
  EXPECT_EQ(Expression(Value::Set({Value::String("b"), Value::String("a")})), R"(["a", "b"])");
}

TEST(HclTest, BreaksLongAndNestedLists) {
  std::string const word(50, 'x');
  EXPECT_EQ(Expression(Json("[\"" + word + "\", \"" + word + "\"]"), 2),
            "[\n    \"" + word + "\",\n    \"" + word + "\",\n  ]");
  EXPECT_EQ(Expression(Json(R"([{"a": 1}, {"a": 2}])")), "[\n  { a = 1 },\n  { a = 2 },\n]");
  EXPECT_EQ(Expression(Json(R"([[1], [2]])")), "[\n  [1],\n  [2],\n]");
}

TEST(HclTest, AlignsNeighboursThatFitOnOneLine) {
  EXPECT_EQ(Expression(Json("{}")), "{}");
  EXPECT_EQ(Expression(Json(R"({"a": 1, "b-c": "x"})")), R"({ a = 1, b-c = "x" })");
  EXPECT_EQ(Expression(Json(R"({"a": 1, "bb": 2, "ccc": 3, "dddd": 4, "0": 5})")),
            "{\n  \"0\"  = 5\n  a    = 1\n  bb   = 2\n  ccc  = 3\n  dddd = 4\n}");
  EXPECT_EQ(
      Expression(Json(R"({"a": 1, "long_name": {"x": [{"y": 1}, {"y": 2}]}, "zz": [], "zzz": 1})")),
      "{\n  a = 1\n  long_name = {\n    x = [\n      { y = 1 },\n      { y = 2 },\n    ]\n  }\n  zz  = []\n"
      "  zzz = 1\n}");
}

TEST(HclTest, RefusesWhatHclCannotSay) {
  EXPECT_THAT(Expression(Value::Map({{"a", Value::List({Value::Unknown()})}})),
              HasSubstr("[\"a\"][0]: it is not known yet"));
  EXPECT_THAT(Expression(Value::Unknown()), HasSubstr("it is not known yet"));
  EXPECT_THAT(Expression(Value::Num(*wire::Number::Parse("inf"))), HasSubstr("infinite"));
  EXPECT_EQ(WriteExpression(Value::Unknown()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(HclTest, ConfiguresAnObjectAsItIs) {
  Value const object = Json(R"({
    "id": "17", "name": "web", "site": "north", "aliases": ["w1", "w2"], "cores": 2, "mode": "uefi",
    "token": null, "secret_wo": null, "secret_wo_version": 3, "height": null,
    "labels": {"a.b": "${x}", "owner": "ops"}, "extra": {"deep": [true]},
    "disks": {"scsi0": {"device": "/dev/sda", "discard": false, "size": "40G"},
              "scsi1": {"device": "/dev/sdb", "discard": true, "size": "1G"}},
    "logins": [{"user": "a", "password": null, "key_file": "k"}, {"user": "b", "password": "p", "key_file": null}],
    "places": [], "place": {"rack": "r1", "unit": null}, "timeouts": null})");
  auto const block = WriteResourceBlock(ServerTable(), "web", object);
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ(*block, R"(resource "sample_rack_server" "web" {
  name              = "web"
  site              = "north"
  aliases           = ["w1", "w2"]
  mode              = "uefi"
  secret_wo_version = 3
  labels            = { "a.b" = "$${x}", owner = "ops" }
  extra = {
    deep = [true]
  }
  disks = {
    scsi0 = { size = "40G" }
    scsi1 = { size = "1G", discard = true }
  }
  logins = [
    { user = "a", key_file = "k" },
    {
      user = "b"
      # password is set, but secret.
    },
  ]
  places = []
  place  = { rack = "r1" }
}
)");
}

TEST(HclTest, SaysWhereARequiredValueCannotBeWritten) {
  schema::Table table = {
      .name = "sample_account",
      .doc = "An account.",
      .rows = {{.name = "name", .doc = "Its name.", .required = true},
               {.name = "password_wo",
                .doc = "Its password.",
                .required = true,
                .write_only = true,
                .version_attribute = "password_wo_version"},
               {.name = "password_wo_version",
                .doc = "Changes with it.",
                .optional = true,
                .type = wire::Type::Number()},
               {.name = "pin", .doc = "Its number.", .required = true, .sensitive = true}}};
  ASSERT_TRUE(table.Finish().ok());
  auto const block = WriteResourceBlock(table, "a", Json(R"({"name": "a", "pin": "1234"})"));
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ(*block, R"(resource "sample_account" "a" {
  name = "a"
  # password_wo has to be set here: no service gives it back.
  # pin is set, but secret.
}
)");
}

TEST(HclTest, NamesTheAttributeThatIsNotKnown) {
  Value object = schema::NullObject(ServerTable());
  object.Set("disks", Value::Map({{"scsi0", Value::Map({{"size", Value::Unknown()}})}}));
  EXPECT_THAT(std::string(WriteResourceBlock(ServerTable(), "a", object).status().message()),
              HasSubstr("disks[\"scsi0\"].size: it is not known yet"));
  EXPECT_FALSE(WriteResourceBlock(ServerTable(), "a", Value::Null()).ok());
}

TEST(HclTest, WritesImportBlocks) {
  EXPECT_EQ(WriteImportBlock("sample_rack_server", "web", "north/a\"b"), R"(import {
  to = sample_rack_server.web
  id = "north/a\"b"
}
)");
  auto const block =
      WriteImportBlock("sample_rack_server", "web", Json(R"({"site": "north", "name": "web"})"));
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ(*block, R"(import {
  to       = sample_rack_server.web
  identity = { name = "web", site = "north" }
}
)");
}

}  // namespace
}  // namespace fediversity::docs
