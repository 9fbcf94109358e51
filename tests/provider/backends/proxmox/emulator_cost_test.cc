// How many requests and connections the client needs.

#include <atomic>
#include <thread>
#include <vector>

#include "tests/provider/backends/proxmox/emulator_client_fixture.h"

namespace fediversity::proxmox {
namespace {

// Tasks that end at once, so that each is looked at once.
class CostTest : public EmulatorTest {
 protected:
  CostTest() { proxmox_.SetTaskLatency(std::chrono::milliseconds(0)); }
};

TEST_F(CostTest, CreateAndStart) {
  VmId const vm = Made("web", {{"scsi0", "local:1"}});
  ASSERT_TRUE(api_->ReadConfig(vm, Limits()).ok());
  EXPECT_LE(Requests(), 6U);
  ASSERT_TRUE(api_->Start(vm, Limits()).ok());
  EXPECT_LE(Requests(), 8U);
}

TEST_F(CostTest, CreateAboveAGap) {
  proxmox_.With([](emulators::Cluster& cluster) {
    for (int vmid = 101; vmid <= 350; ++vmid) cluster.vms[vmid] = {.vmid = vmid, .node = "pve1"};
  });
  ASSERT_TRUE(api_->ListVms(Limits()).ok());
  for (std::int64_t const vmid : {100, 351}) {
    proxmox_.ForgetRequests();
    VmId const vm = Made("web");
    EXPECT_EQ(vm.vmid, vmid);
    ASSERT_TRUE(api_->ReadConfig(vm, Limits()).ok());
    EXPECT_LE(Requests(), 6U);
  }
}

TEST_F(CostTest, CloneResizeCloudInitAndStart) {
  VmId const source = Made("template", {{"scsi0", "local:1"}, {"ide2", "local:cloudinit"}});
  ASSERT_TRUE(api_->ConvertToTemplate(source, Limits()).ok());
  proxmox_.ForgetRequests();
  auto const made = Clone(source, {.name = "web", .full = true});
  ASSERT_TRUE(made.ok()) << made.status();
  auto const config = api_->ReadConfig(made->vm, Limits());
  ASSERT_TRUE(config.ok());
  ASSERT_TRUE(api_->UpdateConfig(made->vm, {{"ciuser", "ops"}, {"ipconfig0", "ip=dhcp"}}, {}, config->digest,
                                 Limits())
                  .ok());
  ASSERT_TRUE(api_->ResizeDisk(made->vm, "scsi0", "2G", "", Limits()).ok());
  ASSERT_TRUE(api_->Start(made->vm, Limits()).ok());
  ASSERT_TRUE(api_->ReadConfig(made->vm, Limits()).ok());
  EXPECT_LE(Requests(), 12U);
}

TEST_F(CostTest, ManyRefreshesOverFewConnections) {
  constexpr int kVms = 60;
  for (int i = 0; i < kVms; ++i) Made("vm");
  proxmox_.ForgetRequests();
  std::unique_ptr<Api> const api = Open(ApiToken{Secret(proxmox_.root_token())});
  int const before = proxmox_.connections();
  proxmox_.TakeMostOpen();
  std::vector<int> const vmids = proxmox_.Vmids();
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  threads.reserve(10);
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      for (std::size_t index = next++; index < vmids.size(); index = next++) {
        auto const found = api->FetchVm(vmids[index], "", Limits());
        EXPECT_TRUE(found.ok()) << found.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(vmids.size(), static_cast<std::size_t>(kVms));
  EXPECT_EQ(Requests(), static_cast<std::size_t>(kVms) + 1);
  EXPECT_LE(proxmox_.connections() - before, 8);
  // One more may be open: that of the client which made the VMs.
  EXPECT_LE(proxmox_.TakeMostOpen(), 8 + 1);
}

}  // namespace
}  // namespace fediversity::proxmox
