#include <gmock/gmock.h>

#include <string>

#include "tests/provider/http/curl_fixture.h"
#include "tests/support/http_server/http_server.h"
#include "tests/support/http_server/raw_server.h"

namespace fediversity::http {
namespace {

using ::fediversity::testing::Answer;
using ::fediversity::testing::HttpServer;
using ::fediversity::testing::ServedRequest;
using ::fediversity::testing::TestCertificate;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A server with a certificate of a test's own authority.
class TlsTest : public CurlTest {
 protected:
  absl::StatusOr<Response> SendTo(const TestCertificate& certificate, const TlsSettings& tls) {
    HttpServer server(Ok, &certificate);
    auto response = SendOnce({.url = server.Url(), .tls = tls},
                             {.method = Method::kPost, .headers = {{"Authorization", Secret("Bearer t")}}});
    EXPECT_EQ(server.requests().size(), response.ok() ? 1 : 0);
    return response;
  }

  void ExpectRefused(const absl::StatusOr<Response>& response, const std::string& cause) {
    EXPECT_TRUE(absl::IsFailedPrecondition(response.status())) << response.status();
    EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
    EXPECT_THAT(Text(response.status()), StartsWith("cannot trust the certificate of 127.0.0.1:"));
    EXPECT_THAT(Text(response.status()), HasSubstr(cause));
  }

  TestCertificate const authority_{{.is_authority = true}};
  TemporaryFile const ca_file_{authority_.Pem()};
};

TEST_F(TlsTest, TrustsTheAuthorityOfTheFile) {
  TestCertificate const certificate({.issuer = &authority_});
  EXPECT_TRUE(SendTo(certificate, {.ca_file = ca_file_.path()}).ok());
  TestCertificate const self_signed({});
  TemporaryFile const own(self_signed.Pem());
  EXPECT_TRUE(SendTo(self_signed, {.ca_file = own.path()}).ok());
}

TEST_F(TlsTest, TrustsTheSystemsAuthorities) {
  TestCertificate const certificate({.issuer = &authority_});
  HttpServer server(Ok, &certificate);
  EXPECT_TRUE(SendOnce({.url = server.Url()}, {}, {{"SSL_CERT_FILE", ca_file_.path()}}).ok());
  EXPECT_TRUE(SendOnce({.url = server.Url()}, {}, {{"NIX_SSL_CERT_FILE", ca_file_.path()}}).ok());
}

TEST_F(TlsTest, RefusesWhomNobodyKnowsAndSaysWhatToDo) {
  TestCertificate const other({.is_authority = true});
  TestCertificate const certificate({.issuer = &other});
  auto const response = SendTo(certificate, {.ca_file = ca_file_.path()});
  ExpectRefused(response, "signed by nobody whom " + ca_file_.path() + " knows");
  EXPECT_THAT(Text(response.status()), HasSubstr("fingerprint is " + certificate.Fingerprint()));
  EXPECT_THAT(Text(response.status()), HasSubstr("issuer CN=Test Authority"));
  TestCertificate const self_signed({});
  ExpectRefused(SendTo(self_signed, {.ca_file = ca_file_.path()}), "signed by nobody");
}

TEST_F(TlsTest, RefusesAnotherName) {
  TestCertificate const certificate({.names = "DNS:pve.example, IP:192.0.2.1", .issuer = &authority_});
  auto const response = SendTo(certificate, {.ca_file = ca_file_.path()});
  ExpectRefused(response, "The certificate is not for 127.0.0.1");
  EXPECT_THAT(Text(response.status()), HasSubstr("DNS:pve.example, IP Address:192.0.2.1"));
}

TEST_F(TlsTest, RefusesCertificatesOutOfTheirTime) {
  TestCertificate const expired({.issuer = &authority_, .valid_from_days = -9, .valid_to_days = -2});
  ExpectRefused(SendTo(expired, {.ca_file = ca_file_.path()}), "has expired");
  TestCertificate const early({.issuer = &authority_, .valid_from_days = 2, .valid_to_days = 9});
  ExpectRefused(SendTo(early, {.ca_file = ca_file_.path()}), "not valid yet");
}

TEST_F(TlsTest, ThePinnedCertificateIsRightWhateverElseIsWrongWithIt) {
  TestCertificate const certificate({.names = "DNS:old.example", .valid_from_days = -9, .valid_to_days = -2});
  EXPECT_TRUE(SendTo(certificate, {.fingerprint = certificate.Fingerprint()}).ok());
}

TEST_F(TlsTest, AnyOtherThanThePinnedOneIsWrong) {
  TestCertificate const pinned({.issuer = &authority_});
  TestCertificate const certificate({.issuer = &authority_});
  auto const response = SendTo(certificate, {.fingerprint = pinned.Fingerprint()});
  ExpectRefused(response, "not the pinned one");
  EXPECT_THAT(Text(response.status()), HasSubstr(pinned.Fingerprint()));
  EXPECT_THAT(Text(response.status()), HasSubstr(certificate.Fingerprint()));
}

TEST_F(TlsTest, EachOfSeveralPinnedOnesIsRight) {
  TestCertificate const first({.issuer = &authority_});
  TestCertificate const second({.issuer = &authority_});
  TestCertificate const third({.issuer = &authority_});
  std::string const pins = first.Fingerprint() + ", " + second.Fingerprint();
  EXPECT_TRUE(SendTo(first, {.fingerprint = pins}).ok());
  EXPECT_TRUE(SendTo(second, {.fingerprint = pins}).ok());
  auto const response = SendTo(third, {.fingerprint = pins});
  ExpectRefused(response, "not the pinned one");
  EXPECT_THAT(Text(response.status()), HasSubstr(first.Fingerprint() + " or " + second.Fingerprint()));
}

TEST_F(TlsTest, APinnedAuthorityDoesNotCoverWhatItSigned) {
  TestCertificate const certificate({.issuer = &authority_});
  ExpectRefused(SendTo(certificate, {.fingerprint = authority_.Fingerprint()}), "not the pinned one");
}

TEST_F(TlsTest, InsecureTakesAnything) {
  TestCertificate const certificate({.names = "DNS:old.example", .valid_from_days = -9, .valid_to_days = -2});
  EXPECT_TRUE(SendTo(certificate, {.insecure = true}).ok());
}

TEST_F(TlsTest, KeepsConnectionsAndResumesSessions) {
  TestCertificate const certificate({.issuer = &authority_});
  HttpServer server(Ok, &certificate);
  TlsSettings const pinned = {.fingerprint = certificate.Fingerprint()};
  for (const TlsSettings& tls : {pinned, TlsSettings{.ca_file = ca_file_.path()}}) {
    int const before = server.connections();
    auto const kept = Open({.url = server.Url(), .tls = tls});
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(kept->Send({}, Limits()).ok());
    EXPECT_EQ(server.connections(), before + 1);
    auto const fresh = Open({.url = server.Url(), .tls = tls, .max_idle = absl::ZeroDuration()});
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(fresh->Send({}, Limits()).ok());
    EXPECT_EQ(server.connections(), before + 6);
  }
}

TEST_F(TlsTest, AuthoritiesThatCannotBeReadAreNamed) {
  TestCertificate const certificate({.issuer = &authority_});
  HttpServer server(Ok, &certificate);
  TemporaryFile const garbage("not a certificate");
  for (const std::string& path : {std::string("/nonexistent/ca.pem"), garbage.path()}) {
    auto const response = SendOnce({.url = server.Url(), .tls = {.ca_file = path}}, {});
    EXPECT_TRUE(absl::IsFailedPrecondition(response.status())) << response.status();
    EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
    EXPECT_THAT(Text(response.status()), HasSubstr(path));
  }
}

TEST_F(TlsTest, AServerWithoutTlsIsNamedAsSuch) {
  HttpServer server(Ok);
  std::string const url = "https://127.0.0.1:" + std::to_string(server.port());
  auto const response = SendOnce({.url = url, .tls = {.ca_file = ca_file_.path()}}, {});
  EXPECT_TRUE(absl::IsFailedPrecondition(response.status())) << response.status();
  EXPECT_THAT(Text(response.status()), HasSubstr("does not speak TLS"));
}

TEST_F(TlsTest, AHandshakeThatBreaksMayBeRepeated) {
  fediversity::testing::RawServer server([](int /*fd*/) {});
  std::string const url = "https://127.0.0.1:" + std::to_string(server.port());
  auto const response =
      SendOnce({.url = url, .tls = {.ca_file = ca_file_.path()}}, {.method = Method::kPost});
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
}

}  // namespace
}  // namespace fediversity::http
