// Bodies that are read while they are sent.

#include <algorithm>
#include <memory>
#include <string>

#include "tests/provider/http/curl_fixture.h"
#include "tests/support/http_server/http_server.h"
#include "tests/support/http_server/raw_server.h"

namespace fediversity::http {
namespace {

using fediversity::testing::Http;
using fediversity::testing::HttpServer;
using fediversity::testing::RawServer;
using fediversity::testing::ReadRequest;
using fediversity::testing::ServedRequest;
using fediversity::testing::WriteText;

// A text, in pieces of a size that fits nothing. Fails once `fails_at` bytes are read.
class TextSource final : public BodySource {
 public:
  explicit TextSource(std::string text, std::size_t fails_at = std::string::npos)
      : text_(std::move(text)),
        fails_at_(fails_at) {}

  std::uint64_t size() const override { return text_.size(); }
  absl::Status Rewind() override {
    ++rewinds_;
    position_ = 0;
    return absl::OkStatus();
  }
  absl::StatusOr<std::size_t> Read(std::span<char> buffer) override {
    if (position_ >= fails_at_) return absl::DataLossError("the disk is broken");
    std::size_t const count = std::min({buffer.size(), text_.size() - position_, std::size_t{777}});
    std::copy_n(text_.data() + position_, count, buffer.data());
    position_ += count;
    return count;
  }
  int rewinds() const { return rewinds_; }

 private:
  std::string text_;
  std::size_t fails_at_;
  std::size_t position_ = 0;
  int rewinds_ = 0;
};

Request Put(std::shared_ptr<BodySource> source, bool idempotent = false) {
  return {.method = Method::kPut,
          .path = {"file"},
          .body = Body{.content_type = "application/octet-stream", .source = std::move(source)},
          .idempotent = idempotent};
}

TEST_F(CurlTest, ABodySourceIsSentWholeWithItsLength) {
  std::string const text(200'001, 'x');
  HttpServer server([](const ServedRequest&) { return fediversity::testing::Answer{}; });
  for (std::string const& body : {text, std::string()}) {
    auto const response = SendOnce({.url = server.Url()}, Put(std::make_shared<TextSource>(body)));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(server.requests().back().method, "PUT");
    EXPECT_TRUE(server.requests().back().body == body);
    EXPECT_EQ(server.requests().back().Header("Content-Length"), std::to_string(body.size()));
    EXPECT_EQ(server.requests().back().Header("Content-Type"), "application/octet-stream");
  }
}

TEST_F(CurlTest, ABodySourceThatFailsIsTheResult) {
  RawServer server([](int fd) { ReadRequest(fd); });
  absl::Status const status =
      SendOnce({.url = server.Url()}, Put(std::make_shared<TextSource>(std::string(200'000, 'x'), 100'000)))
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_EQ(DeliveryOf(status), Delivery::kUnknown);
}

// The server closes the kept connection on the second request, which may be repeated.
TEST_F(CurlTest, ABodySourceBeginsAnewOnAnotherConnection) {
  RawServer server([](int fd) {
    if (!ReadRequest(fd).empty()) WriteText(fd, Http(200, "ok"));
  });
  auto const transport = Open({.url = server.Url()});
  auto const source = std::make_shared<TextSource>(std::string(5'000, 'x'));
  for (int i = 0; i < 3; ++i) {
    auto const response = transport->Send(Put(source, /*idempotent=*/true), Limits());
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, "ok");
  }
  EXPECT_GE(source->rewinds(), 3);
}

}  // namespace
}  // namespace fediversity::http
