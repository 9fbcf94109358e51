// `check` on an emulated Proxmox cluster.

#include "tests/emulators/proxmox/emulator.h"
#include "tests/provider/cli/cli_fixture.h"

namespace fediversity::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CheckProxmoxTest : public CliTest {
 protected:
  CheckProxmoxTest() { Use(proxmox_.root_token()); }
  void Use(const std::string& token) {
    Set({{"PROXMOX_VE_ENDPOINT", proxmox_.Url()},
         {"PROXMOX_VE_API_TOKEN", token},
         {"PROXMOX_VE_INSECURE", "1"}});
  }
  emulators::ProxmoxEmulator proxmox_{{}};
};

TEST_F(CheckProxmoxTest, RootHasEverything) {
  EXPECT_EQ(Run({"check"}), 0) << err_;
  EXPECT_THAT(out_, StartsWith("proxmox\n    ok     log in (Proxmox VE 9.2"));
  EXPECT_THAT(out_,
              AllOf(HasSubstr("    ok     create and change VMs\n"), HasSubstr("    ok     manage HA\n"),
                    Not(HasSubstr("FAILED")), Not(HasSubstr("absent"))));
}

TEST_F(CheckProxmoxTest, WhatAnAuditorLacksIsNamed) {
  Use(proxmox_.MakeToken("bob@pve", "t1", "PVEAuditor", "/"));
  EXPECT_EQ(Run({"check"}), 0) << "enough to plan";
  EXPECT_THAT(out_,
              AllOf(HasSubstr("    ok     read VMs\n"),
                    HasSubstr("    absent start and stop VMs\n        VM.PowerMgmt on /vms is missing\n"),
                    HasSubstr("VM.Allocate, VM.Config.CDROM, VM.Config.CPU")));
}

TEST_F(CheckProxmoxTest, WhoCannotReadCannotPlan) {
  Use(proxmox_.MakeToken("bob@pve", "t1", "PVEDatastoreAdmin", "/"));
  EXPECT_EQ(Run({"check"}), 1);
  EXPECT_THAT(out_, HasSubstr("    FAILED read VMs\n        VM.Audit on /vms is missing\n"));
}

TEST_F(CheckProxmoxTest, AWrongTokenIsToldWithoutShowingIt) {
  Use("root@pam!tofu=obviously-fake");
  EXPECT_EQ(Run({"check"}), 1);
  EXPECT_THAT(
      out_,
      HasSubstr("    FAILED log in\n        reading the version of Proxmox: the server does not accept"));
  EXPECT_THAT(out_ + err_, Not(HasSubstr("obviously-fake")));
}

TEST_F(CheckProxmoxTest, NameServersAreCheckedAsWellWhereAZoneIsNamed) {
  variables_["DNS_UPDATE_SERVER"] = "127.0.0.1";
  EXPECT_EQ(Run({"check"}), 0);
  EXPECT_THAT(out_, HasSubstr("dns\n    not checked: rights on a name server are those on a zone"));
  variables_.erase("DNS_UPDATE_SERVER");
  EXPECT_EQ(Run({"check", "--zone", "example.test"}), 1);
  EXPECT_THAT(err_, HasSubstr("DNS is not configured"));
}

}  // namespace
}  // namespace fediversity::cli
