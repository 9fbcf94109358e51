#include "provider/backends/nix/result_pack.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "provider/backends/nix/result_cache.h"
#include "provider/base/text.h"
#include "tests/provider/backends/nix/nix_fixture.h"
#include "tests/provider/backends/nix/processes.h"

namespace fediversity::nix {
namespace {

namespace fs = std::filesystem;
using ::testing::Optional;

class ResultPackTest : public NixTest {
 protected:
  void SetUp() override {
    NixTest::SetUp();
    cache_ = std::make_unique<ResultCache>(Variables(), true);
  }
  ResultPack Open() { return ResultPack(*cache_, HashOf({"pack"})); }
  void Put(std::string_view question, std::string_view answer) { Open().Put(question, answer); }
  std::optional<std::string> Find(std::string_view question) { return Open().Find(question); }
  std::string Path() const { return Cat({cache_->folder(), "/pack-", HashOf({"pack"})}); }

  std::unique_ptr<ResultCache> cache_;
};

TEST_F(ResultPackTest, AnswersAreThereForThoseWhoComeLater) {
  EXPECT_EQ(Find("a"), std::nullopt);
  Put("a", "of a");
  Put("b", "");
  Put("a", "of a, anew");
  EXPECT_THAT(Find("a"), Optional(std::string("of a, anew")));
  EXPECT_THAT(Find("b"), Optional(std::string()));
  EXPECT_EQ(Find("c"), std::nullopt);
  EXPECT_EQ(ResultPack(*cache_, HashOf({"another"})).Find("a"), std::nullopt);
}

TEST_F(ResultPackTest, ManyAnswersReachTheFileOnTheWay) {
  ResultPack pack = Open();
  std::string const answer(10'000, 'x');
  for (int n = 0; n < 10; ++n) pack.Put(std::to_string(n), answer);
  EXPECT_THAT(Find("0"), Optional(answer));
}

TEST_F(ResultPackTest, WhatIsDamagedIsNotThereAndTheRestIs) {
  Put("a", "of a");
  auto const first = fs::file_size(Path());
  Put("b", "of b");
  // In the middle of an answer.
  {
    std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(first) - 1);
    file << 'X';
  }
  EXPECT_EQ(Find("a"), std::nullopt);
  EXPECT_THAT(Find("b"), Optional(std::string("of b")));
  // Cut off, and others behind it.
  fs::resize_file(Path(), fs::file_size(Path()) - 2);
  EXPECT_EQ(Find("b"), std::nullopt);
  Put("c", "of c");
  EXPECT_EQ(Find("b"), std::nullopt);
  EXPECT_THAT(Find("c"), Optional(std::string("of c")));
  // Something else altogether.
  std::ofstream(Path()) << "not a pack fdp1";
  EXPECT_EQ(Find("c"), std::nullopt);
  Put("d", "of d");
  EXPECT_THAT(Find("d"), Optional(std::string("of d")));
}

TEST_F(ResultPackTest, WhatIsNoFileOfOursIsLeftAlone) {
  std::string const target = Write("elsewhere", "precious");
  fs::create_symlink(target, Path());
  Put("a", "of a");
  EXPECT_EQ(Find("a"), std::nullopt);
  EXPECT_EQ(fs::file_size(target), 8);
  fs::remove(Path());
  ASSERT_EQ(mkfifo(Path().c_str(), 0600), 0);
  Put("a", "of a");
  EXPECT_EQ(Find("a"), std::nullopt);
}

TEST_F(ResultPackTest, IsForTheUserAlone) {
  Put("a", "of a");
  struct stat found {};
  ASSERT_EQ(stat(Path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(ResultPackTest, DoesNotGrowWithoutBound) {
  std::string const answer(std::size_t{1} << 20U, 'x');
  for (int n = 0; n < 40; ++n) Put(std::to_string(n), answer);
  EXPECT_LT(fs::file_size(Path()), std::uintmax_t{20} << 20U);
  EXPECT_THAT(Find("39"), Optional(answer));
  Put("large", answer + "x");
  EXPECT_EQ(Find("large"), std::nullopt);
}

TEST_F(ResultPackTest, WithoutACacheNothingIsKept) {
  ResultCache off(Variables(), false);
  ResultPack pack(off, HashOf({"pack"}));
  pack.Put("a", "of a");
  EXPECT_EQ(pack.Find("a"), std::nullopt);
}

TEST_F(ResultPackTest, TwentyProcessesShareIt) {
  EXPECT_TRUE(AllOfTwentyProcesses([this] {
    bool right = true;
    for (int round = 0; round < 20; ++round) {
      ResultPack pack = Open();
      for (int n = 0; n < 20; ++n) {
        std::string const question = std::to_string(n);
        std::string const answer =
            Cat({"of ", question, std::string(static_cast<std::size_t>(n) * 500, '.')});
        if (auto const found = pack.Find(question); found.has_value() && *found != answer) right = false;
        pack.Put(question, answer);
      }
    }
    return right;
  }));
  for (int n = 0; n < 20; ++n) EXPECT_TRUE(Find(std::to_string(n)).has_value()) << n;
}

}  // namespace
}  // namespace fediversity::nix
