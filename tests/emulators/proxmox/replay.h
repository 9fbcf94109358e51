#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_REPLAY_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_REPLAY_H_

#include <string>

#include "tests/emulators/proxmox/test_client.h"
#include "tests/emulators/proxmox/volatile_fields.h"

namespace fediversity::emulators {

// A request that a real server was sent, and what it answered.
struct Exchange {
  std::string method;
  std::string path;
  Params params = {};
  int status = 0;
  std::string reason = {};
  Json answer = {};        // null where there is none
  bool has_answer = true;  // else it was cut short in the capture
};

// Sends captured requests to an emulator that is set up as the captured servers were: one node whose guests are empty
// disks. Every difference between the answers fails the test.
class Replay {
 public:
  explicit Replay(Version version);

  ProxmoxEmulator& emulator() { return emulator_; }
  TestClient& root() { return root_; }
  CaptureComparison& comparison() { return comparison_; }

  void Send(const Exchange& exchange, const TestClient& client);
  // As Send does where the answer is at hand already.
  void Compare(const Exchange& exchange, const TestAnswer& answer);
  // A file on the storage "local".
  void AddFile(const std::string& id, int vmid, const std::string& content, const std::string& format,
               std::uint64_t size, std::uint64_t used = 4096);

 private:
  std::string PathOf(const std::string& captured) const;

  ProxmoxEmulator emulator_;
  TestClient root_;
  CaptureComparison comparison_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_REPLAY_H_
