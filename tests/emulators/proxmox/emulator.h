#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_EMULATOR_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_EMULATOR_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/emulators/common/fault_plan.h"
#include "tests/emulators/common/http_server.h"
#include "tests/emulators/proxmox/cluster.h"
#include "tests/emulators/proxmox/faults.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/support/http_server/test_certificate.h"

namespace fediversity::emulators {

// A request as it was received; `path` is that below /api2/json.
struct LoggedRequest {
  std::string method;
  std::string path;
  Params params;
  std::string who;  // "" before authentication
  int status = 0;   // 0 where the connection was cut
};

// A Proxmox VE cluster at https://127.0.0.1:PORT that behaves as captures of real servers (versions 9.2 and 8.4) say,
// for everything that a resource about virtual machines uses. Thread-safe.
//
//   ProxmoxEmulator proxmox({});
//   Client client(proxmox.Url(), proxmox.Fingerprint(), proxmox.root_token());
//   ...
//   proxmox.AddFault({.action = Fault::Action::kCutAfter, .method = "POST", .path = "/nodes/pve1/qemu"});
//   EXPECT_EQ(proxmox.Count("POST", "/nodes/.*/qemu"), 1);
//
// What is needed besides the API is offered over HTTP, too, under /emulator/ (see control_api.h).
class ProxmoxEmulator {
 public:
  explicit ProxmoxEmulator(Cluster::Settings settings, int port = 0);
  ~ProxmoxEmulator();
  ProxmoxEmulator(const ProxmoxEmulator&) = delete;
  ProxmoxEmulator& operator=(const ProxmoxEmulator&) = delete;

  int port() const { return server_->port(); }
  // "https://127.0.0.1:4711".
  std::string Url() const { return "https://127.0.0.1:" + std::to_string(port()); }
  std::string CertificatePem() const { return certificate_.Pem(); }
  // SHA-256, "A1:B2:...".
  std::string Fingerprint() const { return certificate_.Fingerprint(); }

  // "root@pam!tofu=SECRET", which may do everything but what only root itself may.
  const std::string& root_token() const { return root_token_; }
  // The password of root@pam, for tickets.
  const std::string& root_password() const { return root_password_; }
  // A token of a new user with one role at one path: MakeToken("bob@pve", "t1", "PVEAuditor", "/").
  std::string MakeToken(const std::string& user, const std::string& name, const std::string& role,
                        const std::string& path);

  // Looks at the cluster, or changes it, while no request is served; what is due by then has happened.
  template <typename Act>
  auto With(Act act) {
    std::lock_guard const lock(mutex_);
    cluster_.Settle();
    changed_.notify_all();
    return act(cluster_);
  }

  // Makes the status daemon look at once, so that /cluster/resources is up to date.
  void Refresh();
  // Moves the emulated time on: tasks end, tickets expire, the status daemon looks.
  void Advance(std::chrono::milliseconds time);
  // Ends all running tasks that do not hang, however long they would take.
  void FinishTasks();
  void SetNodeOnline(const std::string& node, bool online);
  // How long each request takes, besides its work.
  void SetRequestLatency(std::chrono::milliseconds latency);
  void SetTaskLatency(std::chrono::milliseconds latency);

  void AddFault(Fault fault);
  void ClearFaults();

  std::vector<LoggedRequest> requests() const;
  void ForgetRequests();
  // How many requests there were of a method ("" for any) with a path that a regular expression matches as a whole.
  int Count(const std::string& method, const std::string& path) const;
  int connections() const { return server_->connections(); }
  int TakeMostOpen() { return server_->TakeMostOpen(); }

  // The ids of all volumes, to find orphans.
  std::vector<std::string> Volumes();
  std::vector<int> Vmids();

 private:
  HttpAnswer Serve(const HttpRequest& request);
  HttpAnswer ServeApi(const HttpRequest& request);
  // Answers the calls that need no authentication, or says who calls.
  Reply Answer(Call& call, const HttpRequest& request, std::unique_lock<std::mutex>& lock);
  Reply Login(const Call& call);
  bool WaitForVm(int vmid, std::unique_lock<std::mutex>& lock);
  void Sleep(std::chrono::milliseconds time, std::unique_lock<std::mutex>& lock);

  testing::TestCertificate certificate_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  Cluster cluster_;
  Router router_;
  FaultPlan<Fault> faults_;
  std::chrono::milliseconds request_latency_{0};
  std::vector<LoggedRequest> requests_;
  std::string root_token_;
  std::string root_password_;
  std::unique_ptr<HttpServer> server_;  // last: it calls into all others
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_EMULATOR_H_
