#include "provider/wire/path.h"

#include <gtest/gtest.h>

namespace fediversity::wire {
namespace {

TEST(PathTest, IsWrittenAsInHcl) {
  EXPECT_EQ(Path().ToString(), "");
  EXPECT_EQ(Path("name").ToString(), "name");
  EXPECT_EQ(Path("disks").AtKey("scsi0").Child("size").ToString(), "disks[\"scsi0\"].size");
  EXPECT_EQ(Path("rules").AtIndex(2).Child("prefix").ToString(), "rules[2].prefix");
  EXPECT_EQ(Path("m").AtKey("say \"hi\" <b>").ToString(), "m[\"say \\\"hi\\\" <b>\"]");
}

TEST(PathTest, HidesTheElementsOfASet) {
  Path const path = Path("tokens").AtSetElement(Value::String("hunter2"));
  EXPECT_EQ(path.Child("id").ToString(), "tokens[*].id");
}

TEST(PathTest, LeavesTheShorterPathAlone) {
  Path const path("a");
  Path const longer = path.Child("b");
  EXPECT_EQ(path, Path("a"));
  EXPECT_FALSE(longer == path);
  EXPECT_FALSE(Path("a").AtKey("b") == longer) << "a key is no attribute";
}

TEST(PathTest, LeadsToAValue) {
  Value const root = Value::Map({
      {"disks", Value::Map({{"scsi0", Value::Map({{"size", Value::String("40G")}})}})},
      {"rules", Value::List({Value::Map({{"prefix", Value::String("tmp/")}})})},
      {"tags", Value::Set({Value::String("a"), Value::String("b")})},
      {"any", Value::Dynamic(Type::Object({{"x", Type::Number()}}), Value::Map({{"x", Value::Int(1)}}))},
      {"gone", Value::Null()},
  });
  auto text = [&root](const Path& path) {
    const Value* const found = path.Resolve(root);
    return found == nullptr ? "nothing" : found->string();
  };
  EXPECT_EQ(Path().Resolve(root), &root);
  EXPECT_EQ(text(Path("disks").AtKey("scsi0").Child("size")), "40G");
  EXPECT_EQ(text(Path("rules").AtIndex(0).Child("prefix")), "tmp/");
  EXPECT_EQ(text(Path("tags").AtSetElement(Value::String("b"))), "b");
  EXPECT_EQ(*Path("any").Child("x").Resolve(root), Value::Int(1)) << "through a dynamic";
  EXPECT_EQ(text(Path("rules").AtIndex(1)), "nothing");
  EXPECT_EQ(text(Path("rules").AtIndex(-1)), "nothing");
  EXPECT_EQ(text(Path("disks").AtIndex(0)), "nothing");
  EXPECT_EQ(text(Path("tags").AtSetElement(Value::String("c"))), "nothing");
  EXPECT_EQ(text(Path("tags").AtIndex(0)), "nothing");
  EXPECT_EQ(text(Path("gone").Child("x")), "nothing");
  EXPECT_EQ(text(Path("none")), "nothing");
}

}  // namespace
}  // namespace fediversity::wire
