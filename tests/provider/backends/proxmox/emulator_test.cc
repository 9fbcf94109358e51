// The client on an emulated cluster: whole lives of VMs, and what goes wrong in them.

#include <mutex>
#include <set>
#include <thread>

#include "provider/backends/proxmox/cause.h"
#include "tests/provider/backends/proxmox/emulator_client_fixture.h"

namespace fediversity::proxmox {
namespace {

using emulators::Fault;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(EmulatorTest, AWholeLife) {
  VmId const vm = Made("web", {{"memory", "512"}, {"scsi0", "local:1"}, {"net0", "virtio,bridge=vmbr0"}});
  auto found = api_->FetchVm(vm.vmid, "", Limits());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->vm, vm);
  EXPECT_EQ(*found->config.Find("memory"), "512");
  EXPECT_THAT(*found->config.Find("scsi0"), HasSubstr("size=1G"));

  auto const started = api_->Start(vm, Limits());
  ASSERT_TRUE(started.ok()) << started.status();
  ASSERT_TRUE(api_->UpdateConfig(vm, {{"memory", "1024"}}, {}, "", Limits()).ok());
  auto const pending = api_->ReadPending(vm, Limits());
  ASSERT_TRUE(pending.ok()) << pending.status();
  ASSERT_EQ(pending->size(), 1U);
  EXPECT_EQ(pending->front().key, "memory");
  EXPECT_EQ(pending->front().pending, "1024");
  EXPECT_EQ(api_->ReadCurrentConfig(vm, Limits())->values.at("memory"), "512");
  ASSERT_TRUE(api_->RevertPending(vm, {"memory"}, Limits()).ok());
  EXPECT_THAT(*api_->ReadPending(vm, Limits()), IsEmpty());

  EXPECT_EQ(CauseOf(api_->DeleteVm(vm, {}, Limits()).status()), Cause::kRunning);
  ASSERT_TRUE(api_->Stop(vm, Limits()).ok());
  ASSERT_TRUE(api_->Stop(vm, Limits()).ok()) << "a stopped VM is stopped";
  ASSERT_TRUE(api_->ResizeDisk(vm, "scsi0", "3G", "", Limits()).ok());
  EXPECT_THAT(*api_->ReadConfig(vm, Limits())->Find("scsi0"), HasSubstr("size=3G"));
  ASSERT_TRUE(api_->MoveDisk(vm, {.disk = "scsi0", .storage = "local-lvm"}, Limits()).ok());
  EXPECT_THAT(*api_->ReadConfig(vm, Limits())->Find("scsi0"), HasSubstr("local-lvm:"));

  ASSERT_TRUE(api_->DeleteVm(vm, {}, Limits()).ok());
  EXPECT_TRUE(absl::IsNotFound(api_->FetchVm(vm.vmid, "pve1", Limits()).status()));
  EXPECT_TRUE(api_->DeleteVm(vm, {}, Limits()).ok()) << "what is gone is deleted";
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
}

TEST_F(EmulatorTest, ManyAreMadeAtOnce) {
  std::mutex mutex;
  std::set<std::int64_t> vmids;
  std::vector<std::thread> threads;
  threads.reserve(12);
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      auto const made = api_->CreateVm({0, "pve1"}, {{"scsi0", "local:1"}}, {}, Limits());
      EXPECT_TRUE(made.ok()) << made.status();
      std::lock_guard const lock(mutex);
      if (made.ok()) vmids.insert(made->vm.vmid);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(vmids.size(), 12U);
  EXPECT_EQ(proxmox_.Vmids().size(), 12U);
}

TEST_F(EmulatorTest, OneTemplateIsClonedByMany) {
  VmId const source = Made("template", {{"scsi0", "local:1"}});
  ASSERT_TRUE(api_->ConvertToTemplate(source, Limits()).ok());
  // Whoever comes while another copies finds the source locked.
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.settings.clones_hold_locks = true;
    cluster.settings.lock_timeout = std::chrono::milliseconds(0);
    return 0;
  });
  proxmox_.SetTaskLatency(std::chrono::milliseconds(50));
  proxmox_.ForgetRequests();
  std::vector<std::thread> threads;
  threads.reserve(6);
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      auto const made = Clone(source, {.full = i % 2 == 0});
      EXPECT_TRUE(made.ok()) << made.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(proxmox_.Vmids().size(), 7U);
  EXPECT_EQ(proxmox_.Count("POST", ".*/clone"), 6) << "nobody was turned away";
}

// They wait for no turn, and whoever finds the storage locked comes again.
TEST_F(EmulatorTest, TwoTemplatesAreClonedToOneStorageAtOnce) {
  std::vector<VmId> sources;
  for (const char* const name : {"a", "b"}) {
    sources.push_back(Made(name, {{"scsi0", "shared:1"}}));
    ASSERT_TRUE(api_->ConvertToTemplate(sources.back(), Limits()).ok());
  }
  std::size_t const volumes = proxmox_.Volumes().size();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.settings.clones_hold_locks = true;
    cluster.settings.lock_timeout = std::chrono::milliseconds(0);
  });
  // Neither ends before both have begun.
  proxmox_.SetTaskLatency(std::chrono::hours(1));
  proxmox_.ForgetRequests();
  std::vector<std::thread> threads;
  threads.reserve(sources.size());
  for (const VmId& source : sources) {
    threads.emplace_back([&] {
      auto const made = Clone(source, {.full = true});
      EXPECT_TRUE(made.ok()) << made.status();
    });
  }
  while (proxmox_.Count("POST", ".*/clone") < 2) std::this_thread::yield();
  proxmox_.SetTaskLatency(std::chrono::milliseconds(0));
  proxmox_.FinishTasks();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(proxmox_.Vmids().size(), 4U);
  EXPECT_EQ(proxmox_.Volumes().size(), volumes + 2) << "a try that failed leaves nothing";
  EXPECT_EQ(proxmox_.Count("POST", ".*/clone"), 3) << "one of them was turned away";
}

TEST_F(EmulatorTest, AnAuditorReadsAndWritesNothing) {
  VmId const vm = Made("web", {{"scsi0", "local:1"}});
  std::unique_ptr<Api> const auditor = OpenAs("PVEAuditor", "/");
  EXPECT_TRUE(auditor->FetchVm(vm.vmid, "", Limits()).ok());
  EXPECT_TRUE(auditor->ReadPending(vm, Limits()).ok());
  EXPECT_TRUE(auditor->ReadStatus(vm, Limits()).ok());
  EXPECT_TRUE(auditor->ReadHa(vm.vmid, Limits()).ok());
  EXPECT_TRUE(auditor->ReadClusterStatus(Limits()).ok());
  EXPECT_TRUE(auditor->ListStorages("pve1", Limits()).ok());
  EXPECT_TRUE(auditor->ListInterfaces("pve1", Limits()).ok());
  EXPECT_TRUE(absl::IsNotFound(auditor->FetchVm(999, "", Limits()).status()));
  absl::Status const status = auditor->UpdateConfig(vm, {{"memory", "300"}}, {}, "", Limits());
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("VM.Config.Memory"));
  EXPECT_TRUE(absl::IsPermissionDenied(auditor->CreateVm({900, "pve1"}, {}, {}, Limits()).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(auditor->Start(vm, Limits()).status()));
  EXPECT_TRUE(absl::IsPermissionDenied(auditor->DeleteVm(vm, {}, Limits()).status()));
}

TEST_F(EmulatorTest, AHiddenVmIsNotGone) {
  VmId const hidden = Made("hidden");
  VmId const seen = Made("seen");
  std::unique_ptr<Api> const bob = OpenAs("PVEAuditor", "/vms/" + std::to_string(seen.vmid));
  auto const found = bob->FetchVm(seen.vmid, "", Limits());
  EXPECT_TRUE(found.ok()) << found.status();
  for (std::int64_t const vmid : {hidden.vmid, std::int64_t{999}}) {
    absl::Status const status = bob->FetchVm(vmid, "pve1", Limits()).status();
    EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  }
  EXPECT_EQ((*bob->ListVms(Limits())).size(), 1U);
}

TEST_F(EmulatorTest, AVmIsFollowedFromNodeToNode) {
  VmId const vm = Made("web", {{"scsi0", "shared:1"}});
  auto const migrated = api_->Migrate(vm, {.target = "pve2"}, Limits());
  ASSERT_TRUE(migrated.ok()) << migrated.status();
  EXPECT_EQ(api_->FetchVm(vm.vmid, "pve1", Limits())->vm.node, "pve2");
  // Somebody else moves it, and we know nothing of it.
  proxmox_.With([&](auto& cluster) { cluster.FindVm(static_cast<int>(vm.vmid))->node = "pve3"; });
  EXPECT_EQ(api_->FetchVm(vm.vmid, "pve1", Limits())->vm.node, "pve3");
}

TEST_F(EmulatorTest, ANodeThatIsDownLosesNoVm) {
  VmId const vm = Made("web");
  auto const there = api_->CreateVm({0, "pve3"}, {}, {}, Limits());
  ASSERT_TRUE(there.ok());
  proxmox_.SetNodeOnline("pve3", false);
  absl::Status status = api_->FetchVm(there->vm.vmid, "pve3", Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  std::unique_ptr<Api> const fresh = Open(ApiToken{Secret(proxmox_.root_token())});
  status = fresh->FetchVm(there->vm.vmid, "pve3", Limits()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_TRUE(fresh->FetchVm(vm.vmid, "", Limits()).ok());
}

TEST_F(EmulatorTest, WithoutQuorumNothingIsWrittenAndNothingIsGone) {
  VmId const vm = Made("web");
  proxmox_.With([](auto& cluster) { cluster.quorate = false; });
  EXPECT_EQ(CauseOf(api_->Start(vm, Limits()).status()), Cause::kNoQuorum);
  EXPECT_EQ(CauseOf(api_->UpdateConfig(vm, {{"memory", "300"}}, {}, "", Limits())), Cause::kNoQuorum);
  EXPECT_EQ(CauseOf(api_->CreateVm({0, "pve1"}, {}, {}, Limits()).status()), Cause::kNoQuorum);
  EXPECT_TRUE(api_->FetchVm(vm.vmid, "", Limits()).ok());
}

TEST_F(EmulatorTest, ALostAnswerOfAReadIsAskedForAgain) {
  VmId const vm = Made("web");
  proxmox_.AddFault({.action = Fault::Action::kCutBefore, .method = "GET", .path = ".*/config", .times = 2});
  EXPECT_TRUE(api_->ReadConfig(vm, Limits()).ok());
  proxmox_.AddFault({.action = Fault::Action::kAnswerBefore,
                     .method = "GET",
                     .path = ".*/config",
                     .status = 596,
                     .message = "Connection timed out"});
  EXPECT_TRUE(api_->ReadConfig(vm, Limits()).ok());
}

TEST_F(EmulatorTest, ALostAnswerOfAWriteIsNot) {
  std::vector<VmId> announced;
  proxmox_.AddFault({.action = Fault::Action::kCutAfter, .method = "POST", .path = "/nodes/pve1/qemu"});
  absl::Status const status =
      api_->CreateVm(
              {0, "pve1"}, {}, [&](const VmId& vm) { announced.push_back(vm); }, Limits())
          .status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(proxmox_.Count("POST", "/nodes/pve1/qemu"), 1);
  ASSERT_EQ(announced.size(), 1U);
  proxmox_.FinishTasks();
  EXPECT_THAT(proxmox_.Vmids(), Contains(static_cast<int>(announced.front().vmid)));
  EXPECT_TRUE(api_->FetchVm(announced.front().vmid, "pve1", Limits()).ok()) << "the caller can look for it";
}

TEST_F(EmulatorTest, ALostAnswerOfADeleteIsMadeUpFor) {
  VmId const vm = Made("web");
  proxmox_.SetTaskLatency(std::chrono::milliseconds(0));
  proxmox_.AddFault({.action = Fault::Action::kCutAfter, .method = "DELETE"});
  EXPECT_TRUE(api_->DeleteVm(vm, {}, Limits()).ok());
  EXPECT_THAT(proxmox_.Vmids(), IsEmpty());
}

TEST_F(EmulatorTest, LocksAreWaitedFor) {
  VmId const vm = Made("web");
  proxmox_.AddFault({.method = "PUT",
                     .path = ".*/config",
                     .message = "can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout"});
  proxmox_.AddFault({.method = "PUT", .path = ".*/config", .nth = 2, .message = "VM is locked (backup)"});
  EXPECT_TRUE(api_->UpdateConfig(vm, {{"memory", "300"}}, {}, "", Limits()).ok());
  EXPECT_EQ(proxmox_.Count("PUT", ".*/config"), 3);
}

TEST_F(EmulatorTest, ConflictsAreAborted) {
  VmId const vm = Made("web");
  std::string const digest = api_->ReadConfig(vm, Limits())->digest;
  ASSERT_TRUE(api_->UpdateConfig(vm, {{"memory", "300"}}, {}, digest, Limits()).ok());
  EXPECT_TRUE(absl::IsAborted(api_->UpdateConfig(vm, {{"memory", "301"}}, {}, digest, Limits())));
}

TEST_F(EmulatorTest, CancellingACreateLeavesNothing) {
  proxmox_.AddFault({.action = Fault::Action::kHangTask, .method = "POST", .path = "/nodes/pve1/qemu"});
  std::thread canceller([this] {
    while (proxmox_.Count("GET", "/nodes/pve1/tasks/.*") == 0) std::this_thread::yield();
    cancel_.Cancel();
  });
  absl::Status const status = api_->CreateVm({0, "pve1"}, {{"scsi0", "local:1"}}, {}, Limits()).status();
  canceller.join();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("told to stop"));
  EXPECT_EQ(proxmox_.Count("DELETE", "/nodes/pve1/tasks/.*"), 1);
}

TEST_F(EmulatorTest, WarningsOfATaskAreHandedOn) {
  proxmox_.AddFault({.action = Fault::Action::kWarnTask, .method = "POST", .path = "/nodes/pve1/qemu"});
  auto const made = api_->CreateVm({0, "pve1"}, {}, {}, Limits());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->task.warnings.size(), 1U);
}

TEST_F(EmulatorTest, AVmThatDoesNotBootIsNotStarted) {
  VmId const vm = Made("web");
  proxmox_.With([&](auto& cluster) { cluster.FindVm(static_cast<int>(vm.vmid))->guest.boots = false; });
  EXPECT_FALSE(api_->Start(vm, Limits()).ok());
}

TEST_F(EmulatorTest, PasswordsAreGoodForTickets) {
  std::unique_ptr<Api> const api = Open(Login{"root@pam", Secret(proxmox_.root_password())});
  EXPECT_TRUE(api->ReadVersion(Limits()).ok());
  EXPECT_TRUE(api->CreateVm({0, "pve1"}, {}, {}, Limits()).ok());
  EXPECT_EQ(proxmox_.Count("POST", "/access/ticket"), 1);
  proxmox_.Advance(std::chrono::hours(3));
  EXPECT_TRUE(api->CreateVm({0, "pve1"}, {}, {}, Limits()).ok());
  EXPECT_EQ(proxmox_.Count("POST", "/access/ticket"), 2) << "the ticket had expired";
  std::unique_ptr<Api> const wrong = Open(Login{"root@pam", Secret("obviously-fake")});
  EXPECT_TRUE(absl::IsUnauthenticated(wrong->ReadVersion(Limits()).status()));
}

TEST_F(EmulatorTest, TicketsAreGoodForNewOnes) {
  auto const ticket = proxmox_.With([&](auto& cluster) {
    return cluster.access.Login("root@pam", proxmox_.root_password(), cluster.Wall() - 95 * 60);
  });
  ASSERT_TRUE(ticket.has_value());
  std::unique_ptr<Api> const api = Open(Ticket{Secret(ticket->text), Secret(ticket->csrf)});
  EXPECT_TRUE(api->is_root());
  EXPECT_TRUE(api->CreateVm({0, "pve1"}, {}, {}, Limits()).ok());
  EXPECT_EQ(proxmox_.Count("POST", "/access/ticket"), 1);
  proxmox_.Advance(std::chrono::minutes(60));
  EXPECT_TRUE(api->CreateVm({0, "pve1"}, {}, {}, Limits()).ok()) << "the first one is over";
}

TEST_F(EmulatorTest, AVmThatMovesBetweenTwoRequestsIsNotGone) {
  VmId const vm = Made("web", {{"scsi0", "shared:1"}});
  proxmox_.With([&](auto& cluster) { cluster.FindVm(static_cast<int>(vm.vmid))->node = "pve2"; });
  for (absl::Status const& status :
       {api_->ReadStatus(vm, Limits()).status(), api_->ReadPending(vm, Limits()).status(),
        api_->ReadConfig(vm, Limits()).status(), api_->Start(vm, Limits()).status(),
        api_->Shutdown(vm, {}, Limits()).status(),
        api_->UpdateConfig(vm, {{"memory", "300"}}, {}, "", Limits()),
        api_->ResizeDisk(vm, "scsi0", "3G", "", Limits()).status(),
        api_->MoveDisk(vm, {.disk = "scsi0", .storage = "local"}, Limits()).status(),
        api_->Migrate(vm, {.target = "pve3"}, Limits()).status(),
        api_->DeleteVm(vm, {}, Limits()).status()}) {
    EXPECT_TRUE(absl::IsAborted(status)) << status;
  }
  EXPECT_EQ(api_->FetchVm(vm.vmid, "pve1", Limits())->vm.node, "pve2");
}

TEST_F(EmulatorTest, HaAndPools) {
  VmId const vm = Made("web");
  ASSERT_TRUE(api_->SetHa(vm.vmid, {.state = "stopped", .max_restart = 2}, Limits()).ok());
  auto ha = api_->ReadHa(vm.vmid, Limits());
  ASSERT_TRUE(ha.ok() && ha->has_value());
  EXPECT_EQ((*ha)->state, "stopped");
  ASSERT_TRUE(api_->SetHa(vm.vmid, {.state = "started"}, Limits()).ok());
  EXPECT_EQ((*api_->ReadHa(vm.vmid, Limits()))->state, "started");
  ASSERT_TRUE(api_->RemoveHa(vm.vmid, Limits()).ok());
  EXPECT_FALSE(api_->ReadHa(vm.vmid, Limits())->has_value());
  EXPECT_TRUE(api_->RemoveHa(vm.vmid, Limits()).ok());

  proxmox_.With([](auto& cluster) {
    cluster.pools["a"];
    cluster.pools["b"];
  });
  ASSERT_TRUE(api_->SetPool(vm.vmid, "a", "", Limits()).ok());
  ASSERT_TRUE(api_->SetPool(vm.vmid, "a", "", Limits()).ok()) << "it is there already";
  ASSERT_TRUE(api_->SetPool(vm.vmid, "b", "a", Limits()).ok());
  EXPECT_EQ((*api_->ListVms(Limits())).front().pool, "b");
  ASSERT_TRUE(api_->SetPool(vm.vmid, "", "b", Limits()).ok());
  EXPECT_EQ((*api_->ListVms(Limits())).front().pool, "");
}

TEST_F(EmulatorTest, GuestAgents) {
  VmId const vm = Made("web", {{"agent", "enabled=1"}});
  EXPECT_EQ(CauseOf(api_->ReadGuestInterfaces(vm, Limits()).status()), Cause::kNotRunning);
  ASSERT_TRUE(api_->Start(vm, Limits()).ok());
  EXPECT_EQ(CauseOf(api_->ReadGuestInterfaces(vm, Limits()).status()), Cause::kSilentAgent);
  proxmox_.With([&](auto& cluster) {
    auto& guest = cluster.FindVm(static_cast<int>(vm.vmid))->guest;
    guest.agent_runs = true;
    guest.interfaces = nlohmann::json::parse(R"([{"name": "eth0", "hardware-address": "bc:24:11:aa:bb:cc",
        "ip-addresses": [{"ip-address": "192.0.2.7", "ip-address-type": "ipv4", "prefix": 24}]}])");
    guest.files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAA\n";
  });
  auto const interfaces = api_->ReadGuestInterfaces(vm, Limits());
  ASSERT_TRUE(interfaces.ok()) << interfaces.status();
  EXPECT_EQ(interfaces->front().addresses.front().address, "192.0.2.7");
  auto const file = api_->ReadGuestFile(vm, "/etc/ssh/ssh_host_ed25519_key.pub", Limits());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->content, "ssh-ed25519 AAAA\n");
}

}  // namespace
}  // namespace fediversity::proxmox
