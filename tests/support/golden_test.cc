#include "tests/support/golden.h"

#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace fediversity::testing {
namespace {

TEST(GoldenTest, TakesWhatTheFileHolds) { ExpectGolden("golden-sample.txt", "two\nlines\n"); }

TEST(GoldenTest, RefusesEverythingElse) {
  if (std::getenv("FEDIVERSITY_ACCEPT") != nullptr) GTEST_SKIP() << "would be accepted";
  EXPECT_NONFATAL_FAILURE(ExpectGolden("golden-sample.txt", "two\nlines"), "differs from");
  EXPECT_FATAL_FAILURE(ExpectGolden("no-such-file.txt", ""), "does not exist");
}

}  // namespace
}  // namespace fediversity::testing
