#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESOURCE_RULES_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESOURCE_RULES_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/backends/nix/batches.h"
#include "provider/backends/nix/evaluator.h"
#include "provider/backends/nix/snapshot.h"
#include "provider/backends/nix/verdict.h"
#include "provider/base/call_limits.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"

namespace fediversity::nix {

struct RulesSettings {
  // The hosting provider's rules: a file, a folder with a default.nix, or a reference to a flake with one.
  // Empty: the rules that are built in.
  std::string environment = {};
  // Where nixpkgs's lib comes from: a folder that holds nixpkgs or its lib, or a reference to a flake. Empty:
  // the stand-in that is built in.
  std::string nixpkgs = {};
  EvaluatorSettings evaluator = {};
};

// Holds configurations of resources against the rules, which are read once, at the first call: all that one
// object judges is judged by the same rules, whatever is edited meanwhile. Thread-safe.
class ResourceRules {
 public:
  ResourceRules(RulesSettings settings, Environment environment, const Logger& log);
  ~ResourceRules();
  ResourceRules(const ResourceRules&) = delete;
  ResourceRules& operator=(const ResourceRules&) = delete;

  // Whether there are rules for a type of resource. All types are named with or without "fediversity_" in
  // front.
  static bool Knows(std::string_view type);

  // Judges one configuration: a JSON object with the names of HCL. null stands for what was left out, and
  // kUnknownJson (nix_json.h) for what is not known yet: what depends on it is not judged. The same goes for
  // secrets and write-only values, which must not be passed on. Whatever the evaluated code does, throw, loop
  // or allocate without bound, is an error in the verdict. A status tells of the rest: FailedPrecondition
  // without Nix, for a flake that cannot be fetched or an environment that cannot be read, InvalidArgument
  // for what is no JSON, Cancelled and DeadlineExceeded at the limits.
  // `otherwise_json`: an object with the values that the provider takes where neither the configuration nor the rules
  // say anything; they are held against the rules, too.
  absl::StatusOr<Verdict> Judge(std::string_view type, std::string_view config_json, const CallLimits& limits,
                                std::string_view otherwise_json = "{}");

  // Mistakes in the environment itself, which every verdict would repeat.
  absl::StatusOr<std::vector<Finding>> CheckEnvironment(const CallLimits& limits);

  // Things worth a warning about how the rules were found, such as a flake that is not pinned. Reads the
  // rules.
  absl::StatusOr<std::vector<std::string>> Notices(const CallLimits& limits);

  Evaluator::Counts counts() const;
  // For other evaluations with the same settings, which may have nixpkgs's lib from where `nixpkgs` says.
  Evaluator& evaluator() { return evaluator_; }
  const RulesSettings& settings() const { return settings_; }

 private:
  // The rules as they were read.
  struct Rules {
    std::vector<Snapshot> sources;  // lib, environment, and the inputs of their flakes
    std::string setup;              // of nix/evaluate.nix, but for `places`
    std::vector<std::string> notices;
    std::unique_ptr<ResultPack> kept;  // answers by the argument
  };
  // What an evaluation takes; where all answers are kept already, nobody needs it.
  struct Prepared {
    EvaluationRequest request;      // but for the argument
    std::vector<Snapshot> sources;  // the library, and those of the rules
  };

  absl::StatusOr<std::shared_ptr<const Rules>> Read(const CallLimits& limits);
  absl::StatusOr<std::shared_ptr<const Prepared>> Prepare(const Rules& rules);
  absl::StatusOr<Rules> ReadNow(const CallLimits& limits);
  // What is wrong with the environment itself, found out once; nullptr where nothing is.
  absl::StatusOr<std::shared_ptr<const Verdict>> Fault(const Rules& rules, const CallLimits& limits);
  absl::StatusOr<Verdict> Ask(const Rules& rules, const std::string& argument, const CallLimits& limits);
  absl::StatusOr<Verdict> AskAlone(const Rules& rules, const std::string& argument, const CallLimits& limits);
  // Asks several questions in one evaluation.
  absl::StatusOr<Batches::Answers> AskTogether(const std::vector<std::string>& arguments,
                                               const CallLimits& limits);
  // Adds to findings about rules that could not be evaluated what Nix says about them, each by itself.
  absl::Status Explain(const Rules& rules, std::string_view question, Verdict& verdict,
                       const CallLimits& limits);
  absl::StatusOr<std::optional<EvaluationError>> ExplainOne(const Rules& rules, std::string argument,
                                                            const CallLimits& limits);

  const RulesSettings settings_;
  const Environment environment_;
  const Logger log_;
  Evaluator evaluator_;
  Batches batches_;

  std::atomic<std::size_t> found_ = 0;  // answers that were kept on disk

  std::mutex preparing_;
  std::shared_ptr<const Prepared> prepared_;

  std::mutex reading_;  // held while the rules are read and the environment is checked; guards what follows
  std::shared_ptr<const Rules> rules_;
  absl::Status refused_;
  bool checked_ = false;
  std::shared_ptr<const Verdict> fault_;

  // Verdicts of this process by type and configuration: a plan asks for the same ones that validation asked
  // for.
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Verdict>> judged_;
  // What Nix said of rules and options that failed, by what was asked.
  std::unordered_map<std::string, std::optional<EvaluationError>> explained_;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESOURCE_RULES_H_
