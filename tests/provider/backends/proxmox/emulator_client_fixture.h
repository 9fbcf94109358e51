#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_EMULATOR_CLIENT_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_EMULATOR_CLIENT_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "provider/backends/proxmox/api.h"
#include "provider/base/status_macros.h"
#include "tests/emulators/proxmox/emulator.h"
#include "tests/emulators/proxmox/open_api.h"

namespace fediversity::proxmox {

// The client on an emulated cluster.
class EmulatorTest : public ::testing::Test {
 protected:
  EmulatorTest() : api_(Open(ApiToken{Secret(proxmox_.root_token())})) {}

  std::unique_ptr<Api> Open(Credentials credentials) {
    return emulators::OpenApi(proxmox_, std::move(credentials), clock_);
  }
  std::unique_ptr<Api> OpenAs(const std::string& role, const std::string& path) {
    return Open(ApiToken{Secret(proxmox_.MakeToken("bob@pve", "t1", role, path))});
  }
  CallLimits Limits() const { return {cancel_, absl::Now() + absl::Seconds(60)}; }

  VmId Made(const std::string& name, Parameters parameters = {}) {
    parameters.emplace_back("name", name);
    auto const made = api_->CreateVm({0, "pve1"}, parameters, {}, Limits());
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->vm : VmId{};
  }
  absl::StatusOr<NewVm> Clone(const VmId& source, const CloneRequest& request) {
    ASSIGN_OR_RETURN(CloneTurn const turn, api_->WaitToClone(source, cancel_));
    return api_->CloneVm(turn, request, {}, Limits());
  }
  std::size_t Requests() const { return proxmox_.requests().size(); }

  SystemClock clock_;
  CancelToken cancel_;
  emulators::ProxmoxEmulator proxmox_{{}};
  std::unique_ptr<Api> api_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_EMULATOR_CLIENT_FIXTURE_H_
