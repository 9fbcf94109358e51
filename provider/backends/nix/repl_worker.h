#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_REPL_WORKER_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_REPL_WORKER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/backends/nix/workspace.h"
#include "provider/base/call_limits.h"
#include "provider/base/subprocess.h"

namespace fediversity::nix {

// What came of one line of input.
struct ReplReply {
  enum class End : std::uint8_t {
    kAnswered,  // both streams are complete, and the process waits for the next line
    kEnded,     // the process ended in the middle
    // The line made Nix read something that ends too early, an imported file for one, and it waits for more.
    kIncomplete,
    kTimeout,  // it was still evaluating when the time for one evaluation was up
  };
  End end = End::kAnswered;
  std::string output;  // as written, with echo and colours
  std::string error;
  bool cut = false;  // output was longer than is kept, and is not there
};

struct WorkerLimits {
  absl::Duration evaluation = absl::Seconds(10);   // longest time for one evaluation
  std::uint64_t memory = std::uint64_t{2} << 30U;  // bytes of address space of one evaluator
  std::size_t output = std::size_t{64} << 20U;     // bytes kept of what an evaluation writes
};

// One `nix repl` on pipes. Not thread-safe. After anything but kAnswered, or a failed status, it is of no
// more use.
class ReplWorker {
 public:
  static absl::StatusOr<ReplWorker> Start(const Command& command, const WorkerLimits& limits);

  // Evaluates one line of Nix, which must be complete by itself and hold nothing from outside. Cancelled and
  // DeadlineExceeded at the caller's limits.
  absl::StatusOr<ReplReply> Ask(std::string_view line, const CallLimits& call);

  // Bytes of memory it holds now; 0 once it has ended.
  std::uint64_t ResidentBytes() const;
  pid_t pid() const { return process_.pid(); }
  std::size_t asked() const { return asked_; }
  // Names that were bound in this process, by what they stand for.
  std::map<std::pair<std::string, std::string>, std::string>& bound() { return bound_; }

 private:
  ReplWorker(Subprocess process, const WorkerLimits& limits, std::string nonce)
      : process_(std::move(process)),
        limits_(limits),
        nonce_(std::move(nonce)) {}

  Subprocess process_;
  WorkerLimits limits_;
  std::string nonce_;  // unknown to evaluated code, so that it cannot write the mark that ends an answer
  std::size_t asked_ = 0;
  std::map<std::pair<std::string, std::string>, std::string> bound_;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_REPL_WORKER_H_
