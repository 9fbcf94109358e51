#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEST_CLIENT_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEST_CLIENT_H_

#include <string>

#include "tests/emulators/proxmox/emulator.h"

namespace fediversity::emulators {

struct TestAnswer {
  int status = 0;  // 0: the connection ended without an answer
  std::string reason;
  Json body;  // null where there is none

  Json data() const { return body.is_object() ? body.value("data", Json()) : Json(); }
  std::string message() const { return body.is_object() ? body.value("message", "") : ""; }
};

// Talks to an emulator as curl does, over a new connection for each request.
class TestClient {
 public:
  // Authorization, Cookie and CSRFPreventionToken, where not empty.
  struct Credentials {
    std::string authorization;
    std::string cookie = {};
    std::string csrf = {};
  };

  explicit TestClient(ProxmoxEmulator& emulator);
  TestClient(ProxmoxEmulator& emulator, Credentials credentials)
      : emulator_(emulator),
        credentials_(std::move(credentials)) {}

  // The parameters go into the query of GET and DELETE, else into a form.
  TestAnswer Send(const std::string& method, const std::string& path, const Params& params = {}) const;
  TestAnswer SendBody(const std::string& method, const std::string& path, const std::string& body,
                      const std::string& type) const;
  // As Send, below another root than /api2/json.
  TestAnswer SendTo(const std::string& api, const std::string& method, const std::string& path,
                    const Params& params) const;
  TestAnswer Get(const std::string& path, const Params& params = {}) const {
    return Send("GET", path, params);
  }
  TestAnswer Put(const std::string& path, const Params& params = {}) const {
    return Send("PUT", path, params);
  }
  TestAnswer Post(const std::string& path, const Params& params = {}) const {
    return Send("POST", path, params);
  }
  TestAnswer Delete(const std::string& path, const Params& params = {}) const {
    return Send("DELETE", path, params);
  }

  // Starts a task, lets it end and returns how; an answer that is no UPID in words.
  std::string Run(const std::string& method, const std::string& path, const Params& params = {}) const;
  // The configuration of a VM on the first node.
  Json Config(int vmid, const Params& params = {}) const;
  // Logs in with a password.
  TestClient As(const std::string& user, const std::string& password) const;

 private:
  ProxmoxEmulator& emulator_;
  Credentials credentials_;
  std::string root_ = "/api2/json";
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEST_CLIENT_H_
