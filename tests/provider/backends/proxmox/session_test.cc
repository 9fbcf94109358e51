// Tokens and tickets.

#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "provider/http/percent.h"
#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kLogin = "POST /access/ticket";
constexpr const char* kVersion = R"({"version": "9.2.11", "release": "9.2", "repoid": "x"})";

std::string HeaderOf(const http::Request& request, std::string_view name) {
  for (const http::Field& header : request.headers) {
    if (header.name() == name) return header.Reveal();
  }
  return "";
}

class SessionTest : public ApiTest {
 protected:
  SessionTest() { Open(Login{"ops@pve", Secret("obviously-fake")}); }

  static Reply TicketOf(const std::string& ticket) {
    return Data(R"({"username": "ops@pve", "ticket": ")" + ticket + R"(", "CSRFPreventionToken": "csrf-)" +
                ticket + R"("})");
  }
  absl::Status Read() { return api_->ReadVersion(Limits()).status(); }
  absl::Status Write() { return api_->SetPool(100, "a", "", Limits()); }
};

TEST_F(SessionTest, ATokenIsPutOnEveryRequestAndNothingElse) {
  Open(ApiToken{Secret("root@pam!tofu=obviously-fake")});
  service_->On("GET /version", Data(kVersion));
  service_->On("PUT /pools", Data("null"));
  ASSERT_TRUE(Read().ok());
  ASSERT_TRUE(Write().ok());
  for (const http::Request& request : service_->requests()) {
    EXPECT_EQ(HeaderOf(request, "Authorization"), "PVEAPIToken=root@pam!tofu=obviously-fake");
    EXPECT_TRUE(request.headers.front().secret());
    EXPECT_EQ(request.headers.size(), 1U);
  }
  EXPECT_EQ(service_->Count(kLogin), 0);
}

TEST_F(SessionTest, ATokenThatIsRefusedIsNotTriedAgain) {
  Open(ApiToken{Secret("root@pam!tofu=obviously-fake")});
  service_->On("GET /version", Bare(401, "Authentication failed!"));
  absl::Status const status = Read();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
  EXPECT_THAT(Text(status), Not(HasSubstr("obviously-fake")));
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(SessionTest, ATokenThatWasNeverTakenIsShownOnce) {
  Open(ApiToken{Secret("root@pam!tofu=obviously-fake")});
  service_->On("GET /version", Bare(401, "no such token"));
  ASSERT_FALSE(Read().ok());
  for (absl::Status const& status : {Read(), Write()}) {
    EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
    EXPECT_THAT(Text(status), AllOf(HasSubstr("no such token"), Not(HasSubstr("obviously-fake"))));
  }
  EXPECT_EQ(service_->lines().size(), 1U);
}

// A node that restarts may not know the tokens of its cluster yet.
TEST_F(SessionTest, ATokenThatWasTakenBeforeIsShownAgain) {
  Open(ApiToken{Secret("root@pam!tofu=obviously-fake")});
  service_->On("GET /version", {Data(kVersion), Bare(401, "no such token"), Data(kVersion)});
  EXPECT_TRUE(Read().ok());
  EXPECT_TRUE(absl::IsUnauthenticated(Read()));
  EXPECT_TRUE(Read().ok());
}

TEST_F(SessionTest, OneLoginServesAllRequests) {
  service_->On(kLogin, TicketOf("t1"));
  service_->On("GET /version", Data(kVersion));
  service_->On("PUT /pools", Data("null"));
  ASSERT_TRUE(Read().ok());
  ASSERT_TRUE(Write().ok());
  EXPECT_THAT(service_->lines(), ElementsAre("POST /access/ticket username=ops%40pve&password=obviously-fake",
                                             "GET /version", "PUT /pools poolid=a&vms=100&allow-move=1"));
  EXPECT_EQ(HeaderOf(service_->requests()[1], "Cookie"), "PVEAuthCookie=t1");
  EXPECT_EQ(HeaderOf(service_->requests()[1], "CSRFPreventionToken"), "") << "reads need none";
  EXPECT_EQ(HeaderOf(service_->requests()[2], "CSRFPreventionToken"), "csrf-t1");
}

TEST_F(SessionTest, ManyAtOnceLogInOnce) {
  service_->On(kLogin, TicketOf("t1"));
  service_->On("GET /version", Data(kVersion));
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) threads.emplace_back([&] { EXPECT_TRUE(Read().ok()); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(service_->Count(kLogin), 1);
}

// The service takes a ticket for two hours.
TEST_F(SessionTest, ATicketIsRenewedBeforeItExpires) {
  service_->On(kLogin, {TicketOf("t1"), TicketOf("t2")});
  service_->On("GET /version", Data(kVersion));
  ASSERT_TRUE(Read().ok());
  clock_.Advance(absl::Minutes(80));
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(service_->Count(kLogin), 1);
  clock_.Advance(absl::Minutes(20));
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(service_->Count(kLogin), 2);
  EXPECT_EQ(HeaderOf(service_->requests().back(), "Cookie"), "PVEAuthCookie=t2");
}

TEST_F(SessionTest, ATicketThatIsRefusedIsReplacedOnceEvenForAWrite) {
  service_->On(kLogin, {TicketOf("t1"), TicketOf("t2")});
  service_->On("PUT /pools", {Bare(401, "Permission denied - invalid csrf token"), Data("null")});
  EXPECT_TRUE(Write().ok());
  EXPECT_EQ(service_->Count(kLogin), 2);
  EXPECT_EQ(HeaderOf(service_->requests().back(), "CSRFPreventionToken"), "csrf-t2");
  service_->On("PUT /pools", Bare(401, "No ticket"));
  EXPECT_TRUE(absl::IsUnauthenticated(Write()));
  EXPECT_EQ(service_->Count(kLogin), 3);
  EXPECT_EQ(service_->Count("PUT /pools"), 4);
}

TEST_F(SessionTest, AWrongPasswordIsTold) {
  service_->On(kLogin, Failure(401, "authentication failure"));
  absl::Status const status = Read();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
  EXPECT_THAT(Text(status), AllOf(HasSubstr("logging in to Proxmox as ops@pve"),
                                  HasSubstr("authentication failure"), Not(HasSubstr("obviously-fake"))));
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(SessionTest, APasswordThatTheServerRepeatsIsNotShown) {
  service_->On(kLogin, Failure(401, "LDAP bind as ops with 'obviously-fake' failed"));
  EXPECT_THAT(Text(Read()),
              AllOf(HasSubstr("LDAP bind as ops with '(secret)' failed"), Not(HasSubstr("obviously-fake"))));
}

// Some realms lock an account after a few of them.
TEST_F(SessionTest, AWrongPasswordIsTriedOnce) {
  service_->On(kLogin, Failure(401, "authentication failure"));
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) threads.emplace_back([&] { EXPECT_TRUE(absl::IsUnauthenticated(Read())); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Text(Write()), AllOf(HasSubstr("logging in to Proxmox as ops@pve"),
                                   HasSubstr("authentication failure"), Not(HasSubstr("obviously-fake"))));
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(SessionTest, ASecondFactorIsToldToBeOne) {
  service_->On(kLogin, Data(R"({"ticket": "PVE:!tfa!x", "NeedTFA": 1})"));
  absl::Status const status = Read();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("Use an API token"));
}

TEST_F(SessionTest, ALoginThatFailsIsTriedByTheNextCall) {
  service_->On(kLogin, {Lost(), TicketOf("t1")});
  service_->On("GET /version", Data(kVersion));
  EXPECT_TRUE(absl::IsUnavailable(Read()));
  EXPECT_TRUE(Read().ok());
}

// "PVE:ops@pve:<seconds in hexadecimal>::signature".
std::string TicketMade(absl::Time time) {
  return absl::StrCat(
      "PVE:ops@pve:", absl::AsciiStrToUpper(absl::StrCat(absl::Hex(absl::ToUnixSeconds(time)))),
      "::sig+na/ture==");
}

TEST_F(SessionTest, ATicketOfSomebodyElseIsRenewedWhileItIsValid) {
  std::string const ticket = TicketMade(clock_.Now() - absl::Minutes(60));
  Open(Ticket{Secret(ticket), Secret("their-csrf")});
  service_->On("GET /version", Data(kVersion));
  service_->On("PUT /pools", Data("null"));
  service_->On(kLogin, TicketOf(TicketMade(clock_.Now() + absl::Minutes(31))));
  ASSERT_TRUE(Read().ok());
  EXPECT_EQ(HeaderOf(service_->requests().back(), "Cookie"), "PVEAuthCookie=" + ticket);
  EXPECT_EQ(service_->Count(kLogin), 0);
  clock_.Advance(absl::Minutes(31));
  ASSERT_TRUE(Write().ok());
  EXPECT_EQ(service_->lines()[1],
            "POST /access/ticket username=ops%40pve&password=" + http::PercentEncode(ticket));
  EXPECT_EQ(HeaderOf(service_->requests().back(), "CSRFPreventionToken"), "csrf-" + TicketMade(clock_.Now()));
}

TEST_F(SessionTest, ATicketOutOfACookieIsRenewedToo) {
  std::string const ticket = TicketMade(clock_.Now() - absl::Minutes(95));
  Open(Ticket{Secret(http::PercentEncode(ticket)), Secret()});
  service_->On("PUT /pools", Data("null"));
  service_->On(kLogin, TicketOf("t2"));
  ASSERT_TRUE(Write().ok());
  EXPECT_EQ(service_->lines()[0],
            "POST /access/ticket username=ops%40pve&password=" + http::PercentEncode(ticket));
  EXPECT_EQ(HeaderOf(service_->requests().back(), "CSRFPreventionToken"), "") << "it only read before";
}

TEST_F(SessionTest, ATicketThatIsOverIsLeftToTheServiceToRefuse) {
  Open(Ticket{Secret(TicketMade(clock_.Now() - absl::Hours(3))), Secret()});
  service_->On("GET /version", Bare(401, "Authentication failed!"));
  EXPECT_TRUE(absl::IsUnauthenticated(Read()));
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(SessionTest, WhoseTicketItIsIsReadOutOfIt) {
  std::string const root = "PVE:root@pam:6B03E158::signature";
  for (const std::string& text : {root, http::PercentEncode(root)}) {
    Open(Ticket{Secret(text), Secret()});
    EXPECT_TRUE(api_->is_root()) << text;
  }
  Open(Ticket{Secret(TicketMade(clock_.Now())), Secret()});
  EXPECT_FALSE(api_->is_root());
}

TEST_F(SessionTest, ATicketOfSomebodyElseIsUsedAsItIs) {
  Open(Ticket{Secret("theirs"), Secret("their-csrf")});
  service_->On("GET /version", Data(kVersion));
  service_->On("PUT /pools", {Data("null"), Bare(401, "Authentication failed!")});
  ASSERT_TRUE(Read().ok());
  ASSERT_TRUE(Write().ok());
  EXPECT_EQ(HeaderOf(service_->requests().back(), "Cookie"), "PVEAuthCookie=theirs");
  EXPECT_EQ(HeaderOf(service_->requests().back(), "CSRFPreventionToken"), "their-csrf");
  EXPECT_TRUE(absl::IsUnauthenticated(Write()));
  EXPECT_EQ(service_->Count("PUT /pools"), 2);
}

}  // namespace
}  // namespace fediversity::proxmox
