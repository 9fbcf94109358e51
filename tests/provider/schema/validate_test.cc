#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "provider/schema/timeouts.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using wire::Path;

Rule Lower() {
  return {"must be in lower case.", [](const wire::Value& value) {
            for (char c : value.string()) {
              if (c >= 'A' && c <= 'Z') return false;
            }
            return true;
          }};
}

Rule EachLower() {
  Rule rule = Lower();
  rule.each_element = true;
  return rule;
}

Rule Positive() {
  return {"must be positive.", [](const wire::Value& value) { return value.number().ToDouble() > 0; }};
}

wire::Type StringList() { return wire::Type::List(wire::Type::String()); }

Diagnostics Validate(std::vector<Row> rows, const wire::Value& config, std::vector<Together> together = {}) {
  Table table = MakeFakeTable(std::move(rows));
  table.together = std::move(together);
  Diagnostics diagnostics;
  ValidateTable(table, config, diagnostics);
  return diagnostics;
}

// The path of the only diagnostic, which is an error.
Path OnlyError(const Diagnostics& diagnostics) {
  EXPECT_EQ(diagnostics.list().size(), 1u) << Text(diagnostics);
  EXPECT_TRUE(diagnostics.has_errors());
  return diagnostics.list().empty() ? Path("nothing") : diagnostics.list()[0].path;
}

TEST(Validate, ARuleSpeaksOnItsAttribute) {
  Diagnostics const found =
      Validate({{.name = "x", .optional = true, .rules = {Lower()}}}, Obj({{"x", S("Web")}}));
  EXPECT_EQ(OnlyError(found), Path("x"));
  EXPECT_THAT(Text(found),
              AllOf(HasSubstr("Invalid value for x"), HasSubstr("The value \"Web\" must be in lower case.")));
}

TEST(Validate, RulesPassOverNullAndUnknown) {
  std::vector<Row> const rows = {{.name = "x", .optional = true, .rules = {Lower()}}};
  EXPECT_TRUE(Validate(rows, Obj({{"x", Null()}})).empty());
  EXPECT_TRUE(Validate(rows, Obj({{"x", Unknown()}})).empty());
  EXPECT_TRUE(Validate(rows, Obj({{"x", S("web")}})).empty());
}

TEST(Validate, ANumberRuleDoesNotPrintTheNumberAsText) {
  Diagnostics const found =
      Validate({{.name = "n", .optional = true, .rules = {Positive()}, .type = wire::Type::Number()}},
               Obj({{"n", N(-1)}}));
  EXPECT_THAT(Text(found), HasSubstr("The value must be positive."));
}

TEST(Validate, TheFirstBrokenRuleSpeaksForTheValue) {
  Row const row{
      .name = "n", .optional = true, .rules = {Positive(), Positive()}, .type = wire::Type::Number()};
  EXPECT_EQ(OnlyError(Validate({row}, Obj({{"n", N(-1)}}))), Path("n"));
}

TEST(Validate, ADurationHasAnEnd) {
  for (const char* const text : {"inf", "-1s", "0s", "90"}) {
    EXPECT_FALSE(kDuration.accepts(S(text))) << text;
  }
  EXPECT_TRUE(kDuration.accepts(S("1m30s")));
}

TEST(Validate, ARuleAdvisesOnAValueThatIsNoSecret) {
  Rule advising = Lower();
  advising.advise = [](const wire::Value& value) { return value.string() == "A" ? "Write \"a\"." : ""; };
  auto const said = [&](bool sensitive, const char* value) {
    Row const row{.name = "x", .optional = true, .sensitive = sensitive, .rules = {advising}};
    return Text(Validate({row}, Obj({{"x", S(value)}})));
  };
  EXPECT_THAT(said(false, "A"), HasSubstr(Lower().sentence + " Write \"a\"."));
  EXPECT_THAT(said(false, "B"), Not(HasSubstr("Write")));
  EXPECT_THAT(said(true, "A"), Not(HasSubstr("Write")));
}

TEST(Validate, ARuleForEachElementNamesTheElement) {
  Row row{.name = "x", .optional = true, .rules = {EachLower()}};
  row.type = StringList();
  EXPECT_EQ(OnlyError(Validate({row}, Obj({{"x", L({S("a"), S("B"), Unknown()})}}))), Path("x").AtIndex(1));
  row.type = wire::Type::Set(wire::Type::String());
  EXPECT_EQ(OnlyError(Validate({row}, Obj({{"x", SetOf({S("a"), S("B")})}}))),
            Path("x").AtSetElement(S("B")));
  row.type = wire::Type::Map(wire::Type::String());
  EXPECT_EQ(OnlyError(Validate({row}, Obj({{"x", Obj({{"k", S("B")}})}}))), Path("x").AtKey("k"));
}

TEST(Validate, ARuleOnACollectionSeesItWhole) {
  Rule const not_empty = {"must have an element.",
                          [](const wire::Value& value) { return !value.elements().empty(); }};
  std::vector<Row> const rows = {{.name = "x", .optional = true, .rules = {not_empty}, .type = StringList()}};
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"x", L({})}}))), Path("x"));
  EXPECT_TRUE(Validate(rows, Obj({{"x", L({S("a")})}})).empty());
}

TEST(Validate, SecretsAreNotPrinted) {
  auto rows = [] {
    return std::vector<Row>{
        {.name = "sensitive", .optional = true, .sensitive = true, .rules = {Lower()}},
        {.name = "wo", .optional = true, .write_only = true, .version_attribute = "v", .rules = {Lower()}},
        {.name = "v", .optional = true},
        {.name = "map",
         .optional = true,
         .sensitive = true,
         .rules = {EachLower()},
         .type = wire::Type::Map(wire::Type::String())},
        NestedRow({.name = "outer", .optional = true, .sensitive = true}, Nesting::kList,
                  {{.name = "inner", .optional = true, .rules = {Lower()}}}),
        NestedRow({.name = "set", .optional = true, .sensitive = true}, Nesting::kSet,
                  {{.name = "inner", .optional = true, .rules = {Lower()}}}),
    };
  };
  Diagnostics const found = Validate(rows(), Obj({{"sensitive", S("SECRET")},
                                                  {"wo", S("SECRET")},
                                                  {"v", S("1")},
                                                  {"map", Obj({{"SECRET", S("SECRET")}})},
                                                  {"outer", L({Obj({{"inner", S("SECRET")}})})},
                                                  {"set", SetOf({Obj({{"inner", S("SECRET")}})})}}));
  EXPECT_EQ(found.list().size(), 5u) << Text(found);
  EXPECT_THAT(Text(found), Not(HasSubstr("SECRET")));
}

TEST(Validate, EveryNestingLeadsToItsPath) {
  auto nested = [](Nesting nesting) {
    return std::vector<Row>{NestedRow({.name = "x", .optional = true}, nesting,
                                      {{.name = "a", .optional = true, .rules = {Lower()}}})};
  };
  wire::Value const bad = Obj({{"a", S("B")}});
  wire::Value const good = Obj({{"a", S("b")}});
  EXPECT_EQ(OnlyError(Validate(nested(Nesting::kSingle), Obj({{"x", bad}}))), Path("x").Child("a"));
  EXPECT_EQ(OnlyError(Validate(nested(Nesting::kList), Obj({{"x", L({good, bad})}}))),
            Path("x").AtIndex(1).Child("a"));
  EXPECT_EQ(OnlyError(Validate(nested(Nesting::kMap), Obj({{"x", Obj({{"k", bad}})}}))),
            Path("x").AtKey("k").Child("a"));
  EXPECT_EQ(OnlyError(Validate(nested(Nesting::kSet), Obj({{"x", SetOf({bad})}}))),
            Path("x").AtSetElement(bad).Child("a"));
  EXPECT_TRUE(Validate(nested(Nesting::kList), Obj({{"x", L({Unknown(), good})}})).empty());
  EXPECT_TRUE(Validate(nested(Nesting::kList), Obj({{"x", Unknown()}})).empty());
}

TEST(Validate, NullElementsAreRefusedEverywhere) {
  std::vector<Row> const rows = {
      NestedRow({.name = "list", .optional = true}, Nesting::kList, {{.name = "id", .computed = true}}),
      NestedRow({.name = "map", .optional = true}, Nesting::kMap, {{.name = "id", .computed = true}}),
      NestedRow({.name = "set", .optional = true}, Nesting::kSet, {{.name = "a", .optional = true}}),
      {.name = "strings", .optional = true, .type = StringList()},
  };
  wire::Value const element = Obj({{"id", Null()}});
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"list", L({Null(), element})}}))), Path("list").AtIndex(0));
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"map", Obj({{"k", Null()}})}}))), Path("map").AtKey("k"));
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"set", SetOf({Null()})}}))), Path("set"));
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"strings", L({S("a"), Null()})}}))), Path("strings").AtIndex(1));
}

TEST(Validate, RequiredMayNotBeNull) {
  std::vector<Row> const rows = {
      {.name = "zone", .required = true},
      NestedRow({.name = "disks", .optional = true}, Nesting::kList, {{.name = "size", .required = true}})};
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"zone", Null()}, {"disks", Null()}}))), Path("zone"));
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"zone", S("x")}, {"disks", L({Obj({{"size", Null()}})})}}))),
            Path("disks").AtIndex(0).Child("size"));
  EXPECT_TRUE(Validate(rows, Obj({{"zone", Unknown()}, {"disks", Unknown()}})).empty());
}

TEST(Validate, ReadOnlyMayNotBeSet) {
  std::vector<Row> const rows = {
      {.name = "id", .computed = true},
      NestedRow({.name = "disks", .optional = true}, Nesting::kMap, {{.name = "path", .computed = true}})};
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"id", S("mine")}}))), Path("id"));
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"id", Unknown()}}))), Path("id"));
  EXPECT_EQ(
      OnlyError(Validate(rows, Obj({{"id", Null()}, {"disks", Obj({{"a", Obj({{"path", S("x")}})}})}}))),
      Path("disks").AtKey("a").Child("path"));
}

TEST(Validate, ElementsThatDefaultsMakeAlikeAreRefused) {
  std::vector<Row> const rows = {NestedRow({.name = "rules", .optional = true}, Nesting::kSet,
                                           {{.name = "host", .required = true},
                                            {.name = "port",
                                             .optional = true,
                                             .computed = true,
                                             .fallback = N(443),
                                             .type = wire::Type::Number()}})};
  wire::Value const silent = Obj({{"host", S("a")}, {"port", Null()}});
  wire::Value const spoken = Obj({{"host", S("a")}, {"port", N(443)}});
  wire::Value const other = Obj({{"host", S("b")}, {"port", Null()}});
  EXPECT_EQ(OnlyError(Validate(rows, Obj({{"rules", SetOf({silent, spoken})}}))), Path("rules"));
  EXPECT_TRUE(Validate(rows, Obj({{"rules", SetOf({silent, other})}})).empty());
  EXPECT_TRUE(Validate(rows, Obj({{"rules", SetOf({silent, Obj({{"host", Unknown()}, {"port", N(443)}})})}}))
                  .empty());
}

struct Condition {
  Together::Kind kind;
  const char* sentence;
  bool none, one, two, all;  // whether so many of three attributes may be set
};

void PrintTo(const Condition& condition, std::ostream* out) { *out << condition.sentence; }

class ValidateTogether : public ::testing::TestWithParam<Condition> {
 protected:
  static Diagnostics Check(const wire::Value& config) {
    return Validate(
        {{.name = "a", .optional = true}, {.name = "b", .optional = true}, {.name = "c", .optional = true}},
        config, {{.kind = GetParam().kind, .attributes = {"a", "b", "c"}}});
  }
};

TEST_P(ValidateTogether, CountsWhatIsSet) {
  EXPECT_EQ(Check(Obj({{"a", Null()}, {"b", Null()}, {"c", Null()}})).empty(), GetParam().none);
  EXPECT_EQ(Check(Obj({{"a", Null()}, {"b", S("x")}, {"c", Null()}})).empty(), GetParam().one);
  EXPECT_EQ(Check(Obj({{"a", Null()}, {"b", S("x")}, {"c", S("y")}})).empty(), GetParam().two);
  EXPECT_EQ(Check(Obj({{"a", S("")}, {"b", S("x")}, {"c", S("y")}})).empty(), GetParam().all);
}

TEST_P(ValidateTogether, WaitsUntilEverythingIsKnown) {
  EXPECT_TRUE(Check(Obj({{"a", Unknown()}, {"b", S("x")}, {"c", S("y")}})).empty());
  EXPECT_TRUE(Check(Obj({{"a", Unknown()}, {"b", Null()}, {"c", Null()}})).empty());
}

TEST_P(ValidateTogether, SaysWhatHolds) {
  wire::Value const wrong = GetParam().two ? Obj({{"a", Null()}, {"b", Null()}, {"c", Null()}})
                                           : Obj({{"a", Null()}, {"b", S("x")}, {"c", S("y")}});
  Diagnostics const found = Check(wrong);
  EXPECT_EQ(OnlyError(found), GetParam().two ? Path() : Path("b"));
  EXPECT_THAT(Text(found), HasSubstr(GetParam().sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ValidateTogether,
    ::testing::Values(Condition{Together::Kind::kExactlyOne, "Exactly one of a, b, c has to be set.", false,
                                true, false, false},
                      Condition{Together::Kind::kAtMostOne, "At most one of a, b, c may be set.", true, true,
                                false, false},
                      Condition{Together::Kind::kAtLeastOne, "At least one of a, b, c has to be set.", false,
                                true, true, true},
                      Condition{Together::Kind::kAllOrNone, "All or none of a, b, c have to be set.", true,
                                false, false, true}));

TEST(Validate, AConditionInsideAnObjectNamesTheObject) {
  Row row = {.name = "timeouts", .doc = "Timeouts.", .optional = true};
  Table nested = MakeFakeTable({{.name = "a", .optional = true}, {.name = "b", .optional = true}}, "");
  nested.together = {{.kind = Together::Kind::kAtMostOne, .attributes = {"a", "b"}}};
  row.nesting = Nesting::kSingle;
  row.nested = std::make_shared<const Table>(std::move(nested));
  Diagnostics const found = Validate({row}, Obj({{"timeouts", Obj({{"a", S("x")}, {"b", S("y")}})}}));
  EXPECT_EQ(OnlyError(found), Path("timeouts"));
  EXPECT_THAT(Text(found), HasSubstr("in `timeouts`"));
}

class ValidateResource : public ::testing::Test {
 protected:
  FakeProcess process_;
  FakeResource resource_{std::vector<Row>{
      {.name = "key_wo", .optional = true, .write_only = true, .version_attribute = "key_wo_version"},
      {.name = "key_wo_version", .optional = true},
      {.name = "zone", .optional = true, .rules = {Lower()}},
  }};
};

TEST_F(ValidateResource, WriteOnlyNeedsAHostThatKnowsIt) {
  wire::Value const config = Obj({{"key_wo", S("x")}, {"key_wo_version", S("1")}, {"zone", Null()}});
  EXPECT_TRUE(ValidateConfig(resource_, config, process_.call()).empty());
  process_.write_only_allowed = false;
  Diagnostics const found = ValidateConfig(resource_, config, process_.call());
  EXPECT_EQ(OnlyError(found), Path("key_wo"));
  EXPECT_THAT(Text(found), HasSubstr("1.11"));
  EXPECT_TRUE(
      ValidateConfig(resource_, Obj({{"key_wo", Null()}, {"zone", S("a")}}), process_.call()).empty());
}

TEST_F(ValidateResource, TheResourceSeesOnlyWhatObeysTheRules) {
  int calls = 0;
  resource_.validate = [&](const wire::Value&, Diagnostics& diagnostics) {
    ++calls;
    diagnostics.AddError("From the resource", "");
  };
  EXPECT_THAT(Text(ValidateConfig(resource_, Obj({{"zone", S("A")}}), process_.call())),
              HasSubstr("Invalid value"));
  EXPECT_EQ(calls, 0);
  EXPECT_THAT(Text(ValidateConfig(resource_, Obj({{"zone", S("a")}}), process_.call())),
              HasSubstr("From the resource"));
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace fediversity::schema
