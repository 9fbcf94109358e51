// Holds the codecs against bytes that go-cty 1.18.0 wrote: tests/golden/cty-vectors.jsonl and, where the environment
// variable FEDIVERSITY_WIRE_VECTORS names one, another file of the same form.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "provider/base/text.h"
#include "provider/wire/json.h"
#include "provider/wire/msgpack.h"
#include "provider/wire/type.h"
#include "provider/wire/value.h"
#include "tests/provider/wire/vector_value.h"

namespace fediversity::wire {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 12> kMembers = {"id",   "kind",       "group", "desc",
                                                       "type", "value",      "hex",   "canonical",
                                                       "json", "json_error", "error", "panic"};

template <typename Predicate>
bool AnyType(const Type& type, Predicate predicate) {
  if (predicate(type)) return true;
  if (type.is_collection()) return AnyType(type.element(), predicate);
  for (const Type::Attribute& attribute : type.attributes()) {
    if (AnyType(attribute.type, predicate)) return true;
  }
  for (const Type& element : type.elements()) {
    if (AnyType(element, predicate)) return true;
  }
  return false;
}

// go-cty leaves the order of a set of anything but primitives open, and that of several unknown values.
bool OrderIsOpen(const Type& type, const Value& value) {
  return AnyType(type, [known = value.is_wholly_known()](const Type& part) {
    if (part.kind() == Type::Kind::kSet) return !known || !part.element().is_primitive();
    return part.kind() == Type::Kind::kDynamic;
  });
}

Type TypeOf(const Json& vector) {
  absl::StatusOr<Type> type = Type::FromJson(vector.at("type").dump());
  if (!type.ok()) throw std::runtime_error(type.status().ToString());
  return *type;
}

std::string Bytes(const Json& vector, const char* member) { return FromHex(vector.value(member, "")); }

Value Decoded(std::string_view bytes, const Type& type) {
  absl::StatusOr<Value> value = DecodeMsgpack(bytes, type);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? *value : Value::Null();
}

std::string Encoded(const Value& value, const Type& type) {
  absl::StatusOr<std::string> bytes = EncodeMsgpack(value, type);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? *bytes : "";
}

std::string EncodedJson(const Value& value, const Type& type) {
  absl::StatusOr<std::string> json = EncodeJson(value, type);
  EXPECT_TRUE(json.ok()) << json.status();
  return json.ok() ? *json : "";
}

// The same bytes or, where a set's order is open, the same value in as many bytes.
void ExpectBytes(std::string_view actual, std::string_view expected, const Type& type) {
  Value const value = Decoded(expected, type);
  if (actual != expected && OrderIsOpen(type, value)) {
    EXPECT_EQ(actual.size(), expected.size());
    EXPECT_TRUE(Decoded(actual, type) == value) << ToHex(actual);
  } else {
    EXPECT_EQ(ToHex(actual), ToHex(expected));
  }
}

void ExpectJson(const Json& vector, const Value& value, const Type& type) {
  if (vector.contains("json_error")) {
    EXPECT_FALSE(EncodeJson(value, type).ok()) << vector.at("json_error");
    return;
  }
  std::string const expected = vector.at("json").get<std::string>();
  std::string const actual = EncodedJson(value, type);
  absl::StatusOr<Value> const decoded = DecodeJson(expected, type);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_TRUE(*decoded == value);
  if (actual != expected && OrderIsOpen(type, value)) {
    EXPECT_EQ(actual.size(), expected.size());
    absl::StatusOr<Value> const again = DecodeJson(actual, type);
    EXPECT_TRUE(again.ok() && *again == *decoded) << actual;
  } else {
    EXPECT_EQ(actual, expected);
  }
}

void CheckEncode(const Json& vector) {
  Type const type = TypeOf(vector);
  std::string const expected = Bytes(vector, "hex");
  Value value = FromTagged(vector.at("value"), NumberOrigin::kText);
  std::string const from_text = Encoded(value, type);
  bool const reordered = OrderIsOpen(type, value) && from_text.size() == expected.size();
  if (from_text != expected && !reordered) value = FromTagged(vector.at("value"), NumberOrigin::kDouble);
  ExpectBytes(Encoded(value, type), expected, type);
  Value const decoded = Decoded(expected, type);
  EXPECT_TRUE(decoded == value);
  ExpectBytes(Encoded(decoded, type), expected, type);
  ExpectJson(vector, value, type);
}

void CheckDecode(const Json& vector) {
  Type const type = TypeOf(vector);
  Value const decoded = Decoded(Bytes(vector, "hex"), type);
  EXPECT_TRUE(decoded == FromTagged(vector.at("value"), NumberOrigin::kText));
  ExpectBytes(Encoded(decoded, type), Bytes(vector, "canonical"), type);
}

void CheckReject(const Json& vector) {
  absl::StatusOr<Value> const value = DecodeMsgpack(Bytes(vector, "hex"), TypeOf(vector));
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << "expected: " << vector.at("error");
}

void CheckType(const Json& vector) {
  absl::StatusOr<Type> const type = Type::FromJson(vector.at("json").get<std::string>());
  ASSERT_TRUE(type.ok()) << type.status();
  EXPECT_EQ(*type, TypeOf(vector));
  absl::StatusOr<Type> const again = Type::FromJson(type->ToJson());
  EXPECT_TRUE(again.ok() && *again == *type) << type->ToJson();
}

void CheckTypeReject(const Json& vector) {
  EXPECT_FALSE(Type::FromJson(vector.value("json", "")).ok()) << "expected: " << vector.at("error");
}

void CheckJsonDecode(const Json& vector) {
  Type const type = TypeOf(vector);
  absl::StatusOr<Value> const value = DecodeJson(vector.at("json").get<std::string>(), type);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_TRUE(*value == FromTagged(vector.at("value"), NumberOrigin::kText));
  ExpectBytes(Encoded(*value, type), Bytes(vector, "hex"), type);
}

void CheckJsonReject(const Json& vector) {
  absl::StatusOr<Value> const value = DecodeJson(vector.value("json", ""), TypeOf(vector));
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << "expected: " << vector.at("error");
}

void Check(const Json& vector) {
  for (const auto& [member, content] : vector.items()) {
    EXPECT_NE(std::find(kMembers.begin(), kMembers.end(), member), kMembers.end())
        << "unknown member " << member;
  }
  std::string const kind = vector.at("kind").get<std::string>();
  if (kind == "encode") return CheckEncode(vector);
  if (kind == "decode") return CheckDecode(vector);
  if (kind == "reject") return CheckReject(vector);
  if (kind == "type") return CheckType(vector);
  if (kind == "type-reject") return CheckTypeReject(vector);
  if (kind == "json-decode") return CheckJsonDecode(vector);
  if (kind == "json-reject") return CheckJsonReject(vector);
  ADD_FAILURE() << "unknown kind " << kind;
}

void CheckFile(const std::string& path) {
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << "cannot read " << path;
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    Json const vector = Json::parse(line);
    SCOPED_TRACE(Cat({vector.at("id").get<std::string>(), ": ", vector.value("desc", "")}));
    try {
      Check(vector);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    ++count;
  }
  EXPECT_GT(count, 0U) << path << " has no vectors";
}

TEST(CtyVectorsTest, EveryVectorHolds) {
  CheckFile("tests/golden/cty-vectors.jsonl");
  if (const char* const more = std::getenv("FEDIVERSITY_WIRE_VECTORS")) CheckFile(more);
}

}  // namespace
}  // namespace fediversity::wire
