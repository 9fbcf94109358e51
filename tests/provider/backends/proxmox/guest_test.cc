// The guest agent: asked once, and never waited for.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

constexpr const char* kInterfaces = "GET /nodes/pve/qemu/100/agent/network-get-interfaces";

class GuestTest : public ApiTest {
 protected:
  absl::StatusCode Ask() { return api_->ReadGuestInterfaces({100, "pve"}, Limits()).status().code(); }
};

TEST_F(GuestTest, AnAgentAnswers) {
  service_->On(kInterfaces,
               Data(R"({"result": [{"name": "eth0", "hardware-address": "bc:24:11:aa:bb:cc"}]})"));
  auto const interfaces = api_->ReadGuestInterfaces({100, "pve"}, Limits());
  ASSERT_TRUE(interfaces.ok());
  EXPECT_EQ(interfaces->front().name, "eth0");
}

TEST_F(GuestTest, ASilentAgentIsAskedOnce) {
  service_->On(kInterfaces, Failure(500, "QEMU guest agent is not running"));
  EXPECT_EQ(Ask(), absl::StatusCode::kUnavailable);
  service_->On(kInterfaces, Failure(500, "No QEMU guest agent configured"));
  EXPECT_EQ(Ask(), absl::StatusCode::kFailedPrecondition);
  service_->On(kInterfaces, Failure(500, "VM 100 is not running"));
  EXPECT_EQ(Ask(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(service_->lines().size(), 3U);
}

TEST_F(GuestTest, AnAgentThatBlocksTheServerHasThreeSeconds) {
  service_->OnCall(kInterfaces, [this](const http::Request&, const CallLimits& limits) -> Reply {
    EXPECT_EQ(limits.deadline, clock_.Now() + absl::Seconds(3));
    return absl::DeadlineExceededError("pve gave no complete answer within 3s");
  });
  EXPECT_EQ(Ask(), absl::StatusCode::kUnavailable);
  // The operation's own end is another matter.
  service_->OnCall(kInterfaces, [this](const http::Request&, const CallLimits& limits) -> Reply {
    EXPECT_EQ(limits.deadline, clock_.Now() + absl::Seconds(2));
    return absl::DeadlineExceededError("pve gave no complete answer within 2s");
  });
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(api_->ReadGuestInterfaces({100, "pve"}, Within(absl::Seconds(2))).status()));
}

TEST_F(GuestTest, FilesAreRead) {
  service_->On("GET /nodes/pve/qemu/100/agent/file-read?file=/etc/ssh/ssh_host_ed25519_key.pub",
               Data(R"({"content": "ssh-ed25519 AAAA\n", "truncated": 0})"));
  auto const file = api_->ReadGuestFile({100, "pve"}, "/etc/ssh/ssh_host_ed25519_key.pub", Limits());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->content, "ssh-ed25519 AAAA\n");
  EXPECT_FALSE(file->truncated);
}

}  // namespace
}  // namespace fediversity::proxmox
