#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_API_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_API_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "provider/backends/proxmox/http_api.h"
#include "provider/base/clock.h"
#include "tests/provider/backends/proxmox/fake_service.h"

namespace fediversity::proxmox {

inline std::string Text(const absl::Status& status) { return std::string(status.message()); }

// An Api on a FakeService, with a clock that stands still but for sleeps.
class ApiTest : public ::testing::Test {
 protected:
  static constexpr const char* kUpid = "UPID:pve:00000394:00072340:6B03EA73:qmtest:100:root@pam!tofu:";
  static inline const std::string kTask = std::string("/nodes/pve/tasks/") + kUpid;

  ApiTest() { Open(ApiToken{Secret("root@pam!tofu=0123-obviously-fake")}); }

  void Open(Credentials credentials) {
    auto service = std::make_unique<FakeService>();
    service_ = service.get();
    api_ = std::make_unique<HttpApi>("https://pve.example:8006", std::move(service), std::move(credentials),
                                     clock_);
  }

  CallLimits Limits() const { return {cancel_}; }
  CallLimits Within(absl::Duration time) const { return {cancel_, clock_.Now() + time}; }

  static Reply Upid() { return Data(std::string("\"") + kUpid + "\""); }
  static Reply Running() { return Data(R"({"status": "running", "upid": "x"})"); }
  static Reply Ended(const std::string& exit_status) {
    return Data(R"({"status": "stopped", "exitstatus": ")" + exit_status + R"("})");
  }
  // `request` starts a task that ends at once with `exit_status`.
  void OnTask(const std::string& request, const std::string& exit_status = "OK",
              const std::string& log = R"([{"n": 1, "t": "TASK OK"}])") {
    service_->On(request, Upid());
    service_->On("GET " + kTask + "/status", Ended(exit_status));
    service_->On("GET " + kTask + "/log", Data(log));
  }
  // Two nodes, VM 100 "web" on pve, and VM 101 on pve2, which is offline.
  void OnListing() { service_->On("GET /cluster/resources", Data(kListing)); }

  static constexpr const char* kListing = R"([
    {"type": "node", "id": "node/pve", "node": "pve", "status": "online", "maxcpu": 8, "maxmem": 1073741824},
    {"type": "node", "id": "node/pve2", "node": "pve2", "status": "offline"},
    {"type": "node", "id": "node/pve3", "node": "pve3", "status": "online"},
    {"type": "storage", "id": "storage/pve/local", "storage": "local", "node": "pve", "status": "available"},
    {"type": "lxc", "id": "lxc/150", "vmid": 150, "node": "pve", "status": "running"},
    {"type": "qemu", "id": "qemu/100", "vmid": 100, "node": "pve", "name": "web", "status": "running", "tags": "a;b"},
    {"type": "qemu", "id": "qemu/101", "vmid": 101, "node": "pve2", "name": "db", "status": "unknown"}])";

  ManualClock clock_{absl::FromUnixSeconds(1'795'418'739)};
  CancelToken cancel_;
  FakeService* service_ = nullptr;
  std::unique_ptr<HttpApi> api_;
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_API_FIXTURE_H_
