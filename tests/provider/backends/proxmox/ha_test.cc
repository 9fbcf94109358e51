// High availability and pools.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::ElementsAre;

constexpr const char* kHa = "GET /cluster/ha/resources";

class HaTest : public ApiTest {
 protected:
  std::vector<std::string> Writes() const {
    std::vector<std::string> writes;
    for (const std::string& line : service_->lines()) {
      if (line.substr(0, 3) != "GET") writes.push_back(line);
    }
    return writes;
  }
};

TEST_F(HaTest, OneRequestServesAllVms) {
  service_->On(kHa, Data(R"([{"sid": "vm:100", "state": "started", "group": "g", "digest": "d"}])"));
  for (int vmid = 100; vmid < 150; ++vmid) {
    auto const ha = api_->ReadHa(vmid, Limits());
    ASSERT_TRUE(ha.ok()) << ha.status();
    EXPECT_EQ(ha->has_value(), vmid == 100);
  }
  EXPECT_EQ((*api_->ReadHa(100, Limits()))->group, "g");
  EXPECT_EQ(service_->lines().size(), 1U);
}

TEST_F(HaTest, WhoMayNotReadItIsTold) {
  service_->On(kHa, Failure(403, "Permission check failed (/, Sys.Audit)"));
  EXPECT_TRUE(absl::IsPermissionDenied(api_->ReadHa(100, Limits()).status()));
}

TEST_F(HaTest, AVmIsAddedOrChanged) {
  service_->On(kHa, {Data("[]"), Data(R"([{"sid": "vm:100", "state": "started"}])")});
  service_->On("POST /cluster/ha/resources", Data("null"));
  service_->On("PUT /cluster/ha/resources/vm:100", Data("null"));
  EXPECT_TRUE(api_->SetHa(100, {.state = "started", .max_restart = 3}, Limits()).ok());
  EXPECT_TRUE(api_->SetHa(100, {.state = "stopped", .comment = "x"}, Limits()).ok());
  EXPECT_THAT(Writes(), ElementsAre("POST /cluster/ha/resources state=started&max_restart=3&sid=vm%3A100",
                                    "PUT /cluster/ha/resources/vm:100 state=stopped&comment=x"));
  EXPECT_EQ(service_->Count(kHa), 2) << "a write is followed by a new look";
}

// The lock is taken before anything is done.
TEST_F(HaTest, LocksOfHaAndPoolsAreWaitedFor) {
  service_->On(kHa, {Data("[]"), Data(R"([{"sid": "vm:100", "state": "started"}])")});
  Reply const locked = Failure(500, "cfs-lock 'domain-ha' error: got lock request timeout");
  service_->On("POST /cluster/ha/resources", {locked, Data("null")});
  service_->On("PUT /cluster/ha/resources/vm:100", {locked, Data("null")});
  service_->On("DELETE /cluster/ha/resources/vm:100", {locked, Data("null")});
  service_->On("PUT /pools",
               {Failure(500, "cfs-lock 'file-user_cfg' error: got lock request timeout"), Data("null")});
  EXPECT_TRUE(api_->SetHa(100, {}, Limits()).ok());
  EXPECT_TRUE(api_->SetHa(100, {}, Limits()).ok());
  EXPECT_TRUE(api_->RemoveHa(100, Limits()).ok());
  EXPECT_TRUE(api_->SetPool(100, "a", "", Limits()).ok());
  EXPECT_EQ(Writes().size(), 8U);
}

TEST_F(HaTest, RemovingIsDoneWhereThereIsNothing) {
  service_->On("DELETE /cluster/ha/resources/vm:100",
               {Data("null"), Failure(500, "cannot delete service 'vm:100', not HA managed!"),
                Failure(500, "no such resource 'vm:100'")});
  EXPECT_TRUE(api_->RemoveHa(100, Limits()).ok());
  EXPECT_TRUE(api_->RemoveHa(100, Limits()).ok());
  EXPECT_TRUE(api_->RemoveHa(100, Limits()).ok());
  service_->On("DELETE /cluster/ha/resources/vm:100",
               Failure(403, "Permission check failed (/, Sys.Console)"));
  EXPECT_TRUE(absl::IsPermissionDenied(api_->RemoveHa(100, Limits())));
}

TEST_F(HaTest, PoolsAreEnteredMovedBetweenAndLeft) {
  service_->On("PUT /pools", Data("null"));
  EXPECT_TRUE(api_->SetPool(100, "a", "", Limits()).ok());
  EXPECT_TRUE(api_->SetPool(100, "b", "a", Limits()).ok());
  EXPECT_TRUE(api_->SetPool(100, "", "b", Limits()).ok());
  EXPECT_TRUE(api_->SetPool(100, "b", "b", Limits()).ok());
  EXPECT_THAT(service_->lines(), ElementsAre("PUT /pools poolid=a&vms=100&allow-move=1",
                                             "PUT /pools poolid=b&vms=100&allow-move=1",
                                             "PUT /pools poolid=b&vms=100&delete=1"));
}

TEST_F(HaTest, APoolThatIsAsItShouldBeIsDone) {
  service_->On("PUT /pools", {Failure(500, "update pools failed: VM 100 is already a pool member"),
                              Failure(500, "update pools failed: VM 100 is not a pool member")});
  EXPECT_TRUE(api_->SetPool(100, "a", "", Limits()).ok());
  EXPECT_TRUE(api_->SetPool(100, "", "a", Limits()).ok());
  service_->On("PUT /pools", Failure(403, "Permission check failed (/pool/a, Pool.Allocate)"));
  EXPECT_TRUE(absl::IsPermissionDenied(api_->SetPool(100, "a", "", Limits())));
}

TEST_F(HaTest, ALockOfTheClustersFilesIsWaitedFor) {
  service_->On("PUT /pools",
               {Failure(500, "update pools failed: cfs-lock 'file-user_cfg' error: got lock request timeout"),
                Data("null")});
  EXPECT_TRUE(api_->SetPool(100, "a", "", Limits()).ok());
  EXPECT_EQ(Writes().size(), 2U);
}

}  // namespace
}  // namespace fediversity::proxmox
