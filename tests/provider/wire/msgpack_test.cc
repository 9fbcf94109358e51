#include "provider/wire/msgpack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/provider/wire/vector_value.h"

namespace fediversity::wire {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Type ServerType() {
  return Type::Object({
      {"disks", Type::Map(Type::Object({{"size", Type::Number()}}))},
      {"names", Type::List(Type::String())},
      {"tags", Type::Set(Type::String())},
  });
}

std::string DecodingErrorOf(const absl::Status& status) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

std::string EncodeError(const Value& value, const Type& type) {
  return DecodingErrorOf(EncodeMsgpack(value, type).status());
}

std::string DecodeError(std::string_view hex, const Type& type) {
  return DecodingErrorOf(DecodeMsgpack(FromHex(hex), type).status());
}

Value Decode(std::string_view hex, const Type& type) {
  absl::StatusOr<Value> value = DecodeMsgpack(FromHex(hex), type);
  EXPECT_TRUE(value.ok()) << hex << ": " << value.status();
  return value.ok() ? *value : Value::Null();
}

TEST(MsgpackEncodeTest, NamesThePlaceOfAnError) {
  Value value = Value::Map({
      {"disks", Value::Map({{"scsi0", Value::Map({{"size", Value::Bool(true)}})}})},
      {"names", Value::List({})},
      {"tags", Value::Set(Value::Elements{})},
  });
  EXPECT_EQ(EncodeError(value, ServerType()), "disks[\"scsi0\"].size: a number is required");
  value.Set("disks", Value::Null());
  value.Set("names", Value::List({Value::String("a"), Value::Int(1)}));
  EXPECT_EQ(EncodeError(value, ServerType()), "names[1]: a string is required");
  value.Set("names", Value::Null());
  value.Set("tags", Value::Set({Value::Int(1)}));
  EXPECT_EQ(EncodeError(value, ServerType()), "tags[*]: a string is required");
}

TEST(MsgpackEncodeTest, RefusesWhatDoesNotConform) {
  Type const object = Type::Object({{"a", Type::String()}, {"b", Type::String()}});
  EXPECT_THAT(EncodeError(Value::Map({{"a", Value::Null()}}), object), HasSubstr("\"b\" is missing"));
  EXPECT_THAT(
      EncodeError(Value::Map({{"a", Value::Null()}, {"b", Value::Null()}, {"c", Value::Null()}}), object),
      HasSubstr("no attribute \"c\""));
  EXPECT_THAT(
      EncodeError(Value::Map({{"a", Value::Null()}, {"ab", Value::Null()}, {"b", Value::Null()}}), object),
      HasSubstr("no attribute \"ab\""));
  EXPECT_THAT(EncodeError(Value::List({}), Type::Tuple({Type::Bool()})), HasSubstr("a tuple of 1"));
  EXPECT_THAT(EncodeError(Value::List({}), Type::Set(Type::Bool())), HasSubstr("set of bool"));
  EXPECT_THAT(EncodeError(Value::String("a"), Type::Dynamic()), HasSubstr("dynamic"));
}

TEST(MsgpackEncodeTest, RefusesWhatCrashesTheHost) {
  Value const mixed = Value::List(
      {Value::Dynamic(Type::String(), Value::String("a")), Value::Dynamic(Type::Number(), Value::Int(1))});
  EXPECT_THAT(EncodeError(mixed, Type::List(Type::Dynamic())), HasSubstr("same type"));
  Refinement contradiction;
  contradiction.min = Refinement::Bound{Number(5), true};
  contradiction.max = Refinement::Bound{Number(1), true};
  EXPECT_THAT(EncodeError(Value::Unknown(contradiction), Type::Number()), HasSubstr("above its upper bound"));
  Refinement lengths;
  lengths.min_length = 2;
  lengths.max_length = 1;
  EXPECT_THAT(EncodeError(Value::Unknown(lengths), Type::List(Type::Bool())), HasSubstr("greatest length"));
  EXPECT_THAT(EncodeError(Value::Unknown(lengths), Type::String()), HasSubstr("only a list, set or map"));
}

TEST(MsgpackEncodeTest, CutsLongPrefixesAtASafePlace) {
  auto prefix_of = [](const std::string& prefix) {
    Refinement refinement;
    refinement.prefix = prefix;
    absl::StatusOr<std::string> bytes = EncodeMsgpack(Value::Unknown(refinement), Type::String());
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    absl::StatusOr<Value> value = DecodeMsgpack(*bytes, Type::String());
    EXPECT_TRUE(value.ok()) << value.status();
    return value->refinement().prefix;
  };
  EXPECT_EQ(prefix_of(std::string(256, 'a')), std::string(256, 'a'));
  EXPECT_EQ(prefix_of(std::string(300, '-')), std::string(255, '-'));
  EXPECT_EQ(prefix_of(std::string(300, 'a')), std::string(254, 'a'))
      << "a combining mark might follow the last a";
  std::string two_bytes;
  while (two_bytes.size() < 300) two_bytes += "\u00fc";
  EXPECT_EQ(prefix_of(two_bytes).size(), 252U) << "neither half a character nor the last whole one";
}

TEST(MsgpackDecodeTest, NamesThePlaceOfAnError) {
  EXPECT_THAT(
      DecodeError("83a56469736b7381a5736373693081a473697a65c3a56e616d6573c0a474616773c0", ServerType()),
      StartsWith("disks[\"scsi0\"].size: a number is required"));
  EXPECT_EQ(DecodeError("83a56469736b73c0a56e616d657392a16101a474616773c0", ServerType()),
            "names[1]: a string is required");
}

TEST(MsgpackDecodeTest, CollapsesRefinementsThatLeaveOneValue) {
  EXPECT_EQ(Decode("c7030c8101c3", Type::String()), Value::Null());
  EXPECT_EQ(Decode("c70b0c8301c2039205c3049205c3", Type::Number()), Value::Int(5));
  EXPECT_EQ(Decode("c7070c8301c205020602", Type::List(Type::Bool())),
            Value::List({Value::Unknown(), Value::Unknown()}));
  EXPECT_EQ(Decode("c7050c8201c20600", Type::Map(Type::Bool())), Value::Map({}));
  EXPECT_EQ(Decode("c7050c8201c20600", Type::Set(Type::Bool())), Value::Set(Value::Elements{}));
  EXPECT_TRUE(Decode("c7070c8301c205020602", Type::Set(Type::Bool())).is_unknown());
}

TEST(MsgpackDecodeTest, DoesNotMakeUpEndlessLists) {
  // Not null, and exactly 2^40 elements long.
  Value const value = Decode(
      "c7170c8301c205cf0000010000000000"
      "06cf0000010000000000",
      Type::List(Type::Bool()));
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.refinement().min_length, std::int64_t{1} << 40);
}

TEST(MsgpackDecodeTest, SkipsRefinementsItDoesNotKnow) {
  // {7: [true, "a"], 1: false}
  Value const value = Decode("c7080c820792c3a16101c2", Type::String());
  ASSERT_TRUE(value.is_unknown());
  EXPECT_TRUE(value.refinement().not_null);
}

TEST(MsgpackDecodeTest, GivesDynamicsTheirConcreteType) {
  // ["object",{"a":"dynamic"}] whose attribute is the string "x".
  std::string const json = R"(["object",{"a":"dynamic"}])";
  std::string const bytes = "\x92\xC4" + std::string(1, static_cast<char>(json.size())) + json +
                            FromHex("81a16192c40822737472696e6722a178");
  absl::StatusOr<Value> const value = DecodeMsgpack(bytes, Type::Dynamic());
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(value->dynamic_type(), Type::Object({{"a", Type::String()}}));
  EXPECT_EQ(value->dynamic_value(), Value::Map({{"a", Value::String("x")}}));
  // In list(dynamic) a plain null takes the type of its neighbour.
  EXPECT_EQ(Decode("9292c40822737472696e6722a178c0", Type::List(Type::Dynamic())),
            Value::List({Value::Dynamic(Type::String(), Value::String("x")),
                         Value::Dynamic(Type::String(), Value::Null())}));
}

TEST(MsgpackDecodeTest, RefusesNaN) { DecodeError("cb7ff8000000000000", Type::Number()); }

TEST(MsgpackDecodeTest, TakesNoMemoryForDeclaredLengths) {
  for (std::string_view const hex : {"ddffffffff", "dfffffffff", "dbffffffff", "c6ffffffff"}) {
    DecodeError(hex, Type::List(Type::String()));
    DecodeError(hex, Type::Map(Type::String()));
    DecodeError(hex, Type::String());
    DecodeError(hex, Type::Dynamic());
  }
  DecodeError("c9ffffffff0c", Type::String());
}

TEST(MsgpackDecodeTest, RefusesHostileNesting) {
  // ["dynamic", ["dynamic", ...]]: the one type that nests by itself.
  std::string const wrapper = FromHex("92c4092264796e616d696322");
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += wrapper;
  EXPECT_THAT(DecodingErrorOf(DecodeMsgpack(bytes, Type::Dynamic()).status()),
              HasSubstr("nested too deeply"));
}

TEST(MsgpackDecodeTest, RefusesEveryTruncation) {
  Value const value = Value::Map({
      {"disks", Value::Map({{"scsi0", Value::Map({{"size", Value::Num(*Number::Parse("0.1"))}})}})},
      {"names", Value::List({Value::String("a"), Value::Unknown()})},
      {"tags", Value::Set({Value::String(std::string(300, 'x'))})},
  });
  absl::StatusOr<std::string> const bytes = EncodeMsgpack(value, ServerType());
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  for (std::size_t size = 0; size < bytes->size(); ++size) {
    EXPECT_FALSE(DecodeMsgpack(std::string_view(*bytes).substr(0, size), ServerType()).ok()) << size;
  }
  absl::StatusOr<Value> const again = DecodeMsgpack(*bytes, ServerType());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, value);
}

TEST(MsgpackDecodeTest, ReplacesBadUtf8) {
  EXPECT_EQ(Decode("a2ff61", Type::String()), Value::String("\uFFFDa"));
  EXPECT_EQ(Decode("81a1ffc0", Type::Map(Type::String())), Value::Map({{"\uFFFD", Value::Null()}}));
  EXPECT_THAT(DecodeError("81a1ffc0", Type::Object({{"a", Type::String()}})), HasSubstr("\uFFFD"));
}

}  // namespace
}  // namespace fediversity::wire
