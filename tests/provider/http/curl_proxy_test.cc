#include <gmock/gmock.h>

#include <string>

#include "tests/provider/http/curl_fixture.h"
#include "tests/support/http_server/forward_proxy.h"
#include "tests/support/http_server/http_server.h"

namespace fediversity::http {
namespace {

using ::fediversity::testing::Answer;
using ::fediversity::testing::ForwardProxy;
using ::fediversity::testing::HttpServer;
using ::fediversity::testing::ServedRequest;
using ::fediversity::testing::TestCertificate;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// The service is known by this name to the proxy only: who gets an answer went through the proxy.
class ProxyTest : public CurlTest {
 protected:
  ProxyTest() : server_(Ok, &certificate_), plain_server_(Ok) {}

  ConnectionOptions Secure() const {
    return {.url = server_.UrlOf(UnresolvableHost()), .tls = {.fingerprint = certificate_.Fingerprint()}};
  }
  ConnectionOptions Plain() const { return {.url = plain_server_.UrlOf(UnresolvableHost())}; }
  Request const request_{.path = {"x"}, .headers = {{"Authorization", Secret("Bearer t0ken")}}};

  TestCertificate const certificate_{{}};
  HttpServer server_;
  HttpServer plain_server_;
};

TEST_F(ProxyTest, HttpsGoesThroughATunnelThatSeesNoCredentials) {
  ForwardProxy proxy;
  auto const transport = Open(Secure(), {{"HTTPS_PROXY", "http://" + proxy.Address()}});
  for (int i = 0; i < 3; ++i) {
    auto const response = transport->Send(request_, Limits());
    ASSERT_TRUE(response.ok()) << response.status();
  }
  EXPECT_THAT(proxy.heads(),
              ElementsAre(AllOf(StartsWith("CONNECT " + UnresolvableHost() + ":"), Not(HasSubstr("t0ken")))));
  EXPECT_EQ(server_.requests().size(), 3);
  EXPECT_EQ(server_.requests()[0].Header("Authorization"), "Bearer t0ken");
}

TEST_F(ProxyTest, TheServersCertificateIsStillChecked) {
  ForwardProxy proxy;
  TestCertificate const other({});
  ConnectionOptions options = Secure();
  options.tls.fingerprint = other.Fingerprint();
  auto const response = SendOnce(options, request_, {{"HTTPS_PROXY", proxy.Address()}});
  EXPECT_TRUE(absl::IsFailedPrecondition(response.status())) << response.status();
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(ProxyTest, HttpIsAskedForByItsWholeUrl) {
  ForwardProxy proxy;
  auto const response = SendOnce(Plain(), request_, {{"http_proxy", proxy.Address()}});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(proxy.heads(), ElementsAre(StartsWith("GET http://" + UnresolvableHost() + ":")));
  EXPECT_EQ(plain_server_.requests().size(), 1);
}

TEST_F(ProxyTest, NoProxyGoesTheDirectWay) {
  ForwardProxy proxy;
  for (const std::string& list : {std::string("*"), UnresolvableHost(), std::string("x.example,.test")}) {
    auto const response =
        SendOnce(Secure(), request_, {{"HTTPS_PROXY", proxy.Address()}, {"NO_PROXY", list}});
    EXPECT_THAT(Text(response.status()), StartsWith("cannot resolve " + UnresolvableHost()));
  }
  EXPECT_THAT(proxy.heads(), IsEmpty());
}

TEST_F(ProxyTest, LoopbackGoesTheDirectWay) {
  ForwardProxy proxy;
  auto const response = SendOnce({.url = plain_server_.Url()}, request_, {{"HTTP_PROXY", proxy.Address()}});
  EXPECT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(proxy.heads(), IsEmpty());
}

TEST_F(ProxyTest, TheProcessEnvironmentIsNotLookedAt) {
  RefusingPort const port;
  setenv("https_proxy", port.Url().c_str(), 1);
  setenv("no_proxy", "*", 1);
  ForwardProxy proxy;
  auto const response = SendOnce(Secure(), request_, {{"HTTPS_PROXY", proxy.Address()}});
  unsetenv("https_proxy");
  unsetenv("no_proxy");
  EXPECT_TRUE(response.ok()) << response.status();
}

TEST_F(ProxyTest, PasswordsAreSentToTheProxy) {
  ForwardProxy proxy({.authorization = "Basic dXNlcjpodXNo"});  // user:hush
  auto const response =
      SendOnce(Secure(), request_, {{"HTTPS_PROXY", "http://user:hush@" + proxy.Address()}});
  EXPECT_TRUE(response.ok()) << response.status();
}

TEST_F(ProxyTest, AWrongPasswordIsToldApartAndNotShown) {
  ForwardProxy proxy({.authorization = "Basic other"});
  auto const response =
      SendOnce(Secure(), request_, {{"HTTPS_PROXY", "http://user:hush@" + proxy.Address()}});
  EXPECT_TRUE(absl::IsFailedPrecondition(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
  EXPECT_THAT(Text(response.status()), AllOf(HasSubstr(proxy.Address()), HasSubstr("407"),
                                             HasSubstr("HTTPS_PROXY"), Not(HasSubstr("hush"))));
}

TEST_F(ProxyTest, ARefusalNamesTheProxyAndTheHost) {
  ForwardProxy proxy({.refuse_with = 403});
  Request write = request_;
  write.method = Method::kPost;
  auto const response = SendOnce(Secure(), write, {{"HTTPS_PROXY", proxy.Address()}});
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_EQ(DeliveryOf(response.status()), Delivery::kNotSent);
  EXPECT_THAT(Text(response.status()),
              AllOf(HasSubstr(proxy.Address() + " gives no way to " + UnresolvableHost()), HasSubstr("403"),
                    HasSubstr("NO_PROXY")));
}

TEST_F(ProxyTest, ADeadProxyIsNamedWithItsVariable) {
  RefusingPort const port;
  auto const response = SendOnce(Secure(), request_, {{"https_proxy", port.Url()}});
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_THAT(Text(response.status()),
              StartsWith("cannot connect to the proxy " + port.Url() + " that https_proxy names\n"));
  auto const unknown =
      SendOnce(Secure(), request_, {{"https_proxy", "http://" + UnresolvableHost() + ":3128"}});
  EXPECT_THAT(Text(unknown.status()), StartsWith("cannot resolve the proxy http://" + UnresolvableHost()));
  EXPECT_EQ(DeliveryOf(unknown.status()), Delivery::kNotSent);
}

}  // namespace
}  // namespace fediversity::http
