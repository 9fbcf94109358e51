// A node that the cluster has online and that nobody can ask.

#include "provider/backends/proxmox/silent_nodes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/provider/backends/proxmox/fake_service.h"

namespace fediversity::proxmox {
namespace {

using ::testing::HasSubstr;

class SilentNodesTest : public ::testing::Test {
 protected:
  SilentNodesTest() {
    auto service = std::make_unique<FakeService>();
    service_ = service.get();
    transport_ = std::make_unique<SilentNodes>(std::move(service), clock_);
  }
  void On(const std::string& path, const Reply& reply, absl::Duration time = absl::ZeroDuration()) {
    service_->OnCall("GET " + path, [this, reply, time](const http::Request&, const CallLimits&) {
      clock_.Advance(time);
      return reply;
    });
  }
  Reply Config(const std::string& node, int vmid) {
    return transport_->Send({.path = {"nodes", node, "qemu", absl::StrCat(vmid), "config"}}, {cancel_});
  }
  Reply ListStorage() {
    return transport_->Send({.path = {"nodes", "pve2", "storage", "nfs", "content"}}, {cancel_});
  }

  ManualClock clock_{absl::FromUnixSeconds(1'795'418'739)};
  CancelToken cancel_;
  FakeService* service_ = nullptr;
  std::unique_ptr<SilentNodes> transport_;
};

TEST_F(SilentNodesTest, IsWaitedForOnce) {
  On("/nodes/pve2/qemu/101/config", Bare(596, "Connection timed out"), absl::Seconds(30));
  EXPECT_EQ(Config("pve2", 101)->status, 596);
  for (int vmid = 102; vmid < 140; ++vmid) {
    absl::Status const status = Config("pve2", vmid).status();
    ASSERT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("node pve2 cannot be reached"));
    EXPECT_EQ(http::DeliveryOf(status), http::Delivery::kNotSent);
  }
  EXPECT_EQ(service_->lines().size(), 1U);
  On("/nodes/pve/qemu/100/config", Data("{}"));
  EXPECT_TRUE(Config("pve", 100).ok()) << "another node is well";
}

TEST_F(SilentNodesTest, IsAskedAgainAfterAWhile) {
  On("/nodes/pve2/qemu/101/config", Bare(595, "No route to host"), absl::Seconds(17));
  EXPECT_EQ(Config("pve2", 101)->status, 595);
  EXPECT_FALSE(Config("pve2", 101).ok());
  clock_.Advance(absl::Seconds(15));
  On("/nodes/pve2/qemu/101/config", Data("{}"));
  EXPECT_EQ(Config("pve2", 101)->status, 200);
  EXPECT_EQ(Config("pve2", 101)->status, 200);
}

TEST_F(SilentNodesTest, ARefusalThatComesAtOnceIsNotRemembered) {
  On("/nodes/pve2/qemu/101/config", Bare(595, "Connection refused"), absl::Seconds(2));
  EXPECT_EQ(Config("pve2", 101)->status, 595);
  On("/nodes/pve2/qemu/101/config", Data("{}"));
  EXPECT_EQ(Config("pve2", 101)->status, 200);
}

// A storage that hangs does not make the node a silent one.
TEST_F(SilentNodesTest, OnlyConfigurationsCount) {
  On("/nodes/pve2/storage/nfs/content", Bare(596, "Connection timed out"), absl::Seconds(30));
  On("/nodes/pve2/qemu/101/config", Data("{}"));
  EXPECT_EQ(ListStorage()->status, 596);
  EXPECT_EQ(Config("pve2", 101)->status, 200);
  On("/nodes/pve2/qemu/101/config", Bare(596, "Connection timed out"), absl::Seconds(30));
  EXPECT_EQ(Config("pve2", 101)->status, 596);
  EXPECT_EQ(ListStorage()->status, 596) << "it is asked";
}

}  // namespace
}  // namespace fediversity::proxmox
