#include "provider/base/log.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace fediversity {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

LogLevel Level(std::map<std::string, std::string> variables) {
  return LogLevelFromEnvironment("fediversity",
                                 [&variables](const std::string& name) -> std::optional<std::string> {
                                   auto const found = variables.find(name);
                                   if (found == variables.end()) return std::nullopt;
                                   return found->second;
                                 });
}

TEST(LogLevel, TheNarrowestVariableDecides) {
  EXPECT_EQ(Level({}), LogLevel::kOff);
  EXPECT_EQ(Level({{"TF_LOG", "WARN"}}), LogLevel::kWarn);
  EXPECT_EQ(Level({{"TF_LOG", "WARN"}, {"TF_LOG_PROVIDER", "info"}}), LogLevel::kInfo);
  EXPECT_EQ(Level({{"TF_LOG_PROVIDER", "INFO"}, {"TF_LOG_PROVIDER_FEDIVERSITY", "OFF"}}), LogLevel::kOff);
  EXPECT_EQ(Level({{"TF_LOG", "ERROR"}, {"TF_LOG_PROVIDER", ""}}), LogLevel::kError);
}

TEST(LogLevel, JsonAndWordsThatHostsDoNotKnowMeanTrace) {
  EXPECT_EQ(Level({{"TF_LOG", "JSON"}}), LogLevel::kTrace);
  EXPECT_EQ(Level({{"TF_LOG", "LOUD"}}), LogLevel::kTrace);
}

// A pipe, and what was written to it.
class LogTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(pipe(ends_.data()), 0); }
  void TearDown() override {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }
  int out() const { return ends_[1]; }

  // Lines up to now; nothing can be written afterwards.
  std::vector<std::string> Lines() {
    close(ends_[1]);
    ends_[1] = -1;
    std::vector<std::string> lines(1);
    char byte = 0;
    while (read(ends_[0], &byte, 1) == 1) {
      if (byte == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += byte;
      }
    }
    EXPECT_THAT(lines.back(), IsEmpty()) << "the last line has no end";
    lines.pop_back();
    return lines;
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

TEST_F(LogTest, WritesWhatGoHclogReads) {
  Logger const logger(out(), LogLevel::kTrace, "provider");
  logger.Warn("some \"text\"\n\x01\xFF", {{"zone", "example.org."}, {"count", 3}, {"signed", true}});
  logger.Named("provider.dns").Error("other");
  std::vector<std::string> const lines = Lines();
  ASSERT_THAT(lines, SizeIs(2));
  auto const first = nlohmann::json::parse(lines[0]);
  EXPECT_EQ(first.at("@level"), "warn");
  EXPECT_EQ(first.at("@module"), "provider");
  EXPECT_EQ(first.at("@message"), "some \"text\"\n\x01\xEF\xBF\xBD");
  EXPECT_EQ(first.at("zone"), "example.org.");
  EXPECT_EQ(first.at("count"), 3);
  EXPECT_EQ(first.at("signed"), true);
  EXPECT_THAT(first.at("@timestamp").get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}Z"));
  EXPECT_EQ(nlohmann::json::parse(lines[1]).at("@module"), "provider.dns");
}

TEST_F(LogTest, KeysOfTheFormatStayStrings) {
  Logger(out(), LogLevel::kInfo, "provider").Info("text", {{"@message", 7}, {"@@level", true}, {"@", 1}});
  auto const line = nlohmann::json::parse(Lines().at(0));
  for (const auto& [key, value] : line.items()) {
    EXPECT_TRUE(!key.starts_with("@") || value.is_string()) << key;
  }
  EXPECT_EQ(line.at("@message"), "text");
  EXPECT_EQ(line.at("message"), 7);
}

TEST_F(LogTest, WritesNothingBelowItsLevel) {
  Logger const logger(out(), LogLevel::kWarn, "provider");
  logger.Info("quiet");
  logger.Debug("quiet");
  EXPECT_FALSE(logger.Enabled(LogLevel::kInfo));
  EXPECT_TRUE(logger.Enabled(LogLevel::kWarn));
  Logger(out(), LogLevel::kOff, "provider").Error("quiet");
  Logger().Error("quiet");
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST(Log, LinesStayBelowWhatTheHostScans) {
  std::string const control(100'000, '\x02');
  std::string accents;
  for (int i = 0; i < 50'000; ++i) accents += "\xC3\xA9";
  std::FILE* const file = std::tmpfile();  // a pipe would be full before it is read
  ASSERT_NE(file, nullptr);
  Logger const logger(fileno(file), LogLevel::kInfo, "provider");
  logger.Info(control, {{"a", accents}, {"b", control}});
  logger.Info("short", {{"a", accents}, {"b", control}, {"c", 1}});
  std::rewind(file);
  std::string text;
  for (int byte = std::fgetc(file); byte != EOF; byte = std::fgetc(file)) text += static_cast<char>(byte);
  std::fclose(file);

  std::size_t const end = text.find('\n');
  for (const std::string& line : {text.substr(0, end), text.substr(end + 1)}) {
    EXPECT_THAT(line, SizeIs(Lt(64U * 1024))) << "the host's scanner gives up on longer lines";
    EXPECT_TRUE(nlohmann::json::accept(line));
    EXPECT_THAT(line, HasSubstr("[cut]"));
  }
}

TEST_F(LogTest, LinesOfManyThreadsAreNotMixed) {
  constexpr int kThreads = 8;
  constexpr int kLines = 20;
  {
    Logger const logger(out(), LogLevel::kInfo, "provider");
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([logger, i] {
        for (int line = 0; line < kLines; ++line) logger.Info("line", {{"thread", i}, {"line", line}});
      });
    }
  }
  std::vector<std::string> const lines = Lines();
  EXPECT_THAT(lines, SizeIs(kThreads * kLines));
  for (const std::string& line : lines) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
}

}  // namespace
}  // namespace fediversity
