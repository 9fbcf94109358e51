// What privileges suffice for.

#include "provider/backends/proxmox/access_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/backends/proxmox/decode.h"
#include "tests/provider/backends/proxmox/captures.h"

namespace fediversity::proxmox {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AccessFinding FindingOf(const Permissions& permissions, const std::string& work) {
  for (AccessFinding& finding : CheckAccess(permissions)) {
    if (finding.work == work) return finding;
  }
  ADD_FAILURE() << "there is no such work: " << work;
  return {};
}

TEST(CheckAccessTest, RootMayDoEverythingAndAnAuditorReadsEverything) {
  std::vector<Permissions> captured;
  for (const Capture& capture : Captures()) {
    if (capture.path != "/access/permissions") continue;
    auto permissions = DecodePermissions(capture.answer.at("data"), "x");
    ASSERT_TRUE(permissions.ok());
    captured.push_back(*std::move(permissions));
  }
  ASSERT_EQ(captured.size(), 4U);  // root and an auditor, of either version
  for (const Permissions& permissions : captured) {
    bool const root = permissions.at("/vms").contains("VM.Allocate");
    for (const AccessFinding& finding : CheckAccess(permissions)) {
      bool const reads =
          finding.work.substr(0, 5) == "read " && finding.work.find("host keys") == std::string::npos;
      if (!root && !reads) continue;
      EXPECT_THAT(finding.missing, IsEmpty()) << finding.work;
    }
    if (!root) {
      EXPECT_THAT(FindingOf(permissions, "start and stop VMs").missing, ElementsAre("VM.PowerMgmt"));
    }
  }
}

TEST(CheckAccessTest, WhatIsPassedOnHoldsBelow) {
  EXPECT_TRUE(FindingOf({{"/", {{"VM.Audit", true}}}}, "read VMs").ok());
  EXPECT_FALSE(FindingOf({{"/", {{"VM.Audit", false}}}}, "read VMs").ok());
  EXPECT_FALSE(FindingOf({{"/", {{"VM.Audit", true}}}, {"/vms", {}}}, "read VMs").ok());
  EXPECT_FALSE(FindingOf({}, "read VMs").ok());
}

TEST(CheckAccessTest, APartIsNamed) {
  Permissions const permissions = {{"/pool/tenants", {{"VM.PowerMgmt", true}}},
                                   {"/vms/100", {{"VM.PowerMgmt", true}}},
                                   {"/vms/101", {{"VM.Audit", true}}}};
  AccessFinding const finding = FindingOf(permissions, "start and stop VMs");
  EXPECT_TRUE(finding.ok());
  EXPECT_THAT(finding.only_on, ElementsAre("/pool/tenants", "/vms/100"));
}

TEST(CheckAccessTest, OneOfTwoNamesIsEnough) {
  EXPECT_TRUE(FindingOf({{"/vms", {{"VM.Monitor", true}}}}, "ask guest agents for addresses").ok());
  EXPECT_THAT(FindingOf({}, "ask guest agents for addresses").missing,
              ElementsAre("VM.GuestAgent.Audit or VM.Monitor"));
}

}  // namespace
}  // namespace fediversity::proxmox
