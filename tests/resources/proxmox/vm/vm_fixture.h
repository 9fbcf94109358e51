#ifndef FEDIVERSITY_TESTS_RESOURCES_PROXMOX_VM_VM_FIXTURE_H_
#define FEDIVERSITY_TESTS_RESOURCES_PROXMOX_VM_VM_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/backends/proxmox/settings.h"
#include "provider/schema/engine.h"
#include "tests/emulators/proxmox/emulator.h"
#include "tests/support/diagnostics.h"
#include "tests/support/mortal_journal.h"
#include "tests/support/plan_oracle/host.h"

namespace fediversity::resources {

// fediversity_proxmox_vm on an emulated cluster, with a host that keeps the state of one of them. Whatever a test does,
// the host must never have a reason to complain.
class VmTest : public ::testing::Test {
 protected:
  using Action = oracle::Host::Action;

  explicit VmTest(emulators::Cluster::Settings settings = {.task_latency = std::chrono::milliseconds(0)});
  void SetUp() override;
  void TearDown() override;

  // What a new process of the provider does: nothing is cached any more.
  void Configure(const proxmox::Credentials& credentials);
  void Configure(const std::string& token) { Configure(proxmox::ApiToken{Secret(token)}); }
  void Configure() { Configure(credentials_); }
  // root@pam itself, who may do more than any token.
  void BeRoot() { credentials_ = proxmox::Login{"root@pam", Secret(proxmox_.root_password())}; }

  // The configuration that this JSON says; what is left out is null.
  wire::Value Config(std::string_view json) const;
  // Plans and applies in new processes. False where the provider reported an error.
  bool Apply(std::string_view json);
  // What a plan would do, after a refresh. kNoOp also where that failed: see diagnostics().
  Action Planned(std::string_view json);
  bool Import(std::string_view id);
  bool Destroy();

  // An attribute of the state as JSON: "12", "\"web\"", "null".
  std::string State(std::string_view attribute) const;
  int vmid() const;
  // Changes the VM behind the provider's back.
  void Edit(const std::function<void(emulators::Vm&)>& edit);
  // The configuration that the cluster holds, `option` of it.
  std::string Held(std::string_view option);
  // Of all volumes of the cluster, in GiB.
  std::vector<std::uint64_t> Sizes();
  const std::vector<schema::Diagnostic>& diagnostics() const { return host_.diagnostics(); }
  // The attributes that a plan changes, for messages.
  static std::string Differences(const oracle::Host::Plan& plan);
  // Every request since the last ForgetRequests(), "GET /nodes/pve1/qemu/100/config".
  std::vector<std::string> Requests() const;

  emulators::ProxmoxEmulator proxmox_;
  proxmox::Credentials credentials_;  // of Configure(); a token of root at first
  testing::MortalJournal journal_;
  Backends backends_;
  SystemClock system_clock_;
  Clock* clock_ = &system_clock_;  // of Configure()
  std::unique_ptr<schema::AnyResource> resource_;
  oracle::Host host_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_PROXMOX_VM_VM_FIXTURE_H_
