#include "provider/backends/nix/result_cache.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "provider/backends/nix/resource_rules.h"
#include "provider/base/text.h"
#include "tests/provider/backends/nix/nix_fixture.h"
#include "tests/provider/backends/nix/processes.h"

namespace fediversity::nix {
namespace {

namespace fs = std::filesystem;
using ::testing::Optional;

class ResultCacheTest : public NixTest {};

TEST_F(ResultCacheTest, FindsWhatWasPut) {
  ResultCache cache(Variables(), true);
  std::string const key = HashOf({"a"});
  EXPECT_EQ(cache.Find(key), std::nullopt);
  cache.Put(key, "some\0text");
  cache.Put(key, "another");
  EXPECT_THAT(cache.Find(key), Optional(std::string("another")));
  EXPECT_THAT(ResultCache(Variables(), true).Find(key), Optional(std::string("another")));
  EXPECT_EQ(cache.Find(HashOf({"b"})), std::nullopt);
}

TEST_F(ResultCacheTest, KeysTellTextsApart) {
  EXPECT_NE(HashOf({"ab", "c"}), HashOf({"a", "bc"}));
  EXPECT_NE(HashOf({"a"}), HashOf({"a", ""}));
  EXPECT_EQ(HashOf({"a", "b"}), HashOf({"a", "b"}));
}

TEST_F(ResultCacheTest, DamagedEntriesAreNotThere) {
  ResultCache cache(Variables(), true);
  std::string const key = HashOf({"a"});
  std::string const path = Cat({cache.folder(), "/", key});
  for (std::string_view const damage : {"", "short", "x"}) {
    cache.Put(key, "text");
    if (damage == "x") {
      std::fstream file(path, std::ios::in | std::ios::out);
      file.seekp(66);
      file << 'X';
    } else {
      std::ofstream(path) << damage;
    }
    EXPECT_EQ(cache.Find(key), std::nullopt) << damage;
  }
  // An entry under another name is another answer.
  cache.Put(HashOf({"b"}), "of b");
  fs::rename(Cat({cache.folder(), "/", HashOf({"b"})}), path);
  EXPECT_EQ(cache.Find(key), std::nullopt);
}

TEST_F(ResultCacheTest, BelongsToTheUserAlone) {
  ResultCache cache(Variables(), true);
  cache.Put(HashOf({"a"}), "text");
  struct stat found {};
  ASSERT_EQ(stat(cache.folder().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  ASSERT_EQ(stat(Cat({cache.folder(), "/", HashOf({"a"})}).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(ResultCacheTest, CanBeOff) {
  ResultCache off(Variables(), false);
  off.Put(HashOf({"a"}), "text");
  EXPECT_FALSE(off.enabled());
  EXPECT_EQ(off.Find(HashOf({"a"})), std::nullopt);
  Set("XDG_CACHE_HOME", std::nullopt);
  Set("HOME", std::nullopt);
  EXPECT_FALSE(ResultCache(Variables(), true).enabled());
  Set("HOME", folder());
  EXPECT_THAT(ResultCache(Variables(), true).folder(), ::testing::StartsWith(folder() + "/.cache/"));
  // A file in its place.
  Set("XDG_CACHE_HOME", Write("file", ""));
  EXPECT_FALSE(ResultCache(Variables(), true).enabled());
}

TEST_F(ResultCacheTest, StaysWithinItsSize) {
  std::uint64_t const limit = 400 * 4096;
  ResultCache cache(Variables(), true, {.bytes = limit});
  for (int n = 0; n < 1001; ++n) cache.Put(HashOf({std::to_string(n)}), "text");
  std::uint64_t bytes = 0;
  for (auto const& entry : fs::directory_iterator(cache.folder())) {
    struct stat found {};
    ASSERT_EQ(lstat(entry.path().c_str(), &found), 0);
    bytes += static_cast<std::uint64_t>(found.st_blocks) * 512;
  }
  EXPECT_LE(bytes, limit);
  EXPECT_GT(bytes, 0U);
  EXPECT_TRUE(cache.Find(HashOf({"1000"})).has_value());
}

TEST_F(ResultCacheTest, ForgetsWhatIsOld) {
  ResultCache cache(Variables(), true, {.age = absl::Hours(1)});
  std::string const old = Cat({cache.folder(), "/", HashOf({"old"})});
  std::ofstream(old) << "x";
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
  cache.Put(HashOf({"new"}), "text");
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(cache.Find(HashOf({"new"})).has_value());
}

TEST_F(ResultCacheTest, TwentyProcessesShareIt) {
  // Each writes and reads the same keys, among them entries that others replace and trim at the same time.
  EXPECT_TRUE(AllOfTwentyProcesses([this] {
    ResultCache cache(Variables(), true, {.bytes = 50 * 4096});
    bool right = cache.enabled();
    for (int n = 0; n < 600; ++n) {
      std::string const key = HashOf({std::to_string(n % 100)});
      std::string const text = Cat({"value of ", std::to_string(n % 100)});
      if (auto const found = cache.Find(key); found.has_value() && *found != text) right = false;
      cache.Put(key, text);
    }
    return right;
  }));
  for (auto const& entry :
       fs::directory_iterator(fs::path(folder()) / "cache/terraform-provider-fediversity/nix-2")) {
    EXPECT_FALSE(entry.path().filename().native().starts_with(".new-")) << entry.path();
  }
}

TEST_F(ResultCacheTest, TwentyPlansShareIt) {
  RulesSettings settings{
      .environment = Write("rules/environment.nix", "{ offer.dns_record_set.max_ttl = 10; }"),
      .evaluator = Settings()};
  settings.evaluator.cache = true;
  std::vector<std::thread> plans;
  plans.reserve(20);

  for (int plan = 0; plan < 20; ++plan) {
    plans.emplace_back([&] {
      ResourceRules rules(settings, Variables(), Logger());
      for (int ttl = 1; ttl <= 20; ++ttl) {
        auto const verdict = rules.Judge(
            "dns_record_set", Cat({R"({"zone":"z","name":"n","ttl":)", std::to_string(ttl), "}"}), limits());
        ASSERT_TRUE(verdict.ok()) << verdict.status();
        EXPECT_EQ(verdict->ok(), ttl <= 10) << ttl;
      }
    });
  }
  for (std::thread& plan : plans) plan.join();
  ResourceRules rules(settings, Variables(), Logger());
  for (int ttl = 1; ttl <= 20; ++ttl) {
    auto const verdict = rules.Judge(
        "dns_record_set", Cat({R"({"zone":"z","name":"n","ttl":)", std::to_string(ttl), "}"}), limits());
    ASSERT_TRUE(verdict.ok());
  }
  EXPECT_EQ(rules.counts().evaluations, 0);
}

}  // namespace
}  // namespace fediversity::nix
