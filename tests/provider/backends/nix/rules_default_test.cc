// What an environment fills in, and the environments that the guide shows.

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "tests/provider/backends/nix/rules_fixture.h"

namespace fediversity::nix {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kVm = "proxmox_vm";

TEST_F(ResourceRulesTest, APartTakesADefaultWhereItIsWritten) {
  auto rules = RulesOf(R"nix({
  defaults.proxmox_vm = {
    "disks.*.storage" = { request, path, ... }: if request.disks.${builtins.elemAt path 1}.size == "1G" then "ceph" else null;
    "cpu.type" = "host";
  };
})nix");
  EXPECT_THAT(
      Lines(
          Judge(
              *rules,
              R"({"disks":{"a":{"size":"1G"},"b":{"size":"1G","storage":"x"},"c":{"size":"2G"}},"cpu":{"cores":1}})",
              kVm)
              .defaults),
      UnorderedElementsAre(R"(disks.a.storage = "ceph")", R"(cpu.type = "host")"));
  // Where nothing is written, and where it is not known what is.
  for (std::string_view const config :
       {R"({})", R"({"disks":null,"cpu":null})", R"({"disks":{"_fediversity":"unknown"}})"}) {
    EXPECT_THAT(Judge(*rules, config, kVm).defaults, IsEmpty()) << config;
  }
  EXPECT_THAT(Lines(Judge(*rules, R"({"disks":{"a":{"size":{"_fediversity":"unknown"}}}})", kVm).defaults),
              ElementsAre(R"(disks.a.storage = {"_fediversity":"unknown"})"));
}

TEST_F(ResourceRulesTest, ADefaultOfAPartIsHeldAgainstItsTypeAndTheRules) {
  auto rules = RulesOf(R"({
  defaults.proxmox_vm = { "disks.*.size" = "many"; "disks.*.storage" = "local"; };
  offer.proxmox_vm.allowed_storage = [ "ceph" ];
})");
  EXPECT_THAT(Lines(Judge(*rules, R"({"disks":{"a":{}}})", kVm).errors),
              ElementsAre(HasSubstr("disks.a.size: The environment's default is wrong"),
                          HasSubstr("disks.a.storage: The environment allows no disks on `local`")));
}

TEST_F(ResourceRulesTest, WhatTheProviderTakesOtherwiseIsJudgedToo) {
  auto rules = RulesOf("{ offer.dns_record_set.max_ttl = 60; }");
  constexpr std::string_view kSilent = R"({"zone":"z","name":"n","type":"A","ttl":null,"records":["a"]})";
  EXPECT_TRUE(Judge(*rules, kSilent).ok());
  EXPECT_THAT(Lines(Judge(*rules, kSilent, kRecordSet, R"({"ttl":3600})").errors),
              ElementsAre(HasSubstr("ttl: A TTL of 3600 seconds")));
  auto filling = RulesOf("{ offer.dns_record_set.max_ttl = 60; defaults.dns_record_set.ttl = 30; }");
  Verdict const verdict = Judge(*filling, kSilent, kRecordSet, R"({"ttl":3600})");
  EXPECT_TRUE(verdict.ok());
  EXPECT_THAT(Lines(verdict.defaults), ElementsAre("ttl = 30"));
}

TEST_F(ResourceRulesTest, AMapWithAReservedKeyIsRefused) {
  auto rules = Rules();
  EXPECT_THAT(Lines(Judge(*rules, R"({"serial_devices":{"_fediversity":"key"}})", kVm).errors),
              ElementsAre("serial_devices: Has the key `_fediversity`, which is reserved."));
}

TEST_F(ResourceRulesTest, SizesMayHaveFractions) {
  auto rules = RulesOf("{ offer.proxmox_vm.max_memory = \"1.5G\"; }");
  EXPECT_TRUE(Judge(*rules, R"({"memory":{"size":"1536M"}})", kVm).ok());
  EXPECT_TRUE(Judge(*rules, R"({"memory":{"size":"1.25G"}})", kVm).ok());
  EXPECT_FALSE(Judge(*rules, R"({"memory":{"size":"1.75G"}})", kVm).ok());
}

TEST_F(ResourceRulesTest, TheEnvironmentsOfTheGuideDoWhatItSays) {
  std::string const examples = std::filesystem::current_path() / "examples/nix";
  auto naming = Rules(examples + "/naming.nix");
  EXPECT_THAT(Lines(Judge(*naming, R"({"name":"carol-web"})", kVm).errors),
              ElementsAre(HasSubstr("name: A VM is called")));
  EXPECT_TRUE(Judge(*naming, R"({"name":"alice-web"})", kVm).ok());
  EXPECT_TRUE(Judge(*naming, R"({"zone":"z","name":"@","type":"MX","records":[]})").ok());
  auto quota = Rules(examples + "/quota.nix");
  EXPECT_THAT(
      Lines(Judge(*quota, R"({"name":"bob-web","cpu":{"cores":4},"memory":{"size":"8G"}})", kVm).errors),
      ElementsAre(HasSubstr("cpu.cores: bob has 2 cores"), HasSubstr("memory.size: bob has 4G")));
  EXPECT_TRUE(Judge(*quota, R"({"name":"alice-web","cpu":{"cores":4},"memory":{"size":"8G"}})", kVm).ok());
  auto storage = Rules(examples + "/storage.nix");
  EXPECT_THAT(Lines(Judge(*storage, R"({"name":"bob-web","disks":{"scsi0":{"size":"1G"}}})", kVm).defaults),
              UnorderedElementsAre(R"(description = "Run for bob.")", "disks.scsi0.backup = true",
                                   R"(disks.scsi0.storage = "ceph")"));
  for (auto* const rules : {naming.get(), quota.get(), storage.get()})
    EXPECT_THAT(*rules->CheckEnvironment(limits()), IsEmpty());
}

}  // namespace
}  // namespace fediversity::nix
