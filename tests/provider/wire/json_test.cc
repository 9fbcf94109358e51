#include "provider/wire/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "provider/base/text.h"

namespace fediversity::wire {
namespace {

using ::testing::HasSubstr;

Value Parse(std::string_view json) {
  absl::StatusOr<Value> value = ParseJson(json);
  EXPECT_TRUE(value.ok()) << json << ": " << value.status();
  return value.ok() ? *value : Value::Null();
}

std::string Write(const Value& value, int indent = 0) {
  absl::StatusOr<std::string> json = WriteJson(value, indent);
  EXPECT_TRUE(json.ok()) << json.status();
  return json.ok() ? *json : "";
}

std::string ErrorOf(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

TEST(ParseJsonTest, ReadsEveryKind) {
  Value const expected = Value::Map({
      {"a", Value::List({Value::Int(1), Value::Null(), Value::Bool(true), Value::Bool(false)})},
      {"b", Value::Map({{"c", Value::String("d")}})},
      {"e", Value::List({})},
      {"f", Value::Map({})},
  });
  EXPECT_EQ(Parse(" {\"b\" : {\"c\":\"d\"},\n\"a\":[1, null,\ttrue,false], \"e\":[], \"f\":{ }}\r\n"),
            expected);
}

TEST(ParseJsonTest, KeepsEveryDigit) {
  for (std::string_view const text : {"0", "-1", "18446744073709551616", "0.1",
                                      "123456789012345678901234567890.12345678901234567890123456789"}) {
    EXPECT_EQ(Write(Parse(text)), text);
  }
  EXPECT_EQ(Parse("1e3"), Value::Int(1000));
  EXPECT_EQ(Parse("-0"), Value::Int(0));
  EXPECT_EQ(Write(Parse("1e4000")), "1e4000");
}

TEST(ParseJsonTest, UnderstandsEscapes) {
  EXPECT_EQ(Parse(R"("\"\\\/\b\f\n\r\t\u00e9\u0000")"),
            Value::String(std::string_view("\"\\/\b\f\n\r\t\u00e9\0", 11)));
  EXPECT_EQ(Parse(R"("\ud83e\udd63")"), Value::String("🥣"));
  EXPECT_EQ(Parse(R"("\ud83e")"), Value::String("\uFFFD"));
  EXPECT_EQ(Parse(R"("\ud83e\u0041")"), Value::String("\uFFFDA"));
  EXPECT_EQ(Parse(R"("\udd63\ud83e")"), Value::String("\uFFFD\uFFFD"));
  EXPECT_EQ(Parse("\"\xFF\""), Value::String("\uFFFD"));
}

TEST(ParseJsonTest, KeepsTheLastOfAKey) {
  EXPECT_EQ(Parse(R"({"a":1,"a":2})"), Value::Map({{"a", Value::Int(2)}}));
}

TEST(ParseJsonTest, RefusesWhatIsNoJson) {
  for (std::string_view const json : {"",          " ",         "nul",         "nullx",
                                      "tru",       "True",      "[",           "]",
                                      "[1",        "[1,",       "[1,]",        "[,1]",
                                      "[1 2]",     "[1}",       "{",           "{\"a\"",
                                      "{\"a\":",   "{\"a\":1",  "{\"a\":1,",   "{\"a\":1,}",
                                      "{,}",       "{\"a\" 1}", "{a:1}",       "{1:2}",
                                      "{\"a\":1]", "\"",        "\"a",         "\"\\",
                                      "\"\\x\"",   "\"\\u12\"", "\"\\u12g4\"", "\"\\ud83e\\u12\"",
                                      "\"\n\"",    "01",        "-",           "+1",
                                      "1.",        ".5",        "1e",          "1e+",
                                      "0x1",       "NaN",       "Infinity",    "1 2",
                                      "\"a\" x",   "'a'",       "/* */ 1",     "\uFEFF1",
                                      "1e100001"}) {
    EXPECT_EQ(ParseJson(json).status().code(), absl::StatusCode::kInvalidArgument) << json;
  }
}

TEST(ParseJsonTest, RefusesHostileNesting) {
  auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(ParseJson(nested(256)).ok());
  EXPECT_THAT(ErrorOf(ParseJson(nested(257)).status()), HasSubstr("nested too deeply"));
  EXPECT_FALSE(ParseJson(std::string(1'000'000, '[')).ok());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(ParseJson(objects).ok());
  EXPECT_FALSE(DecodeJson(objects, Type::Dynamic()).ok());
}

TEST(DecodeJsonTest, NestingCountsThroughDynamics) {
  // Each level is a dynamic that holds a dynamic.
  std::string json = "null";
  for (int i = 0; i < 300; ++i) json = Cat({"{\"type\":\"dynamic\",\"value\":", json, "}"});
  EXPECT_FALSE(DecodeJson(json, Type::Dynamic()).ok());
}

TEST(DecodeJsonTest, NamesThePlaceOfAnError) {
  Type const type = Type::Object(
      {{"disks", Type::Map(Type::Object({{"size", Type::Number()}}))}, {"any", Type::Dynamic()}});
  EXPECT_EQ(ErrorOf(DecodeJson(R"({"disks":{"scsi0":{"size":true}}})", type).status()),
            "disks[\"scsi0\"].size: a number is required");
  EXPECT_THAT(ErrorOf(DecodeJson(R"({"any":{"value":[1],"type":["list","bool"]}})", type).status()),
              HasSubstr("any[0]: a bool is required"));
  EXPECT_THAT(ErrorOf(DecodeJson(R"({"other":1})", type).status()), HasSubstr("\"other\""));
  EXPECT_THAT(ErrorOf(DecodeJson(R"({"disks":)", type).status()), HasSubstr("at byte 9"));
}

TEST(DecodeJsonTest, RefusesTuplesOfAnotherLength) {
  Type const type = Type::Tuple({Type::String()});
  for (std::string_view const json : {"[]", R"(["a","b"])", R"(["a",)"})
    EXPECT_FALSE(DecodeJson(json, type).ok()) << json;
  EXPECT_FALSE(DecodeJson("[1]", Type::Tuple({})).ok());
}

TEST(EncodeJsonTest, RefusesWhatJsonCannotHold) {
  EXPECT_THAT(ErrorOf(EncodeJson(Value::List({Value::Unknown()}), Type::List(Type::String())).status()),
              HasSubstr("[0]: its value is not known"));
  EXPECT_FALSE(EncodeJson(Value::Num(*Number::Parse("inf")), Type::Number()).ok());
  EXPECT_FALSE(EncodeJson(Value::String("1"), Type::Number()).ok());
}

TEST(WriteJsonTest, LeavesTypesAndNeedlessEscapesOut) {
  Value const value = Value::Map({
      {"any", Value::Dynamic(Type::String(), Value::String("<a>&\u2028\"\x01"))},
      {"set", Value::Set({Value::Int(2), Value::Int(1)})},
  });
  EXPECT_EQ(Write(value), "{\"any\":\"<a>&\u2028\\\"\\u0001\",\"set\":[1,2]}");
  EXPECT_EQ(Write(value, 2), "{\n  \"any\": \"<a>&\u2028\\\"\\u0001\",\n  \"set\": [\n    1,\n    2\n  ]\n}");
  EXPECT_EQ(Write(Value::Map({{"a", Value::List({})}, {"b", Value::Map({})}}), 2),
            "{\n  \"a\": [],\n  \"b\": {}\n}");
}

TEST(WriteJsonTest, RefusesUnknowns) {
  EXPECT_THAT(ErrorOf(WriteJson(Value::Map({{"a", Value::Unknown()}})).status()),
              HasSubstr("a: its value is not known"));
}

}  // namespace
}  // namespace fediversity::wire
