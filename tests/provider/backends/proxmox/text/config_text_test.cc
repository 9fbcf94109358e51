#include "provider/backends/proxmox/text/config_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/backends/proxmox/text/guest_identity.h"

namespace fediversity::proxmox {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(ConfigTextTest, ValuesAreTextsHoweverTheyWereSent) {
  auto const data = nlohmann::json::parse(
      R"({"memory":"512","cores":2,"onboot":1,"cpulimit":1.5,"acpi":true,"gone":null,"name":"web"})");
  EXPECT_THAT(ConfigFromJson(data).value(),
              UnorderedElementsAre(Pair("memory", "512"), Pair("cores", "2"), Pair("onboot", "1"),
                                   Pair("cpulimit", "1.5"), Pair("acpi", "1"), Pair("name", "web")));
  EXPECT_FALSE(ConfigFromJson(nlohmann::json::parse(R"({"memory":{}})")).ok());
  EXPECT_FALSE(ConfigFromJson(nlohmann::json::parse("[]")).ok());
  EXPECT_FALSE(ConfigFromJson(nlohmann::json()).ok());
}

TEST(ConfigTextTest, BooleansHaveDefaults) {
  ConfigText const config = {{"onboot", "1"}, {"acpi", "0"}, {"kvm", "maybe"}};
  EXPECT_EQ(BoolValue(config, "onboot", false).value(), true);
  EXPECT_EQ(BoolValue(config, "acpi", true).value(), false);
  EXPECT_EQ(BoolValue(config, "tablet", true).value(), true);
  EXPECT_THAT(BoolValue(config, "kvm", true).status().ToString(), HasSubstr("\"kvm\" is \"maybe\""));
  EXPECT_EQ(FindValue(config, "tablet"), nullptr);
}

TEST(ConfigTextTest, ValuesAreComparedByTheirKey) {
  EXPECT_TRUE(SameValue("scsi0", "local:8,ssd=1", "local:8,ssd=on"));
  EXPECT_TRUE(SameValue("tags", "prod;web;Prod", "web,prod"));
  EXPECT_TRUE(SameValue("description", "a\nb", "a\nb\n\n"));
  EXPECT_FALSE(SameValue("description", "a\nb", "\na\nb"));
  EXPECT_TRUE(SameValue("sshkeys", "a%20b", "a%20b%0A"));
  EXPECT_FALSE(SameValue("name", "a", "A"));
  EXPECT_TRUE(SameValue("name", "a", "a"));
  EXPECT_TRUE(SameValue("boot", " ", ""));
}

GuestIdentity Identity(std::string uuid, std::optional<std::int64_t> created) {
  return {.uuid = std::move(uuid), .created = created};
}

TEST(GuestIdentityTest, IsReadFromTheConfiguration) {
  ConfigText const config = {{"smbios1", "uuid=25F37B8C-654C-4064-A33B-CFEE8251C3BA,base64=1"},
                             {"meta", "creation-qemu=7.2.22,ctime=1795418739"}};
  GuestIdentity const identity = GuestIdentity::FromConfig(config).value();
  EXPECT_EQ(identity, Identity("25f37b8c-654c-4064-a33b-cfee8251c3ba", 1795418739));
  EXPECT_EQ(identity.ToText(), "UUID 25f37b8c-654c-4064-a33b-cfee8251c3ba, created 2026-11-23T07:25:39Z");
  EXPECT_EQ(GuestIdentity::FromConfig({}).value().ToText(), "no UUID, created at an unknown time");
  EXPECT_FALSE(GuestIdentity::FromConfig({{"meta", "ctime=soon"}}).ok());
  EXPECT_FALSE(GuestIdentity::FromConfig({{"smbios1", "uuid=a,uuid=b"}}).ok());
}

TEST(GuestIdentityTest, AStrangerDiffersInWhatBothKnow) {
  GuestIdentity const known = Identity("a", 1);
  EXPECT_EQ(known.Compare(Identity("a", 1)), IdentityMatch::kSame);
  EXPECT_EQ(known.Compare(Identity("b", 1)), IdentityMatch::kOther);
  EXPECT_EQ(known.Compare(Identity("a", 2)), IdentityMatch::kOther);
  EXPECT_EQ(known.Compare(Identity("a", {})), IdentityMatch::kSame);
  EXPECT_EQ(known.Compare(Identity("", 1)), IdentityMatch::kSame);
  EXPECT_EQ(known.Compare(Identity("", {})), IdentityMatch::kUnknown);
  EXPECT_EQ(Identity("a", {}).Compare(Identity("", 1)), IdentityMatch::kUnknown);
}

}  // namespace
}  // namespace fediversity::proxmox
