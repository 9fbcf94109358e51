#include "provider/http/response.h"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

namespace fediversity::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Response Answer(int status, std::string type, std::string body) {
  Response response{.status = status, .reason = "Reason", .body = std::move(body), .url = "https://h:1/p"};
  response.headers.Add("Content-Type", std::move(type));
  return response;
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(Response, FindsHeadersInAnyCase) {
  Headers headers;
  headers.Add("Retry-After", "3");
  headers.Add("retry-after", "5");
  EXPECT_EQ(headers.Find("RETRY-AFTER"), "3");
  EXPECT_EQ(headers.Find("Retry"), std::nullopt);
}

TEST(Response, MapsStatusesToCodes) {
  using Code = absl::StatusCode;
  std::vector<std::pair<int, Code>> const expected = {
      {200, Code::kOk},
      {204, Code::kOk},
      {301, Code::kFailedPrecondition},
      {400, Code::kInvalidArgument},
      {401, Code::kUnauthenticated},
      {403, Code::kPermissionDenied},
      {404, Code::kNotFound},
      {405, Code::kUnimplemented},
      {407, Code::kUnauthenticated},
      {408, Code::kUnavailable},
      {409, Code::kAlreadyExists},
      {410, Code::kNotFound},
      {412, Code::kFailedPrecondition},
      {418, Code::kInvalidArgument},
      {422, Code::kInvalidArgument},
      {423, Code::kFailedPrecondition},
      {425, Code::kUnavailable},
      {428, Code::kFailedPrecondition},
      {429, Code::kResourceExhausted},
      {500, Code::kInternal},
      {501, Code::kUnimplemented},
      {502, Code::kUnavailable},
      {503, Code::kUnavailable},
      {504, Code::kUnavailable},
      {505, Code::kInternal},
      {595, Code::kUnavailable},
      {596, Code::kUnavailable},
      {599, Code::kUnavailable},
      {100, Code::kUnknown},
      {0, Code::kUnknown},
      {600, Code::kUnknown},
  };
  for (const auto& [status, code] : expected) EXPECT_EQ(CodeOf(status), code) << status;
}

TEST(Response, SuccessIsOk) { EXPECT_TRUE(ToStatus({}, Answer(200, "text/html", "")).ok()); }

TEST(Response, NamesTheRequestAndWhatTheServiceSaid) {
  absl::Status const status =
      ToStatus({.method = Method::kPost}, Answer(409, "application/json", "{\"x\":1}"), "is taken");
  EXPECT_TRUE(absl::IsAlreadyExists(status));
  EXPECT_EQ(Message(status), "POST https://h:1/p answered 409 Reason\nis taken");
}

TEST(Response, QuotesTextAndJsonButNotPages) {
  EXPECT_EQ(Message(ToStatus({}, Answer(500, "application/json; charset=utf-8", "{\n  \"why\": \"so\"\n}"))),
            "GET https://h:1/p answered 500 Reason\n{ \"why\": \"so\" }");
  EXPECT_EQ(Message(ToStatus({}, Answer(502, "text/html", "<h1>Bad Gateway</h1>"))),
            "GET https://h:1/p answered 502 Reason");
  std::string const longest = Message(ToStatus({}, Answer(500, "text/plain", std::string(100'000, 'x'))));
  EXPECT_THAT(longest, HasSubstr("[cut]"));
  EXPECT_LT(longest.size(), 1000);
}

TEST(Response, WhatItQuotesIsUtf8WithoutControls) {
  EXPECT_EQ(Message(ToStatus({}, Answer(500, "text/plain", "a\x01\xff\x1b[31mb"))),
            "GET https://h:1/p answered 500 Reason\na \xEF\xBF\xBD [31mb");
}

TEST(Response, CutsSecretsOutOfWhatItQuotes) {
  Request const request{.headers = {{"Authorization", Secret("Bearer tok3n-of-mine")}}};
  // The secret lies across the place where the quotation is cut.
  std::string const body = std::string(490, 'x') + " tok3n-of-mine is unknown";
  EXPECT_THAT(Message(ToStatus(request, Answer(403, "text/plain", body))), Not(HasSubstr("tok3n")));
  EXPECT_THAT(Message(ToStatus(request, Answer(403, "text/plain", ""), "unknown: tok3n-of-mine")),
              HasSubstr("unknown: (secret)"));
}

TEST(Response, RedirectsNameTheirTargetWithoutItsQuery) {
  Response response = Answer(302, "text/html", "");
  response.headers.Add("Location", "https://login.example/?ticket=hush");
  absl::Status const status = ToStatus({}, response);
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(Message(status), HasSubstr("https://login.example/,"));
  EXPECT_THAT(Message(status), Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace fediversity::http
