// What is left when the provider, or what is between it and the cluster, fails at any one request of an operation: run
// again, there is one VM, nothing is lost, nothing stays behind, and the plan is empty.

#include <atomic>
#include <functional>

#include "provider/base/text.h"
#include "resources/proxmox/vm.h"
#include "tests/resources/proxmox/vm/vm_fixture.h"

namespace fediversity::resources {
namespace {

using emulators::Fault;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kMade = R"({
  "name": "web", "node": "pve1", "memory": {"size": "1G"}, "started": true,
  "disks": {"scsi0": {"storage": "local", "size": "1G"}}, "networks": {"net0": {"bridge": "vmbr0"}}})";
constexpr std::string_view kChanged = R"({
  "name": "web", "node": "pve1", "memory": {"size": "2G"}, "started": false, "tags": ["a"],
  "disks": {"scsi0": {"storage": "local-lvm", "size": "2G"}}, "networks": {"net0": {"bridge": "vmbr0", "vlan": 7}}})";
constexpr std::string_view kPlaced = R"({
  "name": "web", "node": "pve1", "started": false, "disks": {"scsi0": {"storage": "shared", "size": "1G"}},
  "cloud_init": {"storage": "shared", "drive": "ide2", "user": "ops"}})";
constexpr std::string_view kReplaced = R"({
  "name": "web", "node": "pve2", "pool": "customers", "ha": {"state": "started", "max_restart": 2},
  "disks": {"scsi0": {"storage": "shared", "size": "1G"}},
  "cloud_init": {"storage": "shared", "drive": "ide3", "user": "admin"}})";
constexpr std::string_view kBeforeReboot = R"({
  "name": "web", "node": "pve1", "started": true, "reboot": "when_needed", "cpu": {"cores": 1},
  "disks": {"scsi0": {"storage": "shared", "size": "1G"}}, "cloud_init": {"storage": "shared", "user": "ops"}})";
constexpr std::string_view kRebooted = R"({
  "name": "web", "node": "pve2", "started": true, "reboot": "when_needed", "cpu": {"cores": 2},
  "disks": {"scsi0": {"storage": "shared", "size": "1G"}}, "cloud_init": {"storage": "shared", "user": "admin"}})";
constexpr std::string_view kKept = R"({
  "name": "web", "node": "pve1", "started": true, "ha": {"state": "started"},
  "disks": {"scsi0": {"storage": "local", "size": "1G"},
            "scsi1": {"storage": "local", "size": "2G", "keep_on_destroy": true}}})";
constexpr std::string_view kCloneElsewhere = R"({
  "name": "clone", "node": "pve2", "clone": {"source": "web", "full": true}, "started": true})";
constexpr std::string_view kClone = R"({
  "name": "clone", "clone": {"source": "web", "full": true}, "started": true, "memory": {"size": "2G"},
  "disks": {"scsi0": {"size": "3G"}}})";

struct Moment {
  bool after = false;  // the request has its effect
  bool killed =
      false;  // nothing of the provider survives: the state is what it was, and no later request is sent
};

class CrashTest : public VmTest, public ::testing::WithParamInterface<Moment> {
 protected:
  // Everything from the `nth` request on fails, if the process was killed; else only that one.
  void FailAt(int nth, oracle::Host& running) {
    bool const after = GetParam().after;
    struck_ = false;
    Fault fault{.action = after ? Fault::Action::kCutAfter : Fault::Action::kCutBefore, .nth = nth};
    fault.on_strike = [this, &running] {
      struck_ = true;
      if (!GetParam().killed) return;
      journal_.Die();
      running.Interrupt();
    };
    proxmox_.AddFault(std::move(fault));
    if (GetParam().killed) {
      proxmox_.AddFault({.action = Fault::Action::kCutBefore, .nth = nth + 1, .times = 1'000'000});
    }
  }

  // Has `act` go through a failure at the first request, at the second and so on, until it makes no more. There have to
  // be `least` of them, so that nobody counts what was over before it began.
  template <typename Act>
  void AtEveryRequest(int least, Act act) {
    constexpr int kMost = 100;
    int nth = 0;
    do {
      ++nth;
      SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
      act(nth);
      if (HasFatalFailure()) return;
    } while (struck_ && nth < kMost);
    EXPECT_GT(nth, least);
    EXPECT_LT(nth, kMost);
  }

  // Applies until the plan is empty.
  void CarryOn(oracle::Host& host, std::string_view json) {
    proxmox_.ClearFaults();
    proxmox_.FinishTasks();
    for (int attempt = 0; attempt < 3; ++attempt) {
      Configure();
      if (host.exists() && !host.Refresh()) ADD_FAILURE() << host.Errors();
      auto const plan = host.MakePlan(Config(json));
      ASSERT_TRUE(plan.has_value()) << host.Errors();
      if (plan->action == Action::kNoOp) return;
      Configure();
      host.Apply(*plan);
    }
    FAIL() << "the plan is not empty after three applies: " << host.Errors();
  }

  // The state as a file that outlives the process.
  void Remember(oracle::Host& host, std::string_view json) {
    proxmox_.Refresh();
    Configure();
    ASSERT_TRUE(host.Import({.id = "web", .identity = {}})) << host.Errors();
    CarryOn(host, json);
  }

  void ExpectOneVmAndNoOrphans(std::size_t vms, std::size_t volumes) {
    EXPECT_THAT(proxmox_.Vmids(), SizeIs(vms));
    EXPECT_THAT(proxmox_.Volumes(), SizeIs(volumes)) << ::testing::PrintToString(proxmox_.Volumes());
  }

  // Makes a VM with one disk beside `others` of the kind, through a failure at the `nth` request, and destroys it.
  void MakeDespiteFailure(std::string_view json, int nth, std::size_t others) {
    oracle::Host host(*resource_);
    Configure();
    auto const plan = host.MakePlan(Config(json));
    ASSERT_TRUE(plan.has_value()) << host.Errors();
    auto const its_resource =
        MakeProxmoxVm(backends_.proxmox, backends_.journal);  // what a process remembers dies with it
    oracle::Host victim(*its_resource);
    oracle::Host& running = GetParam().killed ? victim : host;
    FailAt(nth, running);
    running.Apply(*plan);
    // The one that was to be killed and made fewer requests is alive, and has the state.
    oracle::Host& left = GetParam().killed && !journal_.ComeBack() ? victim : host;
    CarryOn(left, json);
    ExpectOneVmAndNoOrphans(others + 1, others + 1);
    EXPECT_THAT(left.faults(), IsEmpty());
    Configure();
    ASSERT_TRUE(left.Destroy()) << left.Errors();
    ExpectOneVmAndNoOrphans(others, others);
  }

  // Something to clone.
  void MakeSource() {
    oracle::Host source(*resource_);
    Configure();
    auto const made = source.MakePlan(Config(R"({"name": "web", "node": "pve1",
        "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"));
    ASSERT_TRUE(made.has_value() && source.Apply(*made)) << source.Errors();
    proxmox_.Refresh();
  }

  // Makes a VM, changes it through a failure at the `nth` request, and destroys it.
  void ChangeDespiteFailure(std::string_view made, std::string_view changed, int nth, std::size_t volumes,
                            const std::function<void(const emulators::Vm&)>& expect) {
    oracle::Host host(*resource_);
    CarryOn(host, made);
    oracle::Host before(*resource_);
    Remember(before, made);
    Configure();
    ASSERT_TRUE(host.Refresh());
    auto const plan = host.MakePlan(Config(changed));
    ASSERT_TRUE(plan.has_value()) << host.Errors();
    Configure();
    FailAt(nth, host);
    host.Apply(*plan);
    journal_.ComeBack();
    oracle::Host& left = GetParam().killed && struck_ ? before : host;
    CarryOn(left, changed);
    ExpectOneVmAndNoOrphans(1, volumes);
    proxmox_.With([&](emulators::Cluster& cluster) {
      expect(cluster.vms.begin()->second);
      return 0;
    });
    Configure();
    ASSERT_TRUE(left.Destroy()) << left.Errors();
  }

  // Makes a VM and destroys it, through a failure at the `nth` request.
  void DestroyDespiteFailure(std::string_view made, int nth) {
    oracle::Host host(*resource_);
    CarryOn(host, made);
    oracle::Host before(*resource_);
    Remember(before, made);
    Configure();
    FailAt(nth, host);
    host.Destroy();
    proxmox_.ClearFaults();
    proxmox_.FinishTasks();
    journal_.ComeBack();
    oracle::Host& left = GetParam().killed && struck_ ? before : host;
    Configure();
    if (left.exists()) {
      ASSERT_TRUE(left.Refresh()) << left.Errors();
    }
    if (left.exists()) {
      ASSERT_TRUE(left.Destroy()) << left.Errors();
    }
  }

  std::atomic<bool> struck_ = false;  // whether the last failure came to pass
};

TEST_P(CrashTest, AnywhereInCreating) {
  AtEveryRequest(6, [&](int nth) { MakeDespiteFailure(kMade, nth, 0); });
}

TEST_P(CrashTest, AnywhereInCloning) {
  MakeSource();
  AtEveryRequest(9, [&](int nth) { MakeDespiteFailure(kClone, nth, 1); });
}

// With a disk that the other node does not see, so that the copy is made beside its source and moves.
TEST_P(CrashTest, AnywhereInCloningToAnotherNode) {
  MakeSource();
  AtEveryRequest(8, [&](int nth) { MakeDespiteFailure(kCloneElsewhere, nth, 1); });
}

TEST_P(CrashTest, AnywhereInUpdating) {
  AtEveryRequest(12, [&](int nth) {
    ChangeDespiteFailure(kMade, kChanged, nth, 1,
                         [&](const emulators::Vm& vm) { EXPECT_EQ(vm.Get("memory"), "2048"); });
  });
}

TEST_P(CrashTest, AnywhereInMovingUnderHa) {
  proxmox_.With([](emulators::Cluster& cluster) { return cluster.pools["customers"].vms.size(); });
  AtEveryRequest(9, [&](int nth) {
    ChangeDespiteFailure(kPlaced, kReplaced, nth, 2, [&](const emulators::Vm& vm) {
      EXPECT_EQ(vm.node, "pve2");
      EXPECT_TRUE(vm.Has("ide3") && !vm.Has("ide2"));
      EXPECT_TRUE(vm.running);
    });
  });
  EXPECT_TRUE(proxmox_.With([](emulators::Cluster& cluster) { return cluster.ha.empty(); }));
}

TEST_P(CrashTest, AnywhereInMovingAndRebooting) {
  AtEveryRequest(9, [&](int nth) {
    ChangeDespiteFailure(kBeforeReboot, kRebooted, nth, 2, [&](const emulators::Vm& vm) {
      EXPECT_EQ(vm.node, "pve2");
      EXPECT_EQ(vm.Get("cores"), "2") << "in effect, not pending";
      EXPECT_TRUE(vm.running);
    });
  });
}

TEST_P(CrashTest, AnywhereInDestroying) {
  AtEveryRequest(4, [&](int nth) {
    DestroyDespiteFailure(kMade, nth);
    ExpectOneVmAndNoOrphans(0, 0);
  });
}

TEST_P(CrashTest, AnywhereInDestroyingAllButADisk) {
  AtEveryRequest(6, [&](int nth) {
    DestroyDespiteFailure(kKept, nth);
    ExpectOneVmAndNoOrphans(1, 1);
    proxmox_.With([](emulators::Cluster& cluster) {
      EXPECT_TRUE(cluster.ha.empty());
      EXPECT_EQ(cluster.vms.begin()->second.Get("name"), "web-kept");
      EXPECT_EQ(cluster.volumes().begin()->second.size >> 30, 2U);
      auto const [node, id] = cluster.volumes().begin()->first;
      cluster.RemoveVolume(id, node);
      cluster.vms.clear();
      return 0;
    });
    if (HasFailure()) FAIL() << "what is left is in the way of the next";
  });
}

INSTANTIATE_TEST_SUITE_P(
    Moments, CrashTest,
    ::testing::Values(Moment{.after = false, .killed = false}, Moment{.after = true, .killed = false},
                      Moment{.after = false, .killed = true}, Moment{.after = true, .killed = true}),
    [](const auto& moment) {
      return Cat({moment.param.killed ? "Killed" : "CutOff", moment.param.after ? "After" : "Before"});
    });

}  // namespace
}  // namespace fediversity::resources
