#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEXT_REPLAY_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEXT_REPLAY_H_

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/proxmox/replay.h"
#include "tests/emulators/proxmox/text_capture.h"

namespace fediversity::emulators {

class TextReplay;

// A capture that was written for people, and what it does not show. Lines are those of the requests, from 1.
struct TextCapture {
  using Act = void (*)(TextReplay&);

  std::string name;
  Version version = Version::kEight;                  // the requests to that server only
  Act furnish = nullptr;                              // what was there before
  std::map<int, Act> before = {};                     // what was done on the server before a request
  std::map<int, std::string_view> left_out = {};      // requests that are not replayed, and why
  std::map<int, std::string_view> log_left_out = {};  // tasks whose log is not compared, and why
};

void PrintTo(const TextCapture& capture, std::ostream* out);

std::vector<TextCapture> TextCaptures();

class TextReplay {
 public:
  explicit TextReplay(TextCapture capture);

  void Run();

  ProxmoxEmulator& emulator() { return replay_.emulator(); }
  Replay& replay() { return replay_; }
  // Who sends what follows.
  void Use(TestClient client) { client_.emplace(std::move(client)); }
  void UseRoot() { Use(replay_.root()); }

 private:
  void Step(const TextExchange& entry);

  TextCapture capture_;
  Replay replay_;
  std::optional<TestClient> client_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEXT_REPLAY_H_
