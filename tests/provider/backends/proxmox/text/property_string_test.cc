#include "provider/backends/proxmox/text/property_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/backends/proxmox/text/smbios.h"

namespace fediversity::proxmox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

PropertyString P(const Kind& kind, std::string_view text) {
  absl::StatusOr<PropertyString> parsed = PropertyString::Parse(kind, text);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return *std::move(parsed);
}

bool Same(const Kind& kind, std::string_view a, std::string_view b) {
  return P(kind, a).Equivalent(P(kind, b)) && P(kind, b).Equivalent(P(kind, a));
}

TEST(PropertyStringTest, TheDefaultKeysValueStandsAloneOrByName) {
  EXPECT_EQ(P(kDriveKind, "local:8,ssd=1").Get("file"), "local:8");
  EXPECT_EQ(P(kDriveKind, "ssd=1,file=local:8").Get("file"), "local:8");
  EXPECT_EQ(P(kDriveKind, "volume=local:8").Get("file"), "local:8");
  EXPECT_EQ(P(kAgentKind, "1,type=isa").GetBool("enabled").value(), true);
  EXPECT_EQ(P(kAgentKind, "type=isa").GetBool("enabled").value(), std::nullopt);
  EXPECT_EQ(P(kStartupKind, "3,up=10").Get("order"), "3");
}

TEST(PropertyStringTest, WhatIsNotKnownStaysInItsPlace) {
  PropertyString drive = P(kDriveKind, "local:100/vm-100-disk-0.raw,quantum=9,,ssd=1,zeal=a=b");
  ASSERT_TRUE(drive.SetBool("iothread", true).ok());
  ASSERT_TRUE(drive.Set("ssd", "0").ok());
  EXPECT_EQ(drive.Format(), "local:100/vm-100-disk-0.raw,iothread=1,quantum=9,,ssd=0,zeal=a=b");
  EXPECT_EQ(drive.Get("quantum"), "9");
  EXPECT_THAT(drive.Names(), ElementsAre("file", "iothread", "quantum", "ssd", "zeal"));
  EXPECT_EQ(P(kSmbiosKind, "strange,uuid=x").Format(), "strange,uuid=x") << "a value that nothing names";
}

TEST(PropertyStringTest, NewOptionsGoWhereTheServerPrintsThem) {
  PropertyString drive = P(kDriveKind, "local:8");
  for (const char* const option : {"ssd", "cache", "discard", "aio"})
    ASSERT_TRUE(drive.Set(option, "on").ok());
  EXPECT_EQ(drive.Format(), "local:8,aio=on,cache=on,discard=on,ssd=on");

  PropertyString node(kNumaNodeKind);
  ASSERT_TRUE(node.SetInteger("memory", 1024).ok());
  ASSERT_TRUE(node.SetList("cpus", {"0-1", "4"}).ok());
  EXPECT_EQ(node.Format(), "cpus=0-1;4,memory=1024") << "what is required comes first";

  PropertyString disk(kDriveKind);
  ASSERT_TRUE(disk.SetSize("size", 40LL << 30U).ok());
  ASSERT_TRUE(disk.Set("volume", "local:8").ok());
  EXPECT_EQ(disk.Format(), "local:8,size=40G");

  PropertyString startup(kStartupKind);
  ASSERT_TRUE(startup.SetInteger("up", 5).ok());
  ASSERT_TRUE(startup.SetInteger("order", 1).ok());
  EXPECT_EQ(startup.Format(), "order=1,up=5");
}

TEST(PropertyStringTest, AnOptionKeepsTheNameUnderWhichItWasWritten) {
  PropertyString agent = P(kAgentKind, "1,freeze-fs-on-backup=0");
  EXPECT_EQ(agent.GetBool("freeze-fs").value(), false);
  ASSERT_TRUE(agent.SetBool("freeze-fs", true).ok());
  EXPECT_EQ(agent.Format(), "1,freeze-fs-on-backup=1");
  EXPECT_EQ(agent.Canonical(), "1,freeze-fs=1");
  PropertyString older = P(kAgentKind, "1");
  ASSERT_TRUE(older.SetBool("freeze-fs-on-backup", true).ok());
  EXPECT_EQ(older.Format(), "1,freeze-fs-on-backup=1") << "the only name that Proxmox 8 knows";
}

TEST(PropertyStringTest, AModelIsTheKeyOfItsMacAddress) {
  PropertyString net = P(kNetKind, "virtio=BC:24:11:00:00:01,bridge=vmbr0");
  EXPECT_EQ(net.Get("model"), "virtio");
  EXPECT_EQ(net.Get("macaddr"), "BC:24:11:00:00:01");
  EXPECT_THAT(net.Names(), ElementsAre("model", "macaddr", "bridge"));

  ASSERT_TRUE(net.Set("model", "e1000").ok());
  ASSERT_TRUE(net.Set("macaddr", "BC:24:11:00:00:02").ok());
  EXPECT_EQ(net.Format(), "e1000=BC:24:11:00:00:02,bridge=vmbr0");

  EXPECT_TRUE(net.Remove("macaddr"));
  EXPECT_EQ(net.Format(), "e1000,bridge=vmbr0");
  EXPECT_EQ(net.Get("macaddr"), std::nullopt);
  ASSERT_TRUE(net.Set("macaddr", "BC:24:11:00:00:03").ok());
  EXPECT_EQ(net.Format(), "e1000=BC:24:11:00:00:03,bridge=vmbr0");

  EXPECT_TRUE(net.Remove("model"));
  EXPECT_EQ(net.Format(), "macaddr=BC:24:11:00:00:03,bridge=vmbr0");
  ASSERT_TRUE(net.Set("model", "virtio").ok());
  EXPECT_EQ(net.Format(), "virtio=BC:24:11:00:00:03,bridge=vmbr0");

  EXPECT_EQ(P(kNetKind, "newcard=BC:24:11:00:00:01").Get("model"), "newcard")
      << "no list of models is needed";
  EXPECT_EQ(P(kNetKind, "bridge=vmbr0,macaddr=BC:24:11:00:00:01,model=virtio,firewall=on").Canonical(),
            "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1");
  EXPECT_EQ(P(kNetKind, "model=virtio,macaddr=auto").Canonical(), "virtio,macaddr=auto")
      << "no address to be a value";
}

TEST(PropertyStringTest, AModelThatCannotBeAKeyStaysAnOption) {
  PropertyString net = PropertyString::Parse(kNetKind, "macaddr=BC:24:11:AA:BB:CC,model=a=b").value();
  EXPECT_EQ(net.Canonical(), "model=a=b,macaddr=BC:24:11:AA:BB:CC");
  EXPECT_EQ(PropertyString::Parse(kNetKind, net.Canonical()).value().Get("model"), "a=b");
  EXPECT_TRUE(net.Remove("macaddr"));
  EXPECT_TRUE(net.Set("macaddr", "BC:24:11:AA:BB:CC").ok());
  EXPECT_EQ(net.Get("model"), "a=b");
}

TEST(PropertyStringTest, AValueThatLooksLikeAnOptionKeepsItsName) {
  EXPECT_EQ(P(kMachineKind, "type=a=b,viommu=intel").Canonical(), "type=a=b,viommu=intel");
  EXPECT_EQ(P(kMachineKind, "viommu=intel,type=q35").Canonical(), "q35,viommu=intel");
}

TEST(PropertyStringTest, WhatTheServerCannotReadIsRefused) {
  for (const char* const text : {"local:8,ssd=1,ssd=0", "local:8,file=local:9", "local:8,volume=local:9",
                                 "local:8,=1", "local:8,ssd=", "local:8,local:9"}) {
    absl::StatusOr<PropertyString> const parsed = PropertyString::Parse(kDriveKind, text);
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(parsed.status().ToString(), HasSubstr(text));
  }
  EXPECT_FALSE(PropertyString::Parse(kNetKind, "virtio=BC:24:11:00:00:01,e1000=BC:24:11:00:00:02").ok());
  EXPECT_FALSE(PropertyString::Parse(kNetKind, "virtio=BC:24:11:00:00:01,macaddr=BC:24:11:00:00:02").ok());
  EXPECT_FALSE(PropertyString::Parse(kNetKind, "virtio,e1000=BC:24:11:00:00:02").ok());
}

TEST(PropertyStringTest, WhatNoPropertyStringCanHoldIsNotSet) {
  PropertyString drive = P(kDriveKind, "local:8");
  for (const char* const value : {"", " ", "a,b", "a\nb"})
    EXPECT_FALSE(drive.Set("serial", value).ok()) << value;
  for (const char* const option : {"", "a=b", "a,b"}) EXPECT_FALSE(drive.Set(option, "1").ok()) << option;
  EXPECT_FALSE(drive.SetList("x", {"a;b"}).ok());
  EXPECT_EQ(drive.Format(), "local:8");
  ASSERT_TRUE(drive.Set("file", "/dev/a=b").ok());
  EXPECT_EQ(drive.Get("file"), "/dev/a=b");
  EXPECT_EQ(P(kDriveKind, drive.Format()).Get("file"), "/dev/a=b");

  PropertyString net = P(kNetKind, "virtio");
  EXPECT_FALSE(net.Set("macaddr", "auto").ok());
  EXPECT_FALSE(net.Set("model", "bridge").ok());
  EXPECT_FALSE(net.Set("e1000", "BC:24:11:00:00:02").ok());
  EXPECT_EQ(net.Format(), "virtio");
}

TEST(PropertyStringTest, SameMeaningIsEquivalent) {
  EXPECT_TRUE(Same(kDriveKind, "local:8,ssd=1,size=1G", "size=1024M,file=local:8,ssd=on"));
  EXPECT_TRUE(Same(kDriveKind, "a:1,mbps=1.50,iops=0100", "a:1,iops=100,mbps=1.5"));
  EXPECT_TRUE(Same(kDriveKind, "a:1,serial=A%20B", "a:1,serial=A%20%42"));
  EXPECT_TRUE(Same(kDriveKind, "a:1,bps_rd_length=3", "a:1,bps_rd_max_length=3"));
  EXPECT_TRUE(
      Same(kNetKind, "virtio=bc:24:11:aa:bb:cc,tag=5", "tag=5,model=virtio,macaddr=BC:24:11:AA:BB:CC"));
  EXPECT_TRUE(Same(kNetKind, "virtio,trunks=1;2-3", "virtio,trunks=2-3;1"));
  EXPECT_TRUE(Same(kSmbiosKind, "manufacturer=Acme,uuid=AB", "uuid=ab,manufacturer=QWNtZQ==,base64=1"));
  EXPECT_TRUE(Same(kAgentKind, "enabled=1,guest-fsfreeze=no", "1,freeze-fs=0"));
  EXPECT_TRUE(Same(kBootKind, " ", ""));
  EXPECT_TRUE(Same(kDriveKind, "a:1,,new=X", "new=X,a:1"));
}

TEST(PropertyStringTest, AnotherMeaningIsNot) {
  EXPECT_FALSE(Same(kDriveKind, "local:8,ssd=1", "local:8"));
  EXPECT_FALSE(Same(kDriveKind, "local:8,size=1G", "local:8,size=1025M"));
  EXPECT_FALSE(Same(kDriveKind, "local:8,new=x", "local:8,new=X"));
  EXPECT_FALSE(Same(kNetKind, "virtio=BC:24:11:AA:BB:CC", "e1000=BC:24:11:AA:BB:CC"));
  EXPECT_FALSE(Same(kNetKind, "virtio=BC:24:11:AA:BB:CC", "virtio"));
  EXPECT_FALSE(Same(kBootKind, "order=scsi0;net0", "order=net0;scsi0"));
  EXPECT_FALSE(Same(kIpConfigKind, "ip=dhcp", "ip6=dhcp"));
  EXPECT_FALSE(P(kAgentKind, "1").Equivalent(P(kMemoryKind, "1"))) << "of different kinds";
  EXPECT_FALSE(SameProperty(kDriveKind, "a:1,ssd=1,ssd=1", "a:1,ssd=1"));
  EXPECT_TRUE(SameProperty(kDriveKind, "a:1,ssd=1,ssd=1", "a:1,ssd=1,ssd=1"));
}

TEST(PropertyStringTest, TypedReadsSayWhatIsWrong) {
  PropertyString const drive = P(kDriveKind, "local:8,ssd=perhaps,iops=x,size=4Q,discard=on");
  EXPECT_THAT(drive.GetBool("ssd").status().ToString(), HasSubstr("\"perhaps\" is no boolean"));
  EXPECT_THAT(drive.GetInteger("iops").status().ToString(), HasSubstr("\"x\" is no whole number"));
  EXPECT_THAT(drive.GetSize("size").status().ToString(), HasSubstr("4Q"));
  EXPECT_EQ(drive.GetBool("iothread").value(), std::nullopt);
  EXPECT_THAT(P(kBootKind, "order=scsi0;net0").GetList("order"), ElementsAre("scsi0", "net0"));
  EXPECT_THAT(P(kBootKind, "cdn").GetList("order"), ElementsAre());
}

TEST(PropertyStringTest, RemovingLeavesTheRest) {
  PropertyString drive = P(kDriveKind, "local:8,odd=1,ssd=1");
  EXPECT_TRUE(drive.Remove("ssd"));
  EXPECT_FALSE(drive.Remove("ssd"));
  EXPECT_TRUE(drive.Remove("volume"));
  EXPECT_EQ(drive.Format(), "odd=1");
  ASSERT_TRUE(drive.Set("file", "none").ok());
  EXPECT_EQ(drive.Format(), "none,odd=1");
}

TEST(SmbiosTest, TextsAreBase64WhereTheFlagSaysSo) {
  PropertyString smbios = P(kSmbiosKind, "manufacturer=Acme,uuid=25f37b8c-654c-4064-a33b-cfee8251c3ba");
  EXPECT_EQ(SmbiosText(smbios, "manufacturer").value(), "Acme");
  ASSERT_TRUE(SetSmbiosText(smbios, "product", "A, B").ok());
  EXPECT_EQ(smbios.Format(),
            "base64=1,manufacturer=QWNtZQ==,product=QSwgQg==,uuid=25f37b8c-654c-4064-a33b-cfee8251c3ba");
  EXPECT_EQ(SmbiosText(smbios, "manufacturer").value(), "Acme");
  EXPECT_EQ(SmbiosText(smbios, "product").value(), "A, B");
  EXPECT_EQ(SmbiosText(smbios, "sku").value(), std::nullopt);
  ASSERT_TRUE(SetSmbiosText(smbios, "product", "C").ok());
  EXPECT_EQ(smbios.Get("manufacturer"), "QWNtZQ==") << "not encoded twice";
  EXPECT_FALSE(SmbiosText(P(kSmbiosKind, "base64=1,sku=!"), "sku").ok());
}

}  // namespace
}  // namespace fediversity::proxmox
