#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_FAULTS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_FAULTS_H_

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "tests/emulators/proxmox/api.h"

namespace fediversity::emulators {

// Something that goes wrong, at the `nth` matching request after it was asked for and at the `times - 1` that follow.
struct Fault {
  enum class Action {
    kAnswerBefore,   // the answer below, and nothing else happens
    kAnswerAfter,    // the request has its effect, and yet the answer is this one
    kCutBefore,      // the connection ends without an answer and without an effect
    kCutAfter,       // it ends without an answer after the effect
    kCutInside,      // it ends in the middle of the answer, after the effect
    kDelay,          // the request takes `delay` longer
    kFailTask,       // the task that the request starts fails with `message` and has no effect
    kFailTaskAfter,  // the task has its effect and fails all the same
    kWarnTask,       // the task has its effect and ends with "WARNINGS: 1"
    kHangTask,       // the task never ends by itself
  };

  Action action = Action::kAnswerBefore;
  std::string method = {};  // any, where it is empty
  std::string path = ".*";  // a pattern for the whole path, as in "/nodes/[^/]+/qemu/100/config"
  int nth = 1;
  int times = 1;
  int status = 500;
  // Where `message` of an answer stands.
  enum class Body {
    kUsual,   // in the reason phrase and, but for 401 and proxy errors, in the body
    kAlways,  // in both: what some servers do for 401
    kReason,  // in the reason phrase alone, as servers before 2025 had it
  };
  Body body = Body::kUsual;
  std::map<std::string, std::string> errors = {};  // by parameter, of a 400
  std::string message = "emulated failure";        // of the answer or the task
  std::chrono::milliseconds delay{0};
  std::function<void()> on_strike = {};  // called before anything of it happens; must not ask the emulator
};

// The answer that a fault asks for.
Reply ReplyOf(const Fault& fault);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_FAULTS_H_
