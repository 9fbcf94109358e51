#include "provider/wire/value.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fediversity::wire {
namespace {

Value Text(std::string_view text) { return Value::String(text); }

Value NotNull() {
  Refinement refinement;
  refinement.not_null = true;
  return Value::Unknown(std::move(refinement));
}

TEST(ValueTest, KnowsItsKind) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value::Unknown().is_unknown());
  EXPECT_TRUE(Value::Null().is_known());
  EXPECT_EQ(Value::Bool(true).kind(), Value::Kind::kBool);
  EXPECT_EQ(Value::Int(5).number(), Number(5));
  EXPECT_EQ(Value::List({}).kind(), Value::Kind::kList);
  EXPECT_EQ(Value::Set(Value::Elements{}).kind(), Value::Kind::kSet);
  EXPECT_EQ(Value::Map({}).kind(), Value::Kind::kMap);
  EXPECT_EQ(Value::Dynamic(Type::String(), Text("a")).kind(), Value::Kind::kDynamic);
}

TEST(ValueTest, NormalizesStrings) {
  EXPECT_EQ(Text("e\u0301").string(), "\u00e9");
  EXPECT_EQ(Text("\u1112\u1161\u11ab").string(), "\ud55c") << "Hangul jamo";
  EXPECT_EQ(Text("\u212b").string(), "\u00c5") << "singleton";
  EXPECT_EQ(Text("\ufb1d").string(), "\u05d9\u05b4") << "composition exclusion";
  EXPECT_EQ(Text("a\u0323\u0307"), Text("a\u0307\u0323")) << "canonical order";
  EXPECT_EQ(Text("Zürich").string(), "Zürich");
  EXPECT_EQ(Text("a\xFF").string(), "a\uFFFD");
  EXPECT_EQ(Text(std::string_view("a\0b", 3)).string(), std::string("a\0b", 3));
  EXPECT_EQ(Text("12345678\u00e9").string(), "12345678\u00e9") << "beyond the first word";
}

TEST(ValueTest, NormalizesKeys) {
  Value const value = Value::Map({{"e\u0301", Value::Int(1)}});
  ASSERT_NE(value.Find("\u00e9"), nullptr);
  Value other = Value::Map({});
  other.Set("e\u0301", Value::Int(1));
  EXPECT_EQ(value, other);
}

TEST(ValueTest, SortsSetsAndDropsDuplicates) {
  Value const set =
      Value::Set({Text("b"), Value::Null(), Text("a"), Value::Unknown(), Text("b"), Value::Null()});
  EXPECT_EQ(set.elements(), (Value::Elements{Text("a"), Text("b"), Value::Unknown(), Value::Null()}));
  EXPECT_EQ(set, Value::Set({Value::Unknown(), Text("a"), Text("b"), Value::Null()}));
  EXPECT_EQ(Value::Set({Value::Int(10), Value::Int(9), Value::Num(*Number::Parse("9.5"))})
                .elements()[1]
                .number()
                .text(),
            "9.5");
  EXPECT_EQ(Value::Set({Value::Bool(true), Value::Bool(false)}).elements()[0], Value::Bool(false));
}

TEST(ValueTest, KeepsUnknownsOfASetApart) {
  EXPECT_EQ(Value::Set({Value::Unknown(), Value::Unknown()}).elements().size(), 2U);
  Value const partly = Value::Map({{"a", Value::Unknown()}, {"b", Value::Int(1)}});
  EXPECT_EQ(Value::Set({partly, partly}).elements().size(), 2U);
  Value const known = Value::Map({{"b", Value::Int(1)}});
  EXPECT_EQ(Value::Set({known, known}).elements().size(), 1U);
}

TEST(ValueTest, SortsMapsAndKeepsTheLastOfAKey) {
  Value const map =
      Value::Map({{"b", Value::Int(1)}, {"a", Value::Int(2)}, {"b", Value::Int(3)}, {"a", Value::Int(4)}});
  EXPECT_EQ(map.entries(), (Value::Entries{{"a", Value::Int(4)}, {"b", Value::Int(3)}}));
  EXPECT_EQ(*map.Find("b"), Value::Int(3));
  EXPECT_EQ(map.Find("c"), nullptr);
  EXPECT_EQ(Text("x").Find("a"), nullptr);
}

TEST(ValueTest, ChangesInPlaceWithoutTouchingCopies) {
  Value const original = Value::Map({{"a", Value::List({Value::Int(1)})}, {"c", Value::Null()}});
  Value copy = original;
  copy.Set("b", Text("new"));
  copy.Set("c", Text("set"));
  copy.FindMutable("a")->mutable_elements().push_back(Value::Int(2));
  EXPECT_EQ(copy, Value::Map({{"a", Value::List({Value::Int(1), Value::Int(2)})},
                              {"b", Text("new")},
                              {"c", Text("set")}}));
  EXPECT_EQ(original, Value::Map({{"a", Value::List({Value::Int(1)})}, {"c", Value::Null()}}));
}

TEST(ValueTest, SeesUnknownsAtAnyDepth) {
  EXPECT_TRUE(Value::Map({{"a", Value::List({Value::Null()})}}).is_wholly_known());
  EXPECT_FALSE(Value::Map({{"a", Value::List({Value::Unknown()})}}).is_wholly_known());
  EXPECT_FALSE(Value::Set({Value::Unknown()}).is_wholly_known());
  EXPECT_FALSE(Value::Dynamic(Type::List(Type::String()), Value::List({Value::Unknown()})).is_wholly_known());
}

TEST(ValueTest, DynamicNeverNests) {
  Value const inner = Value::Dynamic(Type::String(), Text("a"));
  EXPECT_EQ(Value::Dynamic(Type::Dynamic(), inner), inner);
  EXPECT_EQ(Value::Dynamic(Type::Dynamic(), Value::Null()), Value::Null());
  EXPECT_EQ(Value::Dynamic(Type::Number(), Value::Null()).dynamic_type(), Type::Number());
}

TEST(ValueTest, ComparesStructure) {
  EXPECT_FALSE(Value::List({}) == Value::Set(Value::Elements{}));
  EXPECT_FALSE(Value::Null() == Value::Unknown());
  EXPECT_EQ(NotNull(), NotNull());
  EXPECT_FALSE(NotNull() == Value::Unknown());
  EXPECT_FALSE(Value::Dynamic(Type::String(), Value::Null()) ==
               Value::Dynamic(Type::Number(), Value::Null()));
  EXPECT_EQ(Value::Num(*Number::Parse("1.0")), Value::Int(1));
  EXPECT_FALSE(Text("1") == Value::Int(1));
}

TEST(ValueTest, OrderIsTotal) {
  std::vector<Value> const sorted = {
      Value::Bool(false),
      Value::Bool(true),
      Value::Int(-1),
      Value::Int(10),
      Text(""),
      Text("a"),
      Text("b"),
      Value::List({}),
      Value::List({Value::Int(1)}),
      Value::List({Value::Int(1), Value::Int(0)}),
      Value::List({Value::Int(2)}),
      Value::Set(Value::Elements{}),
      Value::Map({}),
      Value::Map({{"a", Value::Int(1)}}),
      Value::Map({{"a", Value::Int(2)}}),
      Value::Map({{"b", Value::Int(0)}}),
      Value::Dynamic(Type::Number(), Value::Int(1)),
      Value::Unknown(),
      NotNull(),
      Value::Null(),
  };
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      int const order = Value::Compare(sorted[i], sorted[j]);
      EXPECT_EQ(order < 0, i < j) << i << " and " << j;
      EXPECT_EQ(order > 0, i > j) << i << " and " << j;
      EXPECT_EQ(sorted[i] == sorted[j], i == j) << i << " and " << j;
    }
  }
}

}  // namespace
}  // namespace fediversity::wire
