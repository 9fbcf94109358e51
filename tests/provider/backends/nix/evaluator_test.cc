// The evaluator on the Nix that is installed.

#include "provider/backends/nix/evaluator.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace fediversity::nix {
namespace {

using ::testing::HasSubstr;

TEST(EvaluatorTest, Slice) {
  std::string folder = "/tmp/nxtestXXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/f.nix") << "setup: arg: { sum = setup.a + arg.b; }";
  EvaluatorSettings settings;
  settings.cache = false;
  Evaluator evaluator(settings, ProcessEnvironment(), Logger());
  CancelToken cancel;
  for (int i = 0; i < 3; ++i) {
    auto got = evaluator.Evaluate(
        {.file = folder + "/f.nix", .setup = R"({"a":1})", .argument = R"({"b":2})", .roots = {folder}},
        {cancel});
    ASSERT_TRUE(got.ok()) << got.status();
    ASSERT_FALSE(got->error.has_value()) << ToText(*got->error);
    EXPECT_EQ(got->json, R"({"sum":3})");
  }
  auto got = evaluator.Evaluate(
      {.file = folder + "/f.nix", .setup = R"({"a":1})", .argument = R"({"b":{}})", .roots = {folder}},
      {cancel});
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_TRUE(got->error.has_value());
  EXPECT_THAT(ToText(*got->error), HasSubstr("add"));
  std::cerr << ToText(*got->error) << evaluator.counts().processes << "\n";
}

}  // namespace
}  // namespace fediversity::nix
