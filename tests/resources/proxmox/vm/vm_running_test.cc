#include "provider/base/text.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using testing::ErrorOn;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::WarningOn;

class RunningTest : public VmTest {
 protected:
  static constexpr std::string_view kRunning =
      R"({"name": "web", "node": "pve1", "started": true, "memory": {"size": "1G"}, "agent": {"enabled": true},
          "networks": {"net0": {"bridge": "vmbr0", "mac_address": "BC:24:11:00:00:01"}}})";
  static constexpr std::string_view kLarger =
      R"({"name": "web", "node": "pve1", "started": true, "memory": {"size": "2G"}})";

  void SetUp() override {
    VmTest::SetUp();
    ASSERT_TRUE(Apply(kRunning)) << host_.Errors();
    proxmox_.Refresh();
  }

  bool IsRunning() {
    return proxmox_.With([&](emulators::Cluster& cluster) { return cluster.FindVm(vmid())->running; });
  }

  void AnswerAgent(const std::string& address) {
    proxmox_.With([&](emulators::Cluster& cluster) {
      emulators::Guest& guest = cluster.FindVm(vmid())->guest;
      guest.agent_runs = true;
      guest.interfaces = emulators::Json::parse(R"([
        {"name": "lo", "hardware-address": "00:00:00:00:00:00",
         "ip-addresses": [{"ip-address": "127.0.0.1", "ip-address-type": "ipv4", "prefix": 8}]},
        {"name": "docker0", "hardware-address": "02:42:00:00:00:01",
         "ip-addresses": [{"ip-address": "172.17.0.1", "ip-address-type": "ipv4", "prefix": 16}]},
        {"name": "eth0", "hardware-address": "bc:24:11:00:00:01",
         "ip-addresses": [{"ip-address": ")" + address +
                                                R"(", "ip-address-type": "ipv4", "prefix": 24},
                          {"ip-address": "fe80::1", "ip-address-type": "ipv6", "prefix": 64}]}])");
      guest.files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAAC3Nza root@web\n";
      return 0;
    });
  }
};

TEST_F(RunningTest, StartsAndStops) {
  EXPECT_TRUE(IsRunning());
  EXPECT_EQ(Planned(kRunning), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false})")) << host_.Errors();
  EXPECT_FALSE(IsRunning());
  proxmox_.With([&](emulators::Cluster& cluster) {
    cluster.FindVm(vmid())->running = true;
    return 0;
  });
  EXPECT_EQ(Planned(R"({"name": "web", "started": false})"), Action::kUpdate);
  EXPECT_EQ(Planned(R"({"name": "web"})"), Action::kNoOp) << "left out, it is as it is";
}

TEST_F(RunningTest, AListingThatLagsBehindPlansNothing) {
  // The daemon has not looked since the VM was made; a plan right after an apply has to be empty all the same.
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false})"));
  EXPECT_EQ(Planned(R"({"name": "web", "started": false})"), Action::kNoOp);
}

TEST_F(RunningTest, ChangesWaitForARebootUnlessItIsAllowed) {
  ASSERT_EQ(Planned(kLarger), Action::kUpdate);
  EXPECT_THAT(diagnostics(), Contains(WarningOn("reboot", "A reboot will be needed", "memory")));
  ASSERT_TRUE(Apply(kLarger)) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("reboot", "Changes wait for a reboot", "memory")));
  EXPECT_EQ(State("reboot_required"), "true");
  EXPECT_EQ(State("memory.size"), "\"2G\"");
  EXPECT_EQ(Planned(kLarger), Action::kNoOp);
  constexpr std::string_view kWhenNeeded =
      R"({"name": "web", "started": true, "memory": {"size": "2G"}, "reboot": "when_needed"})";
  ASSERT_TRUE(Apply(kWhenNeeded)) << host_.Errors();
  EXPECT_EQ(State("reboot_required"), "false");
  EXPECT_TRUE(IsRunning());
  EXPECT_EQ(proxmox_.Count("POST", ".*/status/reboot"), 1);
}

TEST_F(RunningTest, WhatIsPluggedInAtOnceNeedsNoReboot) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "memory": {"size": "1G"}, "reboot": "when_needed",
      "networks": {"net0": {"bridge": "vmbr0"}, "net1": {"bridge": "vmbr0"}}, "tags": ["a"]})"))
      << host_.Errors();
  EXPECT_EQ(proxmox_.Count("POST", ".*/status/reboot"), 0);
  EXPECT_EQ(State("reboot_required"), "false");
}

TEST_F(RunningTest, MigratesWhileItRuns) {
  ASSERT_TRUE(Apply(R"({"name": "web", "node": "pve2", "started": true})")) << host_.Errors();
  EXPECT_EQ(State("node"), "\"pve2\"");
  EXPECT_TRUE(IsRunning());
}

TEST_F(RunningTest, TheAgentIsAskedOnlyWhereThatIsAskedFor) {
  AnswerAgent("10.0.0.5");
  Configure();
  ASSERT_TRUE(host_.Refresh());
  EXPECT_EQ(proxmox_.Count("GET", ".*/agent/.*"), 0);
  EXPECT_EQ(State("addresses.ipv4"), "[]");
  constexpr std::string_view kAsked =
      R"({"name": "web", "started": true, "agent": {"enabled": true, "network_interfaces": true}})";
  ASSERT_TRUE(Apply(kAsked)) << host_.Errors();
  EXPECT_EQ(State("addresses.ipv4"), R"(["10.0.0.5"])");
  EXPECT_EQ(State("target.host"), "\"10.0.0.5\"");
  EXPECT_EQ(State("target.host_key"), "\"ssh-ed25519 AAAAC3Nza\"");
  EXPECT_EQ(Planned(kAsked), Action::kNoOp);
}

TEST_F(RunningTest, ADeafAgentHoldsUpNothing) {
  ASSERT_TRUE(
      Apply(R"({"name": "web", "started": true, "agent": {"enabled": true, "network_interfaces": true}})"))
      << host_.Errors();
  EXPECT_EQ(State("addresses.ipv4"), "[]");
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Refresh());
  EXPECT_EQ(proxmox_.Count("GET", ".*/agent/.*"), 1);
}

TEST_F(RunningTest, WaitsForAnAddressWhenItStarts) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false})"));
  AnswerAgent("10.0.0.6");
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "agent": {"enabled": true, "wait_for_ip": "ipv4"}})"))
      << host_.Errors();
  EXPECT_EQ(State("addresses.ipv4"), R"(["10.0.0.6"])");
}

TEST_F(RunningTest, AGuestWithoutAnAddressIsNamedWhenTimeIsUp) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false})"));
  EXPECT_FALSE(Apply(R"({"name": "web", "started": true, "agent": {"enabled": true, "wait_for_ip": "ipv4"},
                         "timeouts": {"update": "2s"}})"));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("agent.wait_for_ip", "told no address in time", "agent")));
  EXPECT_EQ(State("started"), "true") << "what was done is in state";
}

TEST_F(RunningTest, ReadingAndPlanningNeedOnlyAnAuditor) {
  std::string const auditor = proxmox_.MakeToken("auditor@pve", "plan", "PVEAuditor", "/");
  Configure(auditor);
  proxmox_.ForgetRequests();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  auto const plan = host_.MakePlan(Config(kLarger));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->action, Action::kUpdate);
  EXPECT_EQ(proxmox_.Count("POST", ".*") + proxmox_.Count("PUT", ".*") + proxmox_.Count("DELETE", ".*"), 0);
  EXPECT_FALSE(host_.Apply(*plan));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "VM.Config.Memory")));
}

TEST_F(RunningTest, AVmHiddenFromTheTokenIsNotGone) {
  Configure(proxmox_.MakeToken("stranger@pve", "none", "PVEAuditor", "/storage"));
  EXPECT_FALSE(host_.Refresh());
  EXPECT_TRUE(host_.exists());
}

TEST_F(RunningTest, ANodeThatIsDownDoesNotMakeItsVmsGone) {
  proxmox_.SetNodeOnline("pve1", false);
  proxmox_.Refresh();
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_TRUE(host_.exists());
}

TEST_F(RunningTest, AVmDeletedByHandIsGone) {
  oracle::Host other(*resource_);
  Configure();
  ASSERT_TRUE(other.Import({.id = "web", .identity = {}})) << other.Errors();
  ASSERT_TRUE(other.Destroy()) << other.Errors();
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_FALSE(host_.exists());
}

TEST_F(RunningTest, PoolAndHighAvailabilityAreChangedInPlace) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.pools["tenants"] = {};
    return 0;
  });
  constexpr std::string_view kManaged =
      R"({"name": "web", "started": true, "pool": "tenants", "ha": {"state": "started", "max_restart": 2}})";
  ASSERT_TRUE(Apply(kManaged)) << host_.Errors();
  EXPECT_EQ(State("pool"), "\"tenants\"");
  proxmox_.Refresh();
  EXPECT_EQ(Planned(kManaged), Action::kNoOp);
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "pool": "", "ha": {"state": "none"}})"))
      << host_.Errors();
  EXPECT_EQ(Planned(R"({"name": "web", "started": true, "pool": "", "ha": {"state": "none"}})"),
            Action::kNoOp);
}

TEST_F(RunningTest, OneAttemptIsWhatProxmoxLeavesOut) {
  constexpr std::string_view kManaged =
      R"({"name": "web", "started": true, "ha": {"state": "started", "max_restart": 1, "max_relocate": 1}})";
  ASSERT_TRUE(Apply(kManaged)) << host_.Errors();
  EXPECT_EQ(State("ha.max_restart"), "1");
  proxmox_.Refresh();
  EXPECT_EQ(Planned(kManaged), Action::kNoOp);
  oracle::Host importer(*resource_);
  ASSERT_TRUE(importer.Import({.id = "100", .identity = {}})) << importer.Errors();
  EXPECT_EQ(importer.state().Find("ha")->Find("max_relocate")->number(), wire::Number(1));
}

TEST_F(RunningTest, IsStoppedBeforeItIsDestroyed) {
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(RunningTest, AProtectedVmIsNotEvenStopped) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "protection": true})")) << host_.Errors();
  EXPECT_FALSE(Destroy());
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("protection", "is protected", "protection = false")));
  EXPECT_TRUE(IsRunning());
}

TEST_F(RunningTest, AnAgentThatFallsSilentTakesNoAddressAway) {
  AnswerAgent("10.0.0.5");
  for (const std::string_view wish : {R"("network_interfaces": true)", R"("wait_for_ip": "ipv4")"}) {
    SCOPED_TRACE(wish);
    std::string const json =
        Cat({R"({"name": "web", "started": true, "agent": {"enabled": true, )", wish, "}}"});
    ASSERT_TRUE(Apply(json)) << host_.Errors();
    Configure();
    ASSERT_TRUE(host_.Refresh());
    ASSERT_EQ(State("target.host"), "\"10.0.0.5\"");
    proxmox_.AddFault({.action = emulators::Fault::Action::kAnswerBefore,
                       .method = "GET",
                       .path = ".*/agent/.*",
                       .times = 1'000,
                       .message = "QEMU guest agent is not running"});
    Configure();
    ASSERT_TRUE(host_.Refresh());
    EXPECT_EQ(State("addresses.ipv4"), R"(["10.0.0.5"])");
    EXPECT_EQ(State("target.host"), "\"10.0.0.5\"");
    EXPECT_EQ(State("target.host_key"), "\"ssh-ed25519 AAAAC3Nza\"");
    for (const std::string_view firewall : {"true", "false"}) {
      ASSERT_TRUE(
          Apply(Cat({R"({"name": "web", "started": true, "agent": {"enabled": true, )", wish,
                     R"(}, "networks": {"net0": {"bridge": "vmbr0", "firewall": )", firewall, "}}}"})))
          << host_.Errors();
      EXPECT_EQ(State("addresses.ipv4"), R"(["10.0.0.5"])");
      EXPECT_EQ(State("target.host"), "\"10.0.0.5\"");
      EXPECT_EQ(State("target.host_key"), "\"ssh-ed25519 AAAAC3Nza\"");
    }
    proxmox_.ClearFaults();
  }
}

// What the agent said of the old card says nothing of the new one.
TEST_F(RunningTest, ACardOfAnotherMacHasNoAddressBeforeTheAgentSaysSo) {
  AnswerAgent("10.0.0.5");
  auto const config = [](std::string_view mac) {
    return Cat({R"({"name": "web", "started": true, "agent": {"enabled": true, "network_interfaces": true},
                    "networks": {"net0": {"bridge": "vmbr0", "mac_address": "BC:24:11:00:00:)",
                mac, R"("}}})"});
  };
  ASSERT_TRUE(Apply(config("01"))) << host_.Errors();
  ASSERT_EQ(Planned(config("01")), Action::kNoOp);
  ASSERT_EQ(State("target.host"), "\"10.0.0.5\"");
  proxmox_.AddFault({.action = emulators::Fault::Action::kAnswerBefore,
                     .method = "GET",
                     .path = ".*/agent/.*",
                     .times = 1'000,
                     .message = "QEMU guest agent is not running"});
  ASSERT_TRUE(Apply(config("02"))) << host_.Errors();
  EXPECT_EQ(State("target.host"), "null");
}

TEST_F(RunningTest, AChangeWaitsForTheAddressOfANewMac) {
  AnswerAgent("10.0.0.5");
  auto const config = [](std::string_view mac) {
    return Cat({R"({"name": "web", "started": true, "agent": {"enabled": true, "wait_for_ip": "ipv4"},
                    "networks": {"net0": {"bridge": "vmbr0", "mac_address": "BC:24:11:00:00:)",
                mac, R"("}}})"});
  };
  ASSERT_TRUE(Apply(config("01"))) << host_.Errors();
  ASSERT_EQ(Planned(config("01")), Action::kNoOp);
  ASSERT_EQ(State("target.host"), "\"10.0.0.5\"");
  auto* const vm = proxmox_.With([&](emulators::Cluster& cluster) { return cluster.FindVm(vmid()); });
  // The refresh asks once, and the change sees the old card twice.
  proxmox_.AddFault({.action = emulators::Fault::Action::kDelay,
                     .path = ".*/agent/network-get-interfaces",
                     .nth = 4,
                     .on_strike = [vm] {
                       vm->guest.interfaces = emulators::Json::parse(R"([
        {"name": "eth0", "hardware-address": "bc:24:11:00:00:02",
         "ip-addresses": [{"ip-address": "10.0.0.6", "ip-address-type": "ipv4", "prefix": 24}]}])");
                     }});
  ASSERT_TRUE(Apply(config("02"))) << host_.Errors();
  EXPECT_EQ(State("target.host"), "\"10.0.0.6\"");
}

// Its agent says something else, or nothing, by the time that a change is done.
TEST_F(RunningTest, AChangeThatHasNothingToDoWithAddressesAsksForNone) {
  AnswerAgent("10.0.0.5");
  auto const tagged = [](std::string_view tag) {
    return Cat({R"({"name": "web", "started": true, "tags": [")", tag,
                R"("], "agent": {"enabled": true, "network_interfaces": true}})"});
  };
  ASSERT_TRUE(Apply(tagged("a"))) << host_.Errors();
  ASSERT_EQ(Planned(tagged("a")), Action::kNoOp);
  Configure();
  auto const plan = host_.MakePlan(Config(tagged("b")));
  ASSERT_TRUE(plan.has_value());
  AnswerAgent("10.0.0.99");
  Configure();
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_EQ(State("target.host"), "\"10.0.0.5\"");
  ASSERT_EQ(Planned(tagged("b")), Action::kNoOp);
  EXPECT_EQ(State("target.host"), "\"10.0.0.99\"");
}

TEST_F(RunningTest, AGuestThatIsSilentWhenItIsMadeIsNoFailureOfTheVm) {
  constexpr std::string_view kWaiting =
      R"({"name": "mail", "node": "pve1", "started": true, "timeouts": {"create": "2s"},
          "agent": {"enabled": true, "wait_for_ip": "ipv4"}})";
  oracle::Host mail(*resource_);
  Configure();
  auto const plan = mail.MakePlan(Config(kWaiting));
  ASSERT_TRUE(plan.has_value()) << mail.Errors();
  ASSERT_TRUE(mail.Apply(*plan)) << mail.Errors();
  EXPECT_THAT(mail.diagnostics(),
              Contains(WarningOn("agent.wait_for_ip", "told no address in time", "agent")));
  EXPECT_FALSE(mail.tainted());
}

// The right to read what HA does is one on the whole cluster.
TEST_F(RunningTest, AVmUnderHaIsReadWithRightsOnItsPoolAlone) {
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.pools["tenants"] = {};
    return 0;
  });
  ASSERT_TRUE(Apply(R"({"name": "web", "started": true, "pool": "tenants"})")) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.ha["vm:100"] = {.state = "started"};
    return 0;
  });
  proxmox_.Refresh();
  Configure(proxmox_.MakeToken("tenant@pve", "read", "PVEAuditor", "/pool/tenants"));
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(State("ha"), "null");
}

TEST_F(RunningTest, DisksCanOutliveTheVm) {
  ASSERT_TRUE(Apply(R"({"name": "web", "started": false, "disks": {
      "scsi0": {"storage": "local", "size": "1G"},
      "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})"))
      << host_.Errors();
  ASSERT_TRUE(Destroy()) << host_.Errors();
  EXPECT_THAT(diagnostics(), Contains(WarningOn("", "Disks were kept", "web-kept")));
  EXPECT_THAT(proxmox_.Volumes(), SizeIs(1));
  EXPECT_THAT(proxmox_.Vmids(), SizeIs(1));
}

}  // namespace
}  // namespace fediversity::resources
