// OpenTofu itself reads what hcl.h writes: its formatter has nothing to change, and the values come back.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "provider/base/text.h"
#include "provider/docs/hcl.h"
#include "provider/docs/hcl_text.h"
#include "provider/wire/json.h"
#include "tests/provider/docs/random_value.h"
#include "tests/provider/docs/sample_provider.h"
#include "tests/support/tofu.h"

namespace fediversity::docs {
namespace {

using wire::Value;

class HclOpenTofuTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto const tofu = testing::FindTofu();
    if (!tofu.has_value()) GTEST_SKIP() << "no OpenTofu: set FEDIVERSITY_TOFU";
    tofu_ = *tofu;
    std::string folder = std::filesystem::temp_directory_path() / "hcl-XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void Write(std::string_view name, std::string_view text) const {
    std::ofstream stream(folder_ / name, std::ios::binary);
    stream << text;
    ASSERT_TRUE(stream.flush());
  }

  void ExpectFormatted() const {
    auto const result = testing::RunTofu(tofu_, {"fmt", "-check", "-diff", "-no-color"}, folder_);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->status.ok()) << result->output << result->error;
  }

  // The value of `expression`; sets and tuples come back as lists, objects as maps.
  Value Evaluate(std::string_view expression) const {
    auto const result = testing::RunTofu(tofu_, {"console", "-no-color"}, folder_,
                                         Cat({"base64encode(jsonencode(", expression, "))\n"}));
    if (!result.ok() || !result->status.ok()) {
      ADD_FAILURE() << result.status() << (result.ok() ? result->error : "");
      return {};
    }
    std::string json;
    absl::string_view const quoted = absl::StripAsciiWhitespace(result->output);
    EXPECT_TRUE(absl::Base64Unescape(absl::StripPrefix(absl::StripSuffix(quoted, "\""), "\""), &json))
        << quoted;
    auto value = wire::ParseJson(json);
    EXPECT_TRUE(value.ok()) << value.status();
    return value.ok() ? *std::move(value) : Value();
  }

  std::string tofu_;
  std::filesystem::path folder_;
};

TEST_F(HclOpenTofuTest, ReadsBackEveryValue) {
  std::mt19937 random(11);  // NOLINT: the same values in every run
  Value::Elements wanted;
  std::string file = "locals {\n  values = [\n";
  for (int i = 0; i < 600; ++i) {
    wanted.push_back(RandomValue(random, 4));
    auto const text = WriteExpression(wanted.back(), 4);
    ASSERT_TRUE(text.ok()) << text.status();
    file += Cat({"    ", *text, ",\n"});
  }
  Write("main.tf", Cat({file, "  ]\n}\n"}));
  ExpectFormatted();

  Value const found = Evaluate("local.values");
  ASSERT_EQ(found.kind(), Value::Kind::kList);
  ASSERT_EQ(found.elements().size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(found.elements()[i], wanted[i]) << WriteExpression(wanted[i]).value();
  }
}

TEST_F(HclOpenTofuTest, ReadsBackEveryResourceBlock) {
  std::mt19937 random(12);  // NOLINT: the same values in every run
  schema::Table table = {.name = "sample_anything", .doc = "Anything."};
  for (const char* const name : {"a", "bb", "long_name", "y", "z"}) {
    table.rows.push_back({.name = name, .doc = "Anything.", .optional = true, .type = wire::Type::Dynamic()});
  }
  ASSERT_TRUE(table.Finish().ok());

  std::vector<Value> wanted;
  std::vector<std::string> expressions;
  std::string blocks, locals = "locals {\n";
  Names names;
  for (int i = 0; i < 150; ++i) {
    Value object = schema::NullObject(table);
    Value configured = Value::Map({});
    for (const schema::Row& row : table.rows) {
      Value const value = RandomValue(random, 3);
      object.Set(row.name, value);
      if (!value.is_null()) configured.Set(row.name, value);
    }
    std::string const name = LocalName(RandomText(random), names);
    auto const block = WriteResourceBlock(table, name, object);
    ASSERT_TRUE(block.ok()) << block.status();
    blocks += Cat({*block, "\n", WriteImportBlock(table.name, name, RandomText(random)), "\n"});
    // A body of attributes is an object's as well, and can be evaluated there without a provider.
    locals += Cat({name, " = ", std::string_view(*block).substr(block->find('{'))});
    wanted.push_back(std::move(configured));
    expressions.push_back(Cat({"local.", name}));
  }
  Write("main.tf", blocks);
  ExpectFormatted();

  Write("main.tf", Cat({locals, "}\n"}));
  Value const found = Evaluate(Cat({"[", Join(expressions, ", "), "]"}));
  ASSERT_EQ(found.kind(), Value::Kind::kList);
  ASSERT_EQ(found.elements().size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(found.elements()[i], wanted[i]) << expressions[i];
}

}  // namespace
}  // namespace fediversity::docs
