#include "provider/wire/type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "provider/base/text.h"

namespace fediversity::wire {
namespace {

using ::testing::HasSubstr;

Type Parse(std::string_view json) {
  absl::StatusOr<Type> type = Type::FromJson(json);
  EXPECT_TRUE(type.ok()) << json << ": " << type.status();
  return type.ok() ? *type : Type::Dynamic();
}

TEST(TypeTest, ReadsAndWritesEveryKind) {
  for (std::string_view const json :
       {R"("string")", R"("number")", R"("bool")", R"("dynamic")", R"(["list","string"])",
        R"(["set",["list","bool"]])", R"(["map","dynamic"])", R"(["object",{}])",
        R"(["object",{"a":"string","b":["object",{"c":"number"}]}])",
        R"(["object",{"a":"string","b":"number"},["b"]])", R"(["tuple",[]])",
        R"(["tuple",["string","number"]])"}) {
    EXPECT_EQ(Parse(json).ToJson(), json);
  }
}

TEST(TypeTest, SortsAttributes) {
  Type const type = Type::Object({{"b", Type::Bool()}, {"a", Type::String()}});
  EXPECT_EQ(type.ToJson(), R"(["object",{"a":"string","b":"bool"}])");
  EXPECT_EQ(type, Parse(R"(["object",{"b":"bool","a":"string"}])"));
  ASSERT_NE(type.FindAttribute("b"), nullptr);
  EXPECT_EQ(type.FindAttribute("b")->type, Type::Bool());
  EXPECT_EQ(type.FindAttribute("c"), nullptr);
  EXPECT_EQ(Type::String().FindAttribute("a"), nullptr);
}

TEST(TypeTest, NormalizesAttributeNames) {
  EXPECT_EQ(Type::Object({{"e\u0301", Type::Bool()}}), Type::Object({{"\u00e9", Type::Bool()}}));
}

TEST(TypeTest, TellsTypesApart) {
  EXPECT_EQ(Type::List(Type::String()), Type::List(Type::String()));
  EXPECT_FALSE(Type::List(Type::String()) == Type::Set(Type::String()));
  EXPECT_FALSE(Type::List(Type::String()) == Type::List(Type::Number()));
  EXPECT_FALSE(Type::Tuple({}) == Type::Object({}));
  EXPECT_FALSE(Parse(R"(["object",{"a":"string"}])") == Parse(R"(["object",{"a":"string"},["a"]])"));
}

TEST(TypeTest, FindsDynamicAtAnyDepth) {
  EXPECT_TRUE(Type::Dynamic().has_dynamic());
  EXPECT_TRUE(Parse(R"(["object",{"a":["list",["tuple",["string","dynamic"]]]}])").has_dynamic());
  EXPECT_FALSE(Parse(R"(["object",{"a":["list",["tuple",["string"]]]}])").has_dynamic());
}

TEST(TypeTest, NamesThemForPeople) {
  EXPECT_EQ(Parse(R"(["map",["list","string"]])").FriendlyName(), "map of list of string");
  EXPECT_EQ(Type::Object({}).FriendlyName(), "object");
}

TEST(TypeTest, RefusesWhatIsNoType) {
  for (std::string_view const json : {"",
                                      " ",
                                      "null",
                                      "5",
                                      "{}",
                                      "[]",
                                      R"("int")",
                                      R"(["list"])",
                                      R"(["list","string","string"])",
                                      R"(["list",])",
                                      R"(["thing","string"])",
                                      R"(["object","string"])",
                                      R"(["object"])",
                                      R"(["tuple","string"])",
                                      R"(["tuple"])",
                                      R"("string" x)",
                                      R"("string)",
                                      R"(["list","string")",
                                      R"(["list","string"]])",
                                      R"([["list"],"string"])",
                                      R"(["object",{"a":"string"},["b"]])",
                                      R"(["object",{"a":"string"},["a"],1])",
                                      R"(["object",{"a":null}])",
                                      R"(["object",{"a":"string",}])",
                                      R"(["object",{a:"string"}])"}) {
    EXPECT_EQ(Type::FromJson(json).status().code(), absl::StatusCode::kInvalidArgument) << json;
  }
}

TEST(TypeTest, RefusesARepeatedAttribute) {
  absl::Status const status = Type::FromJson(R"(["object",{"a":"string","a":"string"}])").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("\"a\" occurs twice"));
  EXPECT_FALSE(Type::FromJson("[\"object\",{\"e\u0301\":\"string\",\"\u00e9\":\"string\"}]").ok());
}

TEST(TypeTest, RefusesHostileNesting) {
  std::string json;
  for (int i = 0; i < 100'000; ++i) json += "[\"list\",";
  EXPECT_FALSE(Type::FromJson(json).ok());
  EXPECT_FALSE(Type::FromJson(std::string(100'000, '[')).ok());
}

}  // namespace
}  // namespace fediversity::wire
