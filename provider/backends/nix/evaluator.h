#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_EVALUATOR_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_EVALUATOR_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/nix/evaluation.h"
#include "provider/backends/nix/installation.h"
#include "provider/backends/nix/repl_worker.h"
#include "provider/backends/nix/result_cache.h"
#include "provider/backends/nix/result_pack.h"
#include "provider/backends/nix/workspace.h"
#include "provider/base/call_limits.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"
#include "provider/http/permits.h"

namespace fediversity::nix {

struct EvaluatorSettings {
  int workers = 0;  // processes that evaluate at the same time; 0: as many as processors, at most 4
  WorkerLimits limits = {};
  // A process is replaced after so many evaluations, or once it holds so much memory.
  std::size_t evaluations_per_process = 5000;
  std::uint64_t resident_bytes = std::uint64_t{450} << 20U;
  bool persistent = true;  // false: a process for each evaluation
  bool cache = true;       // whether results are kept on disk
};

// Evaluates Nix in processes that are started when first needed and kept. Evaluated code reads nothing but
// the roots and reaches no network, no store and no build; it is stopped at the limits. Thread-safe.
class Evaluator {
 public:
  // Starts nothing yet. `environment`: PATH, TMPDIR and the folders of the user.
  Evaluator(EvaluatorSettings settings, Environment environment, Logger log);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // The result of the evaluated code, or what is wrong with it, is data. A status tells of us:
  // FailedPrecondition without Nix, Cancelled and DeadlineExceeded at the caller's limits, others for the
  // system.
  absl::StatusOr<Evaluation> Evaluate(const EvaluationRequest& request, const CallLimits& limits);

  // Where results on disk are kept together that all come from `identity` (EvaluationRequest) and differ in their
  // arguments. The evaluator outlives it.
  absl::StatusOr<std::unique_ptr<ResultPack>> OpenPack(std::string_view identity, const CallLimits& limits);

  // How many evaluations run at the same time.
  int workers() const;

  // The folder that evaluators can read inputs from; made at the first call.
  absl::StatusOr<Workspace*> workspace();
  // Where Nix is, looked for once. FailedPrecondition without Nix.
  absl::StatusOr<Installation> FindInstallation();
  // Its version, asked for once and remembered on disk. FailedPrecondition without Nix.
  absl::StatusOr<std::string> Version(const CallLimits& limits);

  // What was done so far: for tests, benchmarks and the log.
  struct Counts {
    std::size_t evaluations = 0;
    std::size_t from_cache = 0;
    std::size_t processes = 0;  // persistent ones that were started
    std::size_t one_shots = 0;
  };
  Counts counts() const;

 private:
  struct Worker {
    std::vector<std::string> roots;
    ReplWorker repl;
  };

  // The result that is kept for the request, if there is one, and a result to keep for it.
  absl::StatusOr<std::optional<std::string>> FindKept(const EvaluationRequest& request,
                                                      const CallLimits& limits);
  absl::Status Keep(const EvaluationRequest& request, std::string_view json, const CallLimits& limits);
  absl::StatusOr<std::string> CacheKey(const EvaluationRequest& request, const CallLimits& limits);
  absl::StatusOr<Evaluation> EvaluateNow(const EvaluationRequest& request, const CallLimits& limits);
  absl::StatusOr<Evaluation> EvaluateOnce(const EvaluationRequest& request, const CallLimits& limits);
  // The answer of one worker; nullopt where it died without a word.
  absl::StatusOr<std::optional<Evaluation>> EvaluateInWorker(const EvaluationRequest& request,
                                                             const CallLimits& limits);
  // An idle worker that reads the same roots, or a new one.
  absl::StatusOr<Worker> TakeWorker(const EvaluationRequest& request);
  void GiveBack(std::optional<Worker> worker);
  // The file that holds `setup`, which evaluators may read at any time.
  absl::StatusOr<std::string> SetupFile(const std::string& setup);

  const EvaluatorSettings settings_;
  const Environment environment_;
  const Logger log_;
  http::Permits permits_;
  ResultCache cache_;

  mutable std::mutex mutex_;  // guards what follows; not held while Nix works
  std::optional<Installation> installation_;
  std::optional<std::string> version_;
  std::unique_ptr<Workspace> workspace_;
  std::map<std::string, TemporaryFile> setups_;
  std::deque<Worker> idle_;  // the one used last comes first
  int busy_ = 0;
  Counts counts_;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_EVALUATOR_H_
