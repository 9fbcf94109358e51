// What is left when the provider, or what is between it and the cluster, fails at any one request of an operation: run
// again, there is one VM, nothing is lost, nothing stays behind, and the plan is empty.

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
    Fault fault{.action = after ? Fault::Action::kCutAfter : Fault::Action::kCutBefore, .nth = nth};
    if (GetParam().killed) {
      fault.on_strike = [this, &running] {
        journal_.Die();
        running.Interrupt();
      };
    }
    proxmox_.AddFault(std::move(fault));
    if (GetParam().killed) {
      proxmox_.AddFault({.action = Fault::Action::kCutBefore, .nth = nth + 1, .times = 1'000'000});
    }
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
  void Remember(oracle::Host& host) {
    proxmox_.Refresh();
    Configure();
    ASSERT_TRUE(host.Import({.id = "web", .identity = {}})) << host.Errors();
  }

  void ExpectOneVmAndNoOrphans(std::size_t vms, std::size_t volumes) {
    EXPECT_THAT(proxmox_.Vmids(), SizeIs(vms));
    EXPECT_THAT(proxmox_.Volumes(), SizeIs(volumes)) << ::testing::PrintToString(proxmox_.Volumes());
  }

  // Makes a VM with one disk beside `others` of the kind, through a failure at the `nth` request, and destroys it.
  void MakeDespiteFailure(std::string_view json, int nth, std::size_t others) {
    SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
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
};

TEST_P(CrashTest, AnywhereInCreating) {
  for (int nth = 1; nth <= 9; ++nth) MakeDespiteFailure(kMade, nth, 0);
}

TEST_P(CrashTest, AnywhereInCloning) {
  oracle::Host source(*resource_);
  Configure();
  auto const made = source.MakePlan(Config(R"({"name": "web", "node": "pve1",
      "disks": {"scsi0": {"storage": "local", "size": "1G"}}})"));
  ASSERT_TRUE(source.Apply(*made)) << source.Errors();
  proxmox_.Refresh();
  for (int nth = 1; nth <= 13; ++nth) MakeDespiteFailure(kClone, nth, 1);
}

TEST_P(CrashTest, AnywhereInUpdating) {
  for (int nth = 1; nth <= 20; ++nth) {
    SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
    oracle::Host host(*resource_);
    CarryOn(host, kMade);
    oracle::Host before(*resource_);
    Remember(before);
    Configure();
    ASSERT_TRUE(host.Refresh());
    auto const plan = host.MakePlan(Config(kChanged));
    ASSERT_TRUE(plan.has_value()) << host.Errors();
    Configure();
    FailAt(nth, host);
    host.Apply(*plan);
    journal_.ComeBack();
    oracle::Host& left = GetParam().killed ? before : host;
    CarryOn(left, kChanged);
    ExpectOneVmAndNoOrphans(1, 1);
    EXPECT_EQ(
        proxmox_.With([&](emulators::Cluster& cluster) { return cluster.vms.begin()->second.Get("memory"); }),
        "2048");
    Configure();
    ASSERT_TRUE(left.Destroy()) << left.Errors();
  }
}

TEST_P(CrashTest, AnywhereInDestroying) {
  for (int nth = 1; nth <= 10; ++nth) {
    SCOPED_TRACE(Cat({"request ", std::to_string(nth)}));
    oracle::Host host(*resource_);
    CarryOn(host, kMade);
    oracle::Host before(*resource_);
    Remember(before);
    Configure();
    FailAt(nth, host);
    host.Destroy();
    proxmox_.ClearFaults();
    proxmox_.FinishTasks();
    journal_.ComeBack();
    oracle::Host& left = GetParam().killed ? before : host;
    Configure();
    if (left.exists()) {
      ASSERT_TRUE(left.Refresh()) << left.Errors();
      if (left.exists()) {
        ASSERT_TRUE(left.Destroy()) << left.Errors();
      }
    }
    ExpectOneVmAndNoOrphans(0, 0);
  }
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
