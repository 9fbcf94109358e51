#include "provider/rpc/answer_check.h"

#include <ostream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provider/schema/diagnostics.h"
#include "tests/provider/rpc/test_provider.h"

namespace fediversity::rpc {
namespace {

using ::testing::HasSubstr;

const wire::Refinement kImpossible = [] {
  wire::Refinement refinement;
  refinement.min = {wire::Number(5), true};
  refinement.max = {wire::Number(4), true};
  return refinement;
}();

Value Nested(Value size) { return Value::Map({{"size", std::move(size)}, {"label", Value::Null()}}); }

struct BadAnswer {
  std::string name;
  std::string attribute;
  Value value;
  Unknowns unknowns;
  std::string at;    // the path that the host is told
  std::string what;  // part of the detail
};

void PrintTo(const BadAnswer& bad, std::ostream* out) { *out << bad.name; }

class BadAnswers : public ::testing::TestWithParam<BadAnswer> {};

TEST_P(BadAnswers, AreRefusedWithTheirAttribute) {
  schema::Table const table = ThingTable();
  const BadAnswer& bad = GetParam();
  Value const object = Thing({{"name", Value::String("a")}, {bad.attribute, bad.value}});
  tfplugin6::DynamicValue out;
  absl::Status const status = EncodeAnswer(object, table, bad.unknowns, "plan", out);
  EXPECT_TRUE(absl::IsInternal(status)) << status;
  EXPECT_EQ(schema::AttributeOf(status).ToString(), bad.at);
  EXPECT_THAT(std::string(status.message()), HasSubstr(bad.what));
  EXPECT_TRUE(out.msgpack().empty());

  Value const mended = WithoutFaults(object, table, bad.unknowns);
  EXPECT_TRUE(EncodeAnswer(mended, table, bad.unknowns, "plan", out).ok());
  ASSERT_EQ(mended.kind(), Value::Kind::kMap);
  EXPECT_TRUE(mended.Find(bad.attribute)->is_null());
  EXPECT_EQ(*mended.Find("name"), Value::String("a"));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, BadAnswers,
    ::testing::Values(
        BadAnswer{"Unknown", "id", Value::Unknown(), Unknowns::kRefused, "id", "`id` is still unknown"},
        BadAnswer{"UnknownInSet", "tags", Value::Set({Value::Unknown()}), Unknowns::kRefused, "tags",
                  "`tags[*]` is still unknown"},
        BadAnswer{"UnknownInObject", "options", Nested(Value::Unknown()), Unknowns::kRefused, "options.size",
                  "is still unknown"},
        BadAnswer{"UnknownInList", "rules", Value::List({Nested(Value::Int(1)), Nested(Value::Unknown())}),
                  Unknowns::kRefused, "rules[1].size", "is still unknown"},
        BadAnswer{"UnknownInMap", "disks", Value::Map({{"a", Nested(Value::Unknown())}}), Unknowns::kRefused,
                  "disks[\"a\"].size", "is still unknown"},
        BadAnswer{"UnknownInDynamic", "extra",
                  Value::Dynamic(wire::Type::List(wire::Type::String()), Value::List({Value::Unknown()})),
                  Unknowns::kRefused, "extra[0]", "is still unknown"},
        BadAnswer{"NumberForString", "id", Value::Int(1), Unknowns::kAllowed, "id", "does not conform"},
        BadAnswer{"ListForSet", "tags", Value::List({Value::String("a")}), Unknowns::kAllowed, "tags",
                  "does not conform"},
        BadAnswer{"AttributeMissing", "options", Value::Map({{"size", Value::Int(1)}}), Unknowns::kAllowed,
                  "options", "label"},
        BadAnswer{"DynamicWithoutType", "extra", Value::String("bare"), Unknowns::kAllowed, "extra",
                  "does not conform"},
        BadAnswer{"DynamicElementsDiffer", "extra",
                  Value::Dynamic(wire::Type::List(wire::Type::Dynamic()),
                                 Value::List({Value::Dynamic(wire::Type::Bool(), Value::Bool(true)),
                                              Value::Dynamic(wire::Type::Number(), Value::Int(1))})),
                  Unknowns::kAllowed, "extra", "same type"},
        BadAnswer{"ImpossibleRefinement", "secret_wo_version", Value::Unknown(kImpossible),
                  Unknowns::kAllowed, "secret_wo_version", "lower bound"},
        BadAnswer{"WriteOnly", "secret_wo", Value::String("hidden"), Unknowns::kAllowed, "secret_wo",
                  "is write-only"},
        BadAnswer{"NullInNestedList", "rules", Value::List({Value::Null()}), Unknowns::kAllowed, "rules[0]",
                  "is a null element"},
        BadAnswer{"NullInNestedSet", "ports", Value::Set({Value::Null()}), Unknowns::kAllowed, "ports",
                  "is a null element"},
        BadAnswer{"NullInNestedMap", "disks", Value::Map({{"a", Value::Null()}}), Unknowns::kAllowed,
                  "disks[\"a\"]", "is a null element"}),
    [](const auto& tested) { return tested.param.name; });

TEST(EncodeAnswer, TakesWhatConforms) {
  schema::Table const table = ThingTable();
  tfplugin6::DynamicValue out;
  Value const object = Thing({{"id", Value::Unknown()},
                              {"name", Value::String("a")},
                              {"rules", Value::List({Nested(Value::Unknown())})},
                              {"ports", Value::Unknown()}});
  EXPECT_TRUE(EncodeAnswer(object, table, Unknowns::kAllowed, "plan", out).ok());
  EXPECT_EQ(Decoded(out, table.type), object);
  EXPECT_TRUE(EncodeAnswer(Value::Null(), table, Unknowns::kRefused, "plan", out).ok());
  EXPECT_EQ(out.msgpack(), "\xC0");
}

TEST(EncodeAnswer, RefusesWhatIsNoObjectOfTheTable) {
  schema::Table const table = ThingTable();
  tfplugin6::DynamicValue out;
  EXPECT_TRUE(absl::IsInternal(EncodeAnswer(Value::String("x"), table, Unknowns::kAllowed, "plan", out)));
  Value strange = Thing({{"name", Value::String("a")}});
  strange.Set("unheard_of", Value::Null());
  EXPECT_TRUE(absl::IsInternal(EncodeAnswer(strange, table, Unknowns::kAllowed, "plan", out)));
  EXPECT_TRUE(WithoutFaults(strange, table, Unknowns::kAllowed).is_null());
}

}  // namespace
}  // namespace fediversity::rpc
