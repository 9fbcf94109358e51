#include "provider/policy/configuration_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/provider/policy/sample.h"

namespace fediversity::policy {
namespace {

using wire::Value;

Value With(std::string_view name, Value value) {
  Value object = schema::NullObject(SampleTable());
  object.Set(name, std::move(value));
  return object;
}

TEST(ConfigurationJson, HasEveryAttribute) {
  EXPECT_EQ(
      ConfigurationJson(SampleTable(), schema::NullObject(SampleTable())),
      R"({"name":null,"size":null,"tags":null,"labels":null,"token":null,"disks":null,"cpu":null,"any":null})");
}

TEST(ConfigurationJson, SpellsValuesAsNixReadsThem) {
  schema::Attributes const attributes = {
      {"name", Value::String("a\"b\n\xC3\xBC")},
      {"size", Value::Num(*wire::Number::Parse("1e400"))},
      {"tags", Value::Set({Value::String("b"), Value::String("a")})},
      {"labels", Value::Map({{"x.y", Value::String("z")}})},
      {"any", Value::Dynamic(wire::Type::Number(), Value::Int(5))},
      {"nothing", Value::Int(1)},
  };
  std::string const json = AttributesJson(SampleTable(), attributes);
  EXPECT_TRUE(json.starts_with("{\"name\":\"a\\\"b\\n\xC3\xBC\",\"size\":1"));
  EXPECT_TRUE(json.ends_with(R"("tags":["a","b"],"labels":{"x.y":"z"},"any":5})")) << json;
}

TEST(ConfigurationJson, HoldsBackWhatIsUnknownOrSecret) {
  constexpr std::string_view kHeldBack = R"({"_fediversity":"unknown"})";
  auto const json = [](std::string_view name, Value value) {
    return AttributesJson(SampleTable(), {{std::string(name), std::move(value)}});
  };
  EXPECT_EQ(json("name", Value::Unknown()), std::string(R"({"name":)") + std::string(kHeldBack) + "}");
  EXPECT_EQ(json("token", Value::String("hunter2")),
            std::string(R"({"token":)") + std::string(kHeldBack) + "}");
  EXPECT_EQ(json("tags", Value::Set({Value::Unknown()})),
            std::string(R"({"tags":[)") + std::string(kHeldBack) + "]}");
  Value const disk = Value::Map({{"storage", Value::String("s")}, {"key_wo", Value::String("hunter2")}});
  EXPECT_EQ(json("disks", Value::Map({{"a", disk}, {"b", Value::Unknown()}})),
            std::string(R"({"disks":{"a":{"storage":"s","key_wo":)") + std::string(kHeldBack) + R"(},"b":)" +
                std::string(kHeldBack) + "}}");
  EXPECT_EQ(json("cpu", Value::Map({{"cores", Value::Unknown()}})),
            std::string(R"({"cpu":{"cores":)") + std::string(kHeldBack) + "}}");
}

TEST(ConfigurationJson, AKeyOfTheUserIsNoMark) {
  Value const config = With("labels", Value::Map({{"_fediversity", Value::String("unknown")}}));
  EXPECT_NE(ConfigurationJson(SampleTable(), config).find(R"("labels":{"_fediversity":"key"})"),
            std::string::npos);
}

TEST(ConfigurationJson, PathsGoAsFarAsTheHostFollows) {
  wire::Type type = wire::Type::Dynamic();
  EXPECT_EQ(ToPath(SampleTable(), {"disks", "a", "storage"}, &type).ToString(), R"(disks["a"].storage)");
  EXPECT_EQ(type, wire::Type::String());
  EXPECT_EQ(ToPath(SampleTable(), {"cpu", "cores"}).ToString(), "cpu.cores");
  EXPECT_EQ(ToPath(SampleTable(), {"tags", 1}).ToString(), "tags");
  EXPECT_EQ(ToPath(SampleTable(), {"nothing", "a"}).ToString(), "");
  EXPECT_EQ(ToPath(SampleTable(), {"any", "a"}).ToString(), "any");
  EXPECT_EQ(ToPath(SampleTable(), {}).ToString(), "");
}

}  // namespace
}  // namespace fediversity::policy
