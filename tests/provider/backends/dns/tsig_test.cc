#include "provider/backends/dns/tsig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/octets.h"

namespace fediversity::dns {
namespace {

constexpr std::int64_t kSigned = 1700000000;
constexpr const char* kFolder = "tests/provider/backends/dns/";

std::string SecretOctets() {
  std::string octets;
  for (char c = 1; c <= 40; ++c) octets += c;
  return octets;
}

TsigKey Key(std::string_view algorithm) {
  return *MakeTsigKey("tofu", algorithm, Secret(absl::Base64Escape(SecretOctets())));
}

std::vector<std::vector<std::string>> ReadRows(const std::string& file) {
  std::ifstream in(kFolder + file);
  EXPECT_TRUE(in.good()) << file;
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    rows.emplace_back();
    for (std::string word; words >> word;) rows.back().push_back(word);
  }
  return rows;
}

// A vector of one algorithm.
struct Vector {
  TsigKey key;
  std::string request, signed_request, answer;
};

std::vector<Vector> Vectors() {
  std::vector<Vector> vectors;
  for (const std::vector<std::string>& row : ReadRows("tsig_vectors.txt")) {
    vectors.push_back({Key(row[0]), absl::HexStringToBytes(row[1]), absl::HexStringToBytes(row[2]),
                       absl::HexStringToBytes(row[3])});
  }
  return vectors;
}

TimeSource At(std::int64_t seconds) {
  return [seconds] { return absl::FromUnixSeconds(seconds); };
}

TEST(TsigTest, SignsAndVerifiesLikeDnspython) {
  std::vector<Vector> const vectors = Vectors();
  ASSERT_EQ(vectors.size(), 6U);
  for (const Vector& vector : vectors) {
    TimeSource const clock = At(kSigned);
    TsigExchange exchange(vector.key, clock);
    std::string request = vector.request;
    ASSERT_TRUE(exchange.Sign(request).ok());
    // dnspython writes the algorithm's name in upper case.
    EXPECT_EQ(absl::AsciiStrToLower(request), absl::AsciiStrToLower(vector.signed_request));
    absl::StatusOr<std::string> const message = exchange.Verify(vector.answer);
    ASSERT_TRUE(message.ok()) << message.status();
    EXPECT_EQ(ParseMessage(*message)->answers.size(), 1U);
    EXPECT_TRUE(ParseMessage(*message)->additionals.empty());
    EXPECT_TRUE(exchange.Finish().ok());
    EXPECT_TRUE(exchange.report().verified);
  }
}

TEST(TsigTest, NoBitOfAnAnswerCanBeFlipped) {
  for (const Vector& vector : Vectors()) {
    TimeSource const clock = At(kSigned);
    TsigExchange exchange(vector.key, clock);
    std::string request = vector.request;
    ASSERT_TRUE(exchange.Sign(request).ok());
    absl::StatusOr<std::string> const original = TsigExchange(exchange).Verify(vector.answer);
    ASSERT_TRUE(original.ok());
    int survivors = 0;
    for (std::size_t bit = 0; bit < vector.answer.size() * 8; ++bit) {
      std::string answer = vector.answer;
      answer[bit / 8] = static_cast<char>(answer[bit / 8] ^ (1 << bit % 8));
      TsigExchange copy = exchange;
      absl::StatusOr<std::string> const message = copy.Verify(answer);
      if (!message.ok() || !copy.Finish().ok()) continue;
      ++survivors;
      // Only the case of letters in the key's and the algorithm's name, which the digest takes in lower case.
      EXPECT_EQ(*message, *original) << "bit " << bit;
      EXPECT_TRUE(absl::ascii_isalpha(answer[bit / 8]) && bit % 8 == 5) << "bit " << bit;
    }
    EXPECT_LE(survivors, 30);
  }
}

TEST(TsigTest, ClockIsJudged) {
  Vector const vector = Vectors()[3];
  struct Case {
    std::int64_t now;
    bool good;
  };
  for (auto const& [now, good] : {Case{kSigned - 301, false}, Case{kSigned - 300, true},
                                  Case{kSigned + 300, true}, Case{kSigned + 301, false}}) {
    std::int64_t time = kSigned;
    TimeSource const clock = [&time] { return absl::FromUnixSeconds(time); };
    TsigExchange exchange(vector.key, clock);
    std::string request = vector.request;
    ASSERT_TRUE(exchange.Sign(request).ok());
    time = now;
    absl::StatusOr<std::string> const message = exchange.Verify(vector.answer);
    EXPECT_EQ(message.ok(), good) << now;
    if (!good) {
      EXPECT_EQ(exchange.report().error, kTsigBadTime);
      EXPECT_EQ(exchange.report().server_ahead, absl::Seconds(kSigned - now));
    }
  }
}

TEST(TsigTest, UnsignedAnswersAreRefused) {
  Vector const vector = Vectors()[3];
  TimeSource const clock = At(kSigned);
  TsigExchange exchange(vector.key, clock);
  std::string request = vector.request;
  ASSERT_TRUE(exchange.Sign(request).ok());
  absl::StatusOr<std::string> const message = exchange.Verify(vector.request);
  EXPECT_EQ(message.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_TRUE(exchange.report().missing);
  EXPECT_FALSE(exchange.Finish().ok());
}

TEST(TsigTest, AnswersToOtherRequestsAndKeysAreRefused) {
  std::vector<Vector> const vectors = Vectors();
  TimeSource const clock = At(kSigned);
  TsigExchange exchange(vectors[3].key, clock);
  std::string request = vectors[3].request;
  ASSERT_TRUE(exchange.Sign(request).ok());
  EXPECT_EQ(TsigExchange(exchange).Verify(vectors[4].answer).status().message(),
            "it is signed with another algorithm, hmac-sha384");
  std::string other_id = vectors[3].answer;
  Put16(other_id, 0, 0x1235);
  EXPECT_EQ(TsigExchange(exchange).Verify(other_id).status().message(),
            "the answer has the id of another request");
  TsigKey other_name = vectors[3].key;
  other_name.name = *Name::ParseAbsolute("other");
  TsigExchange named(other_name, clock);
  request = vectors[3].request;
  ASSERT_TRUE(named.Sign(request).ok());
  EXPECT_EQ(named.Verify(vectors[3].answer).status().message(), "it is signed with another key, tofu");
}

class TsigStreamTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::vector<std::string>& row : ReadRows("tsig_stream_vectors.txt")) {
      answers_.push_back(absl::HexStringToBytes(row[0]));
    }
    std::string const signed_request = answers_.front();
    answers_.erase(answers_.begin());
    std::string request = BuildQuery(0x4321, *Name::ParseAbsolute("example.test"), RecordType::kAxfr);
    ASSERT_TRUE(exchange_.Sign(request).ok());
    ASSERT_EQ(request, signed_request);
  }

  TsigKey const key_ = Key("hmac-sha256");
  TimeSource const clock_ = At(kSigned);
  TsigExchange exchange_{key_, clock_};
  std::vector<std::string> answers_;
};

TEST_F(TsigStreamTest, ChainCoversUnsignedMessages) {
  std::vector<bool> finished;
  for (const std::string& answer : answers_) {
    ASSERT_TRUE(exchange_.Verify(answer).ok());
    finished.push_back(exchange_.Finish().ok());
  }
  EXPECT_THAT(finished, ::testing::ElementsAre(true, false, false, true, true));
}

TEST_F(TsigStreamTest, UnsignedMessageCannotBeChangedDroppedOrSwapped) {
  for (std::size_t at : {1U, 2U}) {
    TsigExchange changed = exchange_;
    TsigExchange dropped = exchange_;
    bool changed_ok = true;
    bool dropped_ok = true;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      std::string answer = answers_[i];
      if (i == at) answer.back() = '\x7F';
      changed_ok = changed_ok && changed.Verify(answer).ok();
      if (i != at) dropped_ok = dropped_ok && dropped.Verify(answers_[i]).ok();
    }
    EXPECT_FALSE(changed_ok);
    EXPECT_FALSE(dropped_ok);
  }
  TsigExchange swapped = exchange_;
  EXPECT_TRUE(swapped.Verify(answers_[0]).ok());
  EXPECT_TRUE(swapped.Verify(answers_[2]).ok());
  EXPECT_TRUE(swapped.Verify(answers_[1]).ok());
  EXPECT_FALSE(swapped.Verify(answers_[3]).ok());
}

TEST_F(TsigStreamTest, FirstMessageHasToBeSignedAndLaterOnesOftenEnough) {
  TsigExchange first = exchange_;
  EXPECT_FALSE(first.Verify(answers_[1]).ok());
  ASSERT_TRUE(exchange_.Verify(answers_[0]).ok());
  for (int i = 0; i < 99; ++i) ASSERT_TRUE(exchange_.Verify(answers_[1]).ok()) << i;
  EXPECT_FALSE(exchange_.Verify(answers_[1]).ok());
}

TEST(TsigKeyTest, BadKeysAreRefusedWithoutTheSecret) {
  Secret const secret("dG9wIHNlY3JldA==");
  auto message = [](const absl::StatusOr<TsigKey>& key) { return std::string(key.status().message()); };
  EXPECT_THAT(message(MakeTsigKey("tofu", "hmac-sha3", secret)),
              ::testing::HasSubstr("Known are hmac-md5, hmac-sha1"));
  EXPECT_THAT(message(MakeTsigKey("a..b", "hmac-sha256", secret)), ::testing::HasSubstr("bad name"));
  Secret const bad("not base64 at all!");
  EXPECT_THAT(message(MakeTsigKey("tofu", "hmac-sha256", bad)), ::testing::HasSubstr("no base64"));
  EXPECT_THAT(message(MakeTsigKey("tofu", "hmac-sha256", bad)),
              ::testing::Not(::testing::HasSubstr("not base64 at")));
  EXPECT_FALSE(MakeTsigKey("tofu", "hmac-sha256", Secret("")).ok());
  EXPECT_TRUE(MakeTsigKey("tofu.", "HMAC-SHA512.", secret).ok());
  EXPECT_TRUE(MakeTsigKey("tofu", "hmac-md5.sig-alg.reg.int.", secret).ok());
}

}  // namespace
}  // namespace fediversity::dns
