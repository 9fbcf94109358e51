// Several endpoints: which requests go on to the next.

#include "provider/backends/proxmox/failover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/provider/backends/proxmox/fake_service.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FailoverTest : public ::testing::Test {
 protected:
  FailoverTest() {
    std::vector<std::unique_ptr<http::Transport>> endpoints;
    for (FakeService*& service : services_) {
      auto owned = std::make_unique<FakeService>();
      service = owned.get();
      endpoints.push_back(std::move(owned));
    }
    transport_ = std::make_unique<FailoverTransport>(std::move(endpoints));
  }
  void OnAll(const std::string& request, const Reply& first, const Reply& second) {
    services_[0]->On(request, first);
    services_[1]->On(request, second);
  }
  absl::StatusOr<http::Response> Get() { return transport_->Send({.path = {"version"}}, {cancel_}); }
  absl::StatusOr<http::Response> Put() {
    return transport_->Send({.method = http::Method::kPut, .path = {"pools"}}, {cancel_});
  }
  int Asked(int service) const { return static_cast<int>(services_[service]->lines().size()); }

  CancelToken cancel_;
  FakeService* services_[2] = {};
  std::unique_ptr<FailoverTransport> transport_;
};

TEST_F(FailoverTest, StaysWithTheOneThatAnswers) {
  OnAll("GET /version", NotSent(), Data("1"));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Get().ok());
  EXPECT_EQ(Asked(0), 1);
  EXPECT_EQ(Asked(1), 5);
  OnAll("GET /version", Data("1"), NotSent());
  EXPECT_TRUE(Get().ok());
  EXPECT_TRUE(Get().ok());
  EXPECT_EQ(Asked(0), 3);
}

TEST_F(FailoverTest, ReadsGoOnWhereTheAnswerIsLost) {
  for (const Reply& reply : {Lost(), Bare(595, "Connection refused"), Bare(596, "Connection timed out"),
                             Bare(502, "Bad Gateway"), Bare(503, "Service Unavailable")}) {
    OnAll("GET /version", reply, Data("1"));
    auto const result = Get();
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->status, 200);
  }
}

TEST_F(FailoverTest, WritesGoOnOnlyWhereNothingWasSent) {
  OnAll("PUT /pools", NotSent(), Data("null"));
  EXPECT_TRUE(Put().ok());
  OnAll("PUT /pools", Data("null"), Lost());
  EXPECT_TRUE(absl::IsUnavailable(Put().status()));
  EXPECT_EQ(Asked(0), 1) << "nobody knows what became of it";
  OnAll("PUT /pools", Data("null"), Bare(596, "Connection timed out"));
  EXPECT_EQ(Put()->status, 596);
  EXPECT_EQ(Asked(0), 1);
}

TEST_F(FailoverTest, ARefusalIsAnAnswer) {
  OnAll("GET /version", Bare(401, "No ticket"), Data("1"));
  EXPECT_EQ(Get()->status, 401);
  OnAll("GET /version", Failure(500, "unable to open file '/etc/pve/x' - Permission denied"), Data("1"));
  EXPECT_EQ(Get()->status, 500) << "a part may be done";
  EXPECT_EQ(Asked(1), 0);
}

// It has done nothing, and says so.
TEST_F(FailoverTest, ANodeWithoutQuorumIsPassedOver) {
  OnAll("PUT /pools", Failure(500, "update pools failed: cfs-lock 'file-user_cfg' error: no quorum!"),
        Data("null"));
  EXPECT_EQ(Put()->status, 200);
  EXPECT_EQ(Put()->status, 200);
  EXPECT_EQ(Asked(0), 1) << "the other one is better off";
  OnAll("PUT /pools", Failure(500, "cluster not ready - no quorum?"),
        Failure(500, "cluster not ready - no quorum?"));
  EXPECT_EQ(Put()->status, 500);
  OnAll("PUT /pools", Lost(), Failure(500, "cluster not ready - no quorum?"));
  EXPECT_TRUE(absl::IsUnavailable(Put().status())) << "what the first may have done is told";
}

// Nothing is sent to it, and each node has a certificate of its own.
TEST_F(FailoverTest, ACertificateThatIsRefusedIsPassedOver) {
  absl::Status const refused = http::WithDelivery(
      absl::FailedPreconditionError("cannot trust the certificate of pve"), http::Delivery::kNotSent);
  OnAll("PUT /pools", refused, Data("null"));
  EXPECT_TRUE(Put().ok());
  OnAll("PUT /pools", refused, refused);
  EXPECT_EQ(Put().status().code(), absl::StatusCode::kFailedPrecondition);
  OnAll("PUT /pools", refused, NotSent());
  EXPECT_EQ(Put().status().code(), absl::StatusCode::kUnavailable) << "the other may come back";
  absl::Status const halfway = absl::FailedPreconditionError("the file got shorter while it was sent");
  OnAll("PUT /pools", halfway, halfway);
  int const before = Asked(0) + Asked(1);
  EXPECT_EQ(Put().status(), halfway);
  EXPECT_EQ(Asked(0) + Asked(1), before + 1);
}

TEST_F(FailoverTest, WhereAllFailEachIsNamed) {
  OnAll("PUT /pools", NotSent(),
        http::WithDelivery(absl::UnavailableError("no TLS connection to pve2"), http::Delivery::kNotSent));
  absl::Status const status = Put().status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("no endpoint"), HasSubstr("cannot connect to pve"),
                    HasSubstr("TLS connection to pve2")));
  EXPECT_EQ(http::DeliveryOf(status), http::Delivery::kNotSent);
  OnAll("GET /version", NotSent(), Lost());
  EXPECT_EQ(http::DeliveryOf(Get().status()), http::Delivery::kUnknown);
}

// A node that is down is so for whoever is asked.
TEST_F(FailoverTest, AnAnswerOfANodeGoesBeforeSilence) {
  OnAll("GET /version", Bare(595, "No route to host"), NotSent());
  auto const result = Get();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->status, 595);
}

}  // namespace
}  // namespace fediversity::proxmox
