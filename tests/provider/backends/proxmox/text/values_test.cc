// The small texts: tags, SSH keys, MAC addresses, URL encoding and the boot order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/backends/proxmox/text/boot_order.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/ssh_keys.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/backends/proxmox/text/url_encoding.h"

namespace fediversity::proxmox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TagsTest, AreASetInLowerCase) {
  EXPECT_THAT(ParseTags("web;Prod,prod a;;"), ElementsAre("a", "prod", "web"));
  EXPECT_THAT(ParseTags(""), IsEmpty());
  EXPECT_EQ(FormatTags({"web", "prod"}), "prod;web");
}

TEST(TagsTest, TheRuleIsSaidInWords) {
  for (const char* const tag : {"a", "_x", "0", "A-b+c.d"}) EXPECT_TRUE(CheckTag(tag).ok()) << tag;
  for (const char* const tag : {"", "-a", "a b", "a;b", "ä", ".", "a/b"}) {
    EXPECT_EQ(CheckTag(tag).code(), absl::StatusCode::kInvalidArgument) << tag;
  }
}

TEST(SshKeysTest, AreOneALineAndUrlEncoded) {
  std::string const value = FormatSshKeys({"ssh-ed25519 AAAA+b/c= ops@example.org\n", "  ", "ssh-rsa BBBB"});
  EXPECT_EQ(value, "ssh-ed25519%20AAAA%2Bb%2Fc%3D%20ops%40example.org%0Assh-rsa%20BBBB");
  EXPECT_THAT(ParseSshKeys(value).value(),
              ElementsAre("ssh-ed25519 AAAA+b/c= ops@example.org", "ssh-rsa BBBB"));
  EXPECT_THAT(ParseSshKeys("").value(), IsEmpty());
  EXPECT_FALSE(ParseSshKeys("%zz").ok());
  EXPECT_TRUE(SameSshKeys(value, value + "%0A"));
  EXPECT_TRUE(SameSshKeys("a%20b", "a b%0d%0a"));
  EXPECT_FALSE(SameSshKeys("a%0Ab", "b%0Aa")) << "the order is that of authorized_keys";
  EXPECT_FALSE(SameSshKeys("%zz", "%z"));
}

TEST(UrlEncodingTest, KeepsWhatJavaScriptKeeps) {
  EXPECT_EQ(UrlEncode("aZ0-_.~!*'() \xC3\xBC&"), "aZ0-_.~!*'()%20%C3%BC%26");
  EXPECT_EQ(UrlDecode("a+b%2b%0A").value(), "a+b+\n");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(UrlDecode(UrlEncode(all)).value(), all);
  for (const char* const text : {"%", "%4", "a%4g", "%%41"}) EXPECT_FALSE(UrlDecode(text).ok()) << text;
}

TEST(MacTest, IsReadInAnyCaseAndWrittenInUpper) {
  Mac const mac = Mac::Parse("bc:24:11:Aa:0b:CC").value();
  EXPECT_EQ(mac.ToText(), "BC:24:11:AA:0B:CC");
  EXPECT_EQ(mac, Mac::Parse("BC:24:11:AA:0B:CC").value());
  EXPECT_FALSE(mac.is_multicast());
  EXPECT_TRUE(Mac::Parse("01:00:5E:00:00:01").value().is_multicast());
  for (const char* const text : {"", "BC:24:11:AA:0B", "BC-24-11-AA-0B-CC", "BC:24:11:AA:0B:CG",
                                 "BC:24:11:AA:0B:CC:", "BC241:1:AA:0B:CC:"}) {
    EXPECT_EQ(Mac::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(BootOrderTest, IsAListOfSlotsOrLegacyLetters) {
  EXPECT_THAT(BootOrder::Parse("order=scsi0;net0").value().devices, ElementsAre("scsi0", "net0"));
  EXPECT_EQ(BootOrder::Parse("cdn").value().legacy, "cdn");
  EXPECT_EQ(BootOrder::Parse("legacy=cdn").value().Format(), "cdn");
  EXPECT_EQ(BootOrder::Parse(" ").value(), BootOrder());
  EXPECT_EQ(BootOrder::Parse("").value(), BootOrder());
  EXPECT_EQ(BootOrder().Format(), " ");
  EXPECT_EQ((BootOrder{.devices = {"net0", "scsi0"}}).Format(), "order=net0;scsi0");
  EXPECT_FALSE(BootOrder::Parse("xyz").ok());
  EXPECT_FALSE(BootOrder::Parse("order=").ok());
}

}  // namespace
}  // namespace fediversity::proxmox
