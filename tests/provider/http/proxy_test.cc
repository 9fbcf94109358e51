#include "provider/http/proxy.h"

#include <gmock/gmock.h>

#include <map>
#include <vector>

namespace fediversity::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Environment Of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

// The proxy's printable URL, "" for none.
std::string ProxyOf(const std::string& url, std::map<std::string, std::string> variables) {
  auto const proxy = ProxyFor(*ParseEndpoint(url), Of(std::move(variables)));
  EXPECT_TRUE(proxy.ok()) << proxy.status();
  return proxy.ok() && proxy->has_value() ? (*proxy)->printable : "";
}

TEST(Proxy, TheSchemeChoosesTheVariable) {
  std::map<std::string, std::string> const both = {{"HTTP_PROXY", "http://h:1"},
                                                   {"HTTPS_PROXY", "http://s:2"}};
  EXPECT_EQ(ProxyOf("http://a.example", both), "http://h:1");
  EXPECT_EQ(ProxyOf("https://a.example", both), "http://s:2");
  EXPECT_EQ(ProxyOf("https://a.example", {{"HTTP_PROXY", "http://h:1"}}), "");
  EXPECT_EQ(ProxyOf("https://a.example", {}), "");
}

TEST(Proxy, LowerCaseNamesCountWhereUpperCaseIsUnsetOrEmpty) {
  EXPECT_EQ(ProxyOf("https://a.example", {{"https_proxy", "http://l:1"}}), "http://l:1");
  EXPECT_EQ(ProxyOf("https://a.example", {{"https_proxy", "http://l:1"}, {"HTTPS_PROXY", "http://u:1"}}),
            "http://u:1");
  EXPECT_EQ(ProxyOf("https://a.example", {{"https_proxy", "http://l:1"}, {"HTTPS_PROXY", ""}}), "http://l:1");
  EXPECT_EQ(ProxyOf("https://a.example", {{"HTTPS_PROXY", "http://u:1"}, {"no_proxy", "a.example"}}), "");
}

TEST(Proxy, SchemeAndPortHaveDefaults) {
  EXPECT_EQ(ProxyOf("http://a.example", {{"HTTP_PROXY", "proxy.example:3128"}}), "http://proxy.example:3128");
  EXPECT_EQ(ProxyOf("http://a.example", {{"HTTP_PROXY", "proxy.example"}}), "http://proxy.example:80");
  EXPECT_EQ(ProxyOf("http://a.example", {{"HTTP_PROXY", "socks5h://[::1]"}}), "socks5h://[::1]:1080");
}

TEST(Proxy, LoopbackIsReachedDirectly) {
  std::map<std::string, std::string> const set = {{"HTTP_PROXY", "http://p:1"}};
  for (const char* const url : {"http://localhost:1", "http://LOCALHOST", "http://127.0.0.1",
                                "http://127.9.9.9", "http://[::1]:3903"}) {
    EXPECT_EQ(ProxyOf(url, set), "") << url;
  }
  EXPECT_EQ(ProxyOf("http://128.0.0.1", set), "http://p:1");
  EXPECT_EQ(ProxyOf("http://[::2]", set), "http://p:1");
  EXPECT_EQ(ProxyOf("http://localhost.example", set), "http://p:1");
}

TEST(Proxy, PasswordsAreUsedButNotShown) {
  auto const proxy = ProxyFor(*ParseEndpoint("http://a.example"), Of({{"HTTP_PROXY", "http://u:hush@p:1"}}));
  ASSERT_TRUE(proxy.ok());
  EXPECT_EQ((*proxy)->url.Reveal(), "http://u:hush@p:1");
  EXPECT_EQ((*proxy)->printable, "http://p:1");
}

TEST(Proxy, RefusesProxiesThatCannotBeUsed) {
  for (const char* const value :
       {"https://u:hush@p:1", "ftp://u:hush@p", "http://u:hush@", "http://u:hush@p:x"}) {
    auto const proxy = ProxyFor(*ParseEndpoint("http://a.example"), Of({{"http_proxy", value}}));
    EXPECT_TRUE(absl::IsFailedPrecondition(proxy.status())) << value;
    EXPECT_THAT(std::string(proxy.status().message()), HasSubstr("http_proxy"));
    EXPECT_THAT(std::string(proxy.status().message()), Not(HasSubstr("hush")));
  }
}

struct Exclusion {
  const char* list;
  const char* host;
  std::uint16_t port;
  bool excluded;
};

TEST(NoProxy, FollowsTheRulesOfGo) {
  std::vector<Exclusion> const cases = {
      {"", "a.example", 443, false},
      {"*", "a.example", 443, true},
      {"a.example", "a.example", 443, true},
      {"A.Example", "a.eXample", 443, true},
      {"a.example", "www.a.example", 443, true},
      {"a.example", "ba.example", 443, false},
      {"a.example", "example", 443, false},
      {".a.example", "a.example", 443, false},
      {".a.example", "www.a.example", 443, true},
      {"*.a.example", "www.a.example", 443, true},
      {"*.a.example", "a.example", 443, false},
      {"a.example:443", "a.example", 443, true},
      {"a.example:443", "a.example", 8006, false},
      {"a.example:x", "a.example", 8006, false},
      {" x.example , a.example ", "a.example", 443, true},
      {"x.example a.example", "a.example", 443, true},
      {",,", "a.example", 443, false},
      {":", "a.example", 443, false},
      {":443", "a.example", 443, false},
      {".", "a.example", 443, false},
      {"192.0.2.1", "192.0.2.1", 443, true},
      {"192.0.2.1", "192.0.2.10", 443, false},
      {"192.0.2.1:80", "192.0.2.1", 443, false},
      {"192.0.2.1:443", "192.0.2.1", 443, true},
      {"192.0.2.0/24", "192.0.2.77", 443, true},
      {"192.0.2.0/25", "192.0.2.177", 443, false},
      {"192.0.2.128/25", "192.0.2.177", 443, true},
      {"0.0.0.0/0", "192.0.2.177", 443, true},
      {"0.0.0.0/0", "2001:db8::1", 443, false},
      {"192.0.2.0/33", "192.0.2.0", 443, false},
      {"192.0.2.0/", "192.0.2.0", 443, false},
      {"192.0.2.0/24", "a.example", 443, false},
      {"2001:db8::1", "2001:db8::1", 443, true},
      {"2001:DB8:0::1", "2001:db8::1", 443, true},
      {"[2001:db8::1]", "2001:db8::1", 443, true},
      {"[2001:db8::1]:443", "2001:db8::1", 443, true},
      {"[2001:db8::1]:80", "2001:db8::1", 443, false},
      {"2001:db8::/32", "2001:db8:5::1", 443, true},
      {"2001:db8::/33", "2001:db8:8000::1", 443, false},
      {"[", "a.example", 443, false},
      {"[]", "a.example", 443, false},
      {"]:1", "a.example", 443, false},
  };
  for (const Exclusion& one : cases) {
    EXPECT_EQ(IsExcludedFromProxy(one.list, one.host, one.port), one.excluded)
        << one.list << " and " << one.host << " port " << one.port;
  }
}

}  // namespace
}  // namespace fediversity::http
