#include "tests/support/plan_oracle/oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/provider/schema/fake_resource.h"

namespace fediversity::oracle {
namespace {

using namespace schema;  // the short forms of fake_resource.h
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Path;
using wire::Value;

// One attribute "x" of each mode, to be nested or not.
std::vector<Row> Modes() {
  return {{.name = "req", .required = true},
          {.name = "opt", .optional = true},
          {.name = "both", .optional = true, .computed = true},
          {.name = "comp", .computed = true}};
}

Value Object(Value req, Value opt, Value both, Value comp) {
  return Obj({{"req", std::move(req)},
              {"opt", std::move(opt)},
              {"both", std::move(both)},
              {"comp", std::move(comp)}});
}

Table Nested(Nesting nesting, bool computed = false) {
  return MakeFakeTable({NestedRow({.name = "x", .optional = true, .computed = computed}, nesting, Modes())});
}

Value X(Value value) { return Obj({{"x", std::move(value)}}); }

TEST(ProposedNew, MergesConfigurationWithWhatWasComputed) {
  Table const table = MakeFakeTable(Modes());
  EXPECT_EQ(ProposedNew(table, Null(), Object(S("a"), Null(), Null(), Null())),
            Object(S("a"), Null(), Null(), Null()));
  EXPECT_EQ(
      ProposedNew(table, Object(S("a"), S("b"), S("c"), S("d")), Object(S("e"), Null(), Null(), Null())),
      Object(S("e"), Null(), S("c"), S("d")));
  EXPECT_EQ(
      ProposedNew(table, Object(S("a"), S("b"), S("c"), S("d")), Object(Unknown(), Null(), S("f"), Null())),
      Object(Unknown(), Null(), S("f"), S("d")));
  EXPECT_EQ(ProposedNew(table, Null(), Null()), Null());
}

TEST(ProposedNew, NestedObjectsCorrelate) {
  Value const held = Object(S("a"), Null(), S("c"), S("d"));
  Value const asked = Object(S("A"), Null(), Null(), Null());
  Value const merged = Object(S("A"), Null(), S("c"), S("d"));
  EXPECT_EQ(ProposedNew(Nested(Nesting::kSingle), X(held), X(asked)), X(merged));
  EXPECT_EQ(ProposedNew(Nested(Nesting::kSingle), X(held), X(Null())), X(Null()));
  EXPECT_EQ(ProposedNew(Nested(Nesting::kSingle), X(Null()), X(asked)), X(asked));
  EXPECT_EQ(ProposedNew(Nested(Nesting::kList), X(L({held})), X(L({asked, asked}))), X(L({merged, asked})));
  EXPECT_EQ(ProposedNew(Nested(Nesting::kMap), X(Obj({{"k", held}})), X(Obj({{"k", asked}, {"l", asked}}))),
            X(Obj({{"k", merged}, {"l", asked}})));
  EXPECT_EQ(ProposedNew(Nested(Nesting::kList), X(L({held})), X(Unknown())), X(Unknown()));
  // An element that is unknown as a whole is taken apart where there was one before.
  Value const all_unknown = Object(Unknown(), Unknown(), Unknown(), Unknown());
  EXPECT_EQ(ProposedNew(Nested(Nesting::kList), X(L({held})), X(L({Unknown(), Unknown()}))),
            X(L({all_unknown, Unknown()})));
}

TEST(ProposedNew, ElementsOfSetsCorrelateByWhatWasConfigured) {
  // The engine refuses such a table; the host does not.
  Table table;
  table.rows = Modes();
  Row row = NestedRow({.name = "x", .optional = true}, Nesting::kList, Modes());
  row.nesting = Nesting::kSet;
  row.type = wire::Type::Set(row.nested->type);
  table.rows = {row};
  Value const held = Object(S("a"), Null(), S("c"), S("d"));
  EXPECT_EQ(ProposedNew(table, X(SetOf({held})), X(SetOf({Object(S("a"), Null(), Null(), Null())}))),
            X(SetOf({held})));
  Value const other = Object(S("b"), Null(), Null(), Null());
  EXPECT_EQ(ProposedNew(table, X(SetOf({held})), X(SetOf({other}))), X(SetOf({other})));
}

TEST(ProposedNew, AComputedNestedAttributeThatWasConfiguredBecomesNull) {
  Table const table = Nested(Nesting::kSingle, /*computed=*/true);
  Value const configured = Object(S("a"), Null(), Null(), S("d"));
  Value const only_computed = Object(Null(), Null(), S("c"), S("d"));
  EXPECT_EQ(ProposedNew(table, X(configured), X(Null())), X(Null()));
  EXPECT_EQ(ProposedNew(table, X(only_computed), X(Null())), X(only_computed));
}

TEST(AssertPlanValid, AllowsConfigurationPriorAndComputed) {
  Table const table = MakeFakeTable(Modes());
  Value const prior = Object(S("a"), S("b"), S("c"), S("d"));
  Value const config = Object(S("A"), S("B"), Null(), Null());
  EXPECT_THAT(AssertPlanValid(table, prior, config, Object(S("A"), S("B"), S("any"), Unknown())), IsEmpty());
  EXPECT_THAT(AssertPlanValid(table, prior, config, Object(S("a"), S("b"), Unknown(), S("any"))), IsEmpty());
  EXPECT_THAT(AssertPlanValid(table, Null(), Null(), Null()), IsEmpty());
}

TEST(AssertPlanValid, RefusesEverythingElse) {
  Table const table = MakeFakeTable(Modes());
  Value const prior = Object(S("a"), S("b"), S("c"), S("d"));
  Value const config = Object(S("A"), Null(), S("C"), Null());
  auto faults = [&](const Value& planned) { return AssertPlanValid(table, prior, config, planned); };
  EXPECT_THAT(faults(Object(S("x"), Null(), S("C"), Null())), ElementsAre(HasSubstr("req")));
  EXPECT_THAT(faults(Object(Unknown(), Null(), S("C"), Null())), ElementsAre(HasSubstr("req")));
  EXPECT_THAT(faults(Object(S("A"), S("b"), S("C"), Null())), ElementsAre(HasSubstr("opt")));
  EXPECT_THAT(faults(Object(S("A"), Unknown(), S("C"), Null())), ElementsAre(HasSubstr("opt")));
  EXPECT_THAT(faults(Object(S("A"), Null(), S("x"), Null())), ElementsAre(HasSubstr("both")));
  EXPECT_THAT(faults(Null()), ::testing::SizeIs(1));
  EXPECT_THAT(AssertPlanValid(table, prior, Null(), prior), ::testing::SizeIs(1));
}

TEST(AssertPlanValid, AnUnknownStaysUnknown) {
  Table const table = MakeFakeTable(Modes());
  Value const config = Object(Value::Unknown({.not_null = true}), Null(), Unknown(), Null());
  EXPECT_THAT(AssertPlanValid(table, Null(), config, Object(Unknown(), Null(), Unknown(), Null())),
              IsEmpty());
  EXPECT_THAT(AssertPlanValid(table, Null(), config, Object(S("a"), Null(), Unknown(), Null())),
              ::testing::SizeIs(1));
  EXPECT_THAT(AssertPlanValid(table, Null(), config, Object(Unknown(), Null(), S("guess"), Null())),
              ::testing::SizeIs(1));
}

TEST(AssertPlanValid, NestedObjectsHaveTheConfiguredCountAndKeys) {
  Value const asked = Object(S("a"), Null(), Null(), Null());
  Value const planned = Object(S("a"), Null(), S("c"), Unknown());
  Value const wrong = Object(S("x"), Null(), Null(), Null());
  auto faults = [](Nesting nesting, Value config, Value plan) {
    return AssertPlanValid(Nested(nesting), X(Null()), X(std::move(config)), X(std::move(plan)));
  };
  EXPECT_THAT(faults(Nesting::kSingle, asked, planned), IsEmpty());
  EXPECT_THAT(faults(Nesting::kSingle, asked, wrong), ElementsAre(HasSubstr("x.req")));
  EXPECT_THAT(faults(Nesting::kSingle, asked, Null()), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Nesting::kSingle, asked, Unknown()), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Nesting::kSingle, Null(), asked), ::testing::SizeIs(1));

  EXPECT_THAT(faults(Nesting::kList, L({asked}), L({planned})), IsEmpty());
  EXPECT_THAT(faults(Nesting::kList, L({asked, asked}), L({planned, wrong})),
              ElementsAre(HasSubstr("x[1].req")));
  EXPECT_THAT(faults(Nesting::kList, L({asked}), L({planned, planned})), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Nesting::kList, Unknown(), L({planned})), ::testing::SizeIs(1));

  EXPECT_THAT(faults(Nesting::kMap, Obj({{"k", asked}}), Obj({{"k", planned}})), IsEmpty());
  EXPECT_THAT(faults(Nesting::kMap, Obj({{"k", asked}}), Obj({{"l", planned}})), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Nesting::kMap, Obj({{"k", asked}}), Obj({{"k", wrong}})), ElementsAre(HasSubstr("req")));

  // Of sets only the count is known.
  Table const set = MakeFakeTable(
      {NestedRow({.name = "x", .optional = true}, Nesting::kSet, {{.name = "a", .optional = true}})});
  Value const one = Obj({{"a", S("1")}});
  Value const two = Obj({{"a", S("2")}});
  EXPECT_THAT(AssertPlanValid(set, X(Null()), X(SetOf({one})), X(SetOf({two}))), IsEmpty());
  EXPECT_THAT(AssertPlanValid(set, X(Null()), X(SetOf({one, two})), X(SetOf({two}))), ::testing::SizeIs(1));
  EXPECT_THAT(AssertPlanValid(set, X(Null()), X(SetOf({one, Unknown()})), X(SetOf({two}))), IsEmpty());
  // Unknown elements may yet turn out to be equal, but not to be nothing.
  EXPECT_THAT(AssertPlanValid(set, X(Null()), X(SetOf({one, Unknown()})), X(SetOf({}))),
              ::testing::SizeIs(1));
}

TEST(AssertPlanValid, ANullElementCrashesTheHost) {
  EXPECT_THAT(AssertPlanValid(Nested(Nesting::kList), X(Null()),
                              X(L({Null(), Object(S("a"), Null(), Null(), Null())})),
                              X(L({Null(), Object(S("a"), Null(), Null(), Unknown())}))),
              ElementsAre(HasSubstr("crashes")));
}

TEST(AssertWriteOnlyNull, LooksEverywhere) {
  auto rows = [] {
    return std::vector<Row>{{.name = "wo", .optional = true, .write_only = true, .version_attribute = "v"},
                            {.name = "v", .optional = true}};
  };
  std::vector<Row> top = rows();
  top.push_back(NestedRow({.name = "list", .optional = true}, Nesting::kList, rows()));
  top.push_back(NestedRow({.name = "one", .optional = true}, Nesting::kSingle, rows()));
  Table const table = MakeFakeTable(std::move(top));
  auto inner = [](Value wo) { return Obj({{"wo", std::move(wo)}, {"v", Null()}}); };
  auto faults = [&](Value wo, Value list, Value one) {
    return AssertWriteOnlyNull(
        table,
        Obj({{"wo", std::move(wo)}, {"v", Null()}, {"list", std::move(list)}, {"one", std::move(one)}}));
  };
  EXPECT_THAT(faults(Null(), L({inner(Null())}), inner(Null())), IsEmpty());
  EXPECT_THAT(faults(Null(), Unknown(), Unknown()), IsEmpty());
  EXPECT_THAT(faults(S("x"), Null(), Null()), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Unknown(), Null(), Null()), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Null(), L({inner(S("x"))}), Null()), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Null(), L({Unknown()}), Null()), ::testing::SizeIs(1));
  EXPECT_THAT(faults(Null(), Null(), inner(S("x"))), ::testing::SizeIs(1));
}

TEST(AssertReplacements, PathsHaveToLeadSomewhere) {
  Value const before = Obj({{"a", S("1")}, {"l", L({S("x")})}});
  Value const after = Obj({{"a", S("2")}, {"l", L({})}});
  EXPECT_THAT(AssertReplacements(before, after, {Path("a"), Path("l").AtIndex(0)}), IsEmpty());
  EXPECT_THAT(AssertReplacements(before, after, {Path("b")}), ::testing::SizeIs(1));
  EXPECT_THAT(AssertReplacements(before, after, {Path()}), ::testing::SizeIs(1));
  EXPECT_THAT(AssertReplacements(Null(), after, {Path("a")}), ::testing::SizeIs(1));
  EXPECT_THAT(AssertReplacements(Obj({{"s", SetOf({S("x")})}}), after, {Path("s").AtSetElement(S("x"))}),
              ::testing::SizeIs(1));
}

class Compatible : public ::testing::Test {
 protected:
  static Faults Of(wire::Type type, Value planned, Value actual) {
    Table const table = MakeFakeTable({{.name = "x", .optional = true, .type = std::move(type)}});
    return AssertObjectCompatible(table, X(std::move(planned)), X(std::move(actual)));
  }
  wire::Type const string_ = wire::Type::String();
  wire::Type const list_ = wire::Type::List(string_);
  wire::Type const set_ = wire::Type::Set(string_);
  wire::Type const map_ = wire::Type::Map(string_);
};

TEST_F(Compatible, KnownValuesComeBackEqual) {
  EXPECT_THAT(Of(string_, S("a"), S("a")), IsEmpty());
  EXPECT_THAT(Of(string_, S("a"), S("b")), ::testing::SizeIs(1));
  EXPECT_THAT(Of(string_, S("a"), Null()), ::testing::SizeIs(1));
  EXPECT_THAT(Of(string_, Null(), S("a")), ::testing::SizeIs(1));
  EXPECT_THAT(Of(string_, S("a"), Unknown()), ::testing::SizeIs(1));
  EXPECT_THAT(Of(list_, L({S("a")}), L({S("a"), S("b")})), ::testing::SizeIs(1));
  EXPECT_THAT(Of(list_, L({S("a"), Unknown()}), L({S("a"), S("b")})), IsEmpty());
  EXPECT_THAT(Of(map_, Obj({{"k", Unknown()}}), Obj({{"k", S("v")}})), IsEmpty());
  EXPECT_THAT(Of(map_, Obj({{"k", Unknown()}}), Obj({{"l", S("v")}})), ::testing::SizeIs(2));
}

TEST_F(Compatible, AnUnknownBecomesWhatThePlanSaidOfIt) {
  EXPECT_THAT(Of(string_, Unknown(), Null()), IsEmpty());
  EXPECT_THAT(Of(string_, Value::Unknown({.not_null = true}), Null()), ::testing::SizeIs(1));
  EXPECT_THAT(Of(string_, Value::Unknown({.not_null = true, .prefix = "web-"}), S("web-1")), IsEmpty());
  EXPECT_THAT(Of(string_, Value::Unknown({.not_null = true, .prefix = "web-"}), S("db-1")),
              ::testing::SizeIs(1));
  wire::Refinement::Bound const five = {.value = wire::Number(5), .inclusive = false};
  EXPECT_THAT(Of(wire::Type::Number(), Value::Unknown({.min = five}), N(6)), IsEmpty());
  EXPECT_THAT(Of(wire::Type::Number(), Value::Unknown({.min = five}), N(5)), ::testing::SizeIs(1));
  EXPECT_THAT(Of(wire::Type::Number(), Value::Unknown({.max = five}), N(5)), ::testing::SizeIs(1));
  EXPECT_THAT(Of(list_, Value::Unknown({.min_length = 1}), L({})), ::testing::SizeIs(1));
  EXPECT_THAT(Of(list_, Value::Unknown({.max_length = 1}), L({S("a"), S("b")})), ::testing::SizeIs(1));
}

TEST_F(Compatible, ElementsOfSetsCorrelate) {
  EXPECT_THAT(Of(set_, SetOf({S("a"), S("b")}), SetOf({S("b"), S("a")})), IsEmpty());
  EXPECT_THAT(Of(set_, SetOf({S("a"), Unknown()}), SetOf({S("a"), S("b")})), IsEmpty());
  EXPECT_THAT(Of(set_, SetOf({S("a"), Unknown()}), SetOf({S("a")})), IsEmpty());
  EXPECT_THAT(Of(set_, SetOf({S("a"), S("b")}), SetOf({S("a")})), ::testing::SizeIs(1));
  EXPECT_THAT(Of(set_, SetOf({S("a")}), SetOf({S("a"), S("b")})), ::testing::Not(IsEmpty()));
}

TEST_F(Compatible, DynamicValuesKeepTheirType) {
  auto dynamic = [](wire::Type type, Value value) {
    return Value::Dynamic(std::move(type), std::move(value));
  };
  EXPECT_THAT(Of(wire::Type::Dynamic(), dynamic(string_, S("a")), dynamic(string_, S("a"))), IsEmpty());
  EXPECT_THAT(Of(wire::Type::Dynamic(), dynamic(string_, S("a")), dynamic(string_, S("b"))),
              ::testing::SizeIs(1));
  EXPECT_THAT(Of(wire::Type::Dynamic(), dynamic(string_, S("1")), dynamic(wire::Type::Number(), N(1))),
              ::testing::SizeIs(1));
  EXPECT_THAT(Of(wire::Type::Dynamic(), Unknown(), dynamic(string_, S("b"))), IsEmpty());
}

}  // namespace
}  // namespace fediversity::oracle
