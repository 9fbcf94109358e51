#include "provider/http/endpoint.h"

#include <gmock/gmock.h>

#include "provider/http/fingerprint.h"

namespace fediversity::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Endpoint, ReadsUrls) {
  auto const proxmox = ParseEndpoint("https://pve.example:8006/api2/json/");
  ASSERT_TRUE(proxmox.ok()) << proxmox.status();
  EXPECT_TRUE(proxmox->tls);
  EXPECT_EQ(proxmox->Authority(), "pve.example:8006");
  EXPECT_EQ(proxmox->Url(), "https://pve.example:8006/api2/json");
  auto const garage = ParseEndpoint("http://[::1]:3903");
  ASSERT_TRUE(garage.ok()) << garage.status();
  EXPECT_EQ(garage->host, "::1");
  EXPECT_EQ(garage->Url(), "http://[::1]:3903");
  EXPECT_EQ(ParseEndpoint("HTTPS://a.example")->port, 443);
  EXPECT_EQ(ParseEndpoint("http://a.example/")->port, 80);
}

TEST(Endpoint, RefusesWhatIsNoService) {
  for (const char* const url :
       {"", "pve.example", "pve.example:8006", "ftp://a.example", "file:///etc/passwd", "https://",
        "http://a b/", "http://a.example/?x=1", "http://a.example/?", "http://a.example/#x",
        "http://a.example:99999", "http://:80", "http://a.example:0", "/run/socket"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseEndpoint(url).status())) << url;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(ParseEndpoint(std::string_view("http://a\0b", 10)).status()));
}

// The address alone would be that of any network.
TEST(Endpoint, RefusesAnAddressOfOneNetworkDevice) {
  for (const char* const url : {"https://[fe80::1%25eth0]:8006", "https://[fe80::1%eth0]:8006"}) {
    absl::Status const status = ParseEndpoint(url).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << url;
    EXPECT_THAT(std::string(status.message()), HasSubstr("network device")) << url;
  }
  EXPECT_TRUE(ParseEndpoint("https://[fe80::1]:8006").ok());
}

TEST(Endpoint, DoesNotRepeatAPassword) {
  absl::Status const status = ParseEndpoint("https://user:hush@pve.example:8006").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("user or password"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hush")));
}

TEST(Fingerprint, ReadsBothSpellingsInEitherCase) {
  std::string digits;
  std::string colons;
  for (int i = 0; i < 32; ++i) {
    digits += "aB";
    colons += i == 0 ? "Ab" : ":aB";
  }
  auto const plain = ParseFingerprint(digits);
  auto const separated = ParseFingerprint(colons);
  ASSERT_TRUE(plain.ok() && separated.ok());
  EXPECT_EQ(*plain, *separated);
  EXPECT_EQ(plain->at(31), 0xAB);
  EXPECT_TRUE(ToText(*plain).starts_with("AB:AB:"));
  EXPECT_EQ(ParseFingerprint(ToText(*plain)).value(), *plain);
}

TEST(Fingerprint, RefusesOtherText) {
  std::string const digits(64, 'a');
  for (const std::string& text :
       {std::string(), std::string("A1:B2"), digits.substr(1), digits + "a", "g" + digits.substr(1),
        std::string(95, 'a'), std::string(95, ':'), "SHA256:" + digits}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseFingerprint(text).status())) << text;
  }
}

}  // namespace
}  // namespace fediversity::http
