#include "provider/backends/nix/evaluator.h"

#include <sys/utsname.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "provider/backends/nix/error_report.h"
#include "provider/backends/nix/repl_text.h"
#include "provider/base/status_macros.h"
#include "provider/base/subprocess.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

int WorkerCount(int wanted) {
  constexpr int kMost = 4;
  if (wanted > 0) return wanted;
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMost);
}

// `text` as a string of the Nix language, on one line.
std::string NixString(std::string_view text) {
  std::string literal = "\"";
  for (char const c : text) {
    switch (c) {
      case '\n': literal += "\\n"; break;
      case '\r': literal += "\\r"; break;
      case '"':
      case '\\':
      case '$': literal += '\\'; [[fallthrough]];
      default: literal += c;
    }
  }
  return literal + "\"";
}

std::string NixJson(std::string_view path) {
  return Cat({"(builtins.fromJSON (builtins.readFile ", NixString(path), "))"});
}

std::string NixFunction(const EvaluationRequest& request, std::string_view setup_path) {
  return Cat({"import (/. + ", NixString(request.file), ") ", NixJson(setup_path)});
}

Evaluation Failed(EvaluationError error) { return {.error = std::move(error)}; }

std::string Seconds(absl::Duration duration) { return absl::FormatDuration(duration); }

EvaluationError TimedOut(const WorkerLimits& limits) {
  return {.kind = ErrorKind::kTimeout,
          .message = Cat({"the evaluation did not end within ", Seconds(limits.evaluation),
                          ", the limit for one evaluation; it probably never would"})};
}

// Nix says no more than that memory or stack ran out.
EvaluationError Explained(EvaluationError error, const WorkerLimits& limits) {
  if (error.kind == ErrorKind::kOutOfMemory) {
    error.message += Cat({": the evaluation wanted more than ", std::to_string(limits.memory >> 20U),
                          " MiB, the limit for an evaluator"});
  }
  return error;
}

EvaluationError TooLong(const WorkerLimits& limits) {
  return {.kind = ErrorKind::kOther,
          .message = Cat({"the result is longer than ", std::to_string(limits.output >> 20U), " MiB"})};
}

std::string SystemName() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return Cat({name.machine, "-", name.sysname});
}

}  // namespace

Evaluator::Evaluator(EvaluatorSettings settings, Environment environment, Logger log)
    : settings_(settings),
      environment_(std::move(environment)),
      log_(std::move(log)),
      permits_(WorkerCount(settings.workers)),
      cache_(environment_, settings.cache) {}

Evaluator::~Evaluator() = default;

absl::StatusOr<Installation> Evaluator::FindInstallation() {
  std::lock_guard const lock(mutex_);
  if (!installation_.has_value()) {
    ASSIGN_OR_RETURN(installation_, FindNix(environment_));
  }
  return *installation_;
}

absl::StatusOr<Workspace*> Evaluator::workspace() {
  std::lock_guard const lock(mutex_);
  if (workspace_ == nullptr) {
    ASSIGN_OR_RETURN(workspace_, Workspace::Create(environment_));
  }
  return workspace_.get();
}

absl::StatusOr<std::string> Evaluator::Version(const CallLimits& limits) {
  ASSIGN_OR_RETURN(Installation const installation, FindInstallation());
  {
    std::lock_guard const lock(mutex_);
    if (version_.has_value()) return *version_;
  }
  std::string const key = HashOf({"version", installation.identity});
  std::optional<std::string> version = cache_.Find(key);
  if (!version.has_value()) {
    ASSIGN_OR_RETURN(version, AskVersion(installation, limits));
    cache_.Put(key, *version);
  }
  std::lock_guard const lock(mutex_);
  version_ = version;
  return *std::move(version);
}

Evaluator::Counts Evaluator::counts() const {
  std::lock_guard const lock(mutex_);
  return counts_;
}

absl::StatusOr<std::string> Evaluator::CacheKey(const EvaluationRequest& request, const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::string const version, Version(limits));
  return HashOf({"evaluation", request.identity, request.argument, SystemName(), version});
}

absl::StatusOr<std::unique_ptr<ResultPack>> Evaluator::OpenPack(std::string_view identity,
                                                                const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::string const version, Version(limits));
  return std::make_unique<ResultPack>(cache_, HashOf({"pack", identity, SystemName(), version}));
}

int Evaluator::workers() const { return WorkerCount(settings_.workers); }

absl::StatusOr<std::optional<std::string>> Evaluator::FindKept(const EvaluationRequest& request,
                                                               const CallLimits& limits) {
  if (!cache_.enabled() || request.identity.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(std::string const key, CacheKey(request, limits));
  std::optional<std::string> found = cache_.Find(key);
  if (found.has_value()) {
    std::lock_guard const lock(mutex_);
    ++counts_.from_cache;
  }
  return found;
}

absl::Status Evaluator::Keep(const EvaluationRequest& request, std::string_view json,
                             const CallLimits& limits) {
  if (!cache_.enabled() || request.identity.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string const key, CacheKey(request, limits));
  cache_.Put(key, json);
  return absl::OkStatus();
}

absl::StatusOr<Evaluation> Evaluator::Evaluate(const EvaluationRequest& request, const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::optional<std::string> kept, FindKept(request, limits));
  if (kept.has_value()) return Evaluation{.json = *std::move(kept), .from_cache = true};
  ASSIGN_OR_RETURN(http::Permits::Permit const permit,
                   permits_.Acquire(limits, "waiting for a Nix evaluator"));
  ASSIGN_OR_RETURN(Evaluation evaluation, EvaluateNow(request, limits));
  if (!evaluation.error.has_value()) RETURN_IF_ERROR(Keep(request, evaluation.json, limits));
  return evaluation;
}

absl::StatusOr<Evaluation> Evaluator::EvaluateNow(const EvaluationRequest& request,
                                                  const CallLimits& limits) {
  {
    std::lock_guard const lock(mutex_);
    ++counts_.evaluations;
  }
  if (!settings_.persistent) return EvaluateOnce(request, limits);
  // A process that dies without a word may have been the victim of something else: the next one is asked
  // once.
  ASSIGN_OR_RETURN(std::optional<Evaluation> answered, EvaluateInWorker(request, limits));
  if (answered.has_value()) return *std::move(answered);
  log_.Warn("a Nix evaluator ended in the middle of an evaluation, which is tried again");
  ASSIGN_OR_RETURN(answered, EvaluateInWorker(request, limits));
  if (answered.has_value()) return *std::move(answered);
  return EvaluateOnce(request, limits);
}

absl::StatusOr<std::optional<Evaluation>> Evaluator::EvaluateInWorker(const EvaluationRequest& request,
                                                                      const CallLimits& limits) {
  ASSIGN_OR_RETURN(Workspace * files, workspace());
  ASSIGN_OR_RETURN(TemporaryFile const argument, files->WriteInput(request.argument));
  ASSIGN_OR_RETURN(std::string const setup, SetupFile(request.setup));
  ASSIGN_OR_RETURN(Worker taken, TakeWorker(request));
  std::optional<Worker> worker = std::move(taken);

  // The function is bound to a name in the process, so that Nix keeps what it has computed for `setup`.
  auto& bound = worker->repl.bound();
  auto const [entry, is_new] =
      bound.try_emplace({request.file, request.setup}, Cat({"f", std::to_string(bound.size())}));
  std::string line = Cat({"builtins.toJSON (", entry->second, " ", NixJson(argument.path()), ")"});
  if (is_new) line = Cat({entry->second, " = ", NixFunction(request, setup), "\n", line});

  absl::StatusOr<ReplReply> const reply = worker->repl.Ask(line, limits);
  bool const usable = reply.ok() && reply->end == ReplReply::End::kAnswered && !reply->cut &&
                      worker->repl.asked() < settings_.evaluations_per_process &&
                      worker->repl.ResidentBytes() < settings_.resident_bytes;
  if (!usable) worker.reset();
  GiveBack(std::move(worker));
  RETURN_IF_ERROR(reply.status());

  if (reply->end == ReplReply::End::kTimeout) return Failed(TimedOut(settings_.limits));
  if (reply->end == ReplReply::End::kEnded) {
    EvaluationError error = ReadErrorReport(reply->error);
    if (error.kind == ErrorKind::kStackOverflow || error.kind == ErrorKind::kOutOfMemory) {
      return Failed(Explained(std::move(error), settings_.limits));
    }
    log_.Debug("a Nix evaluator ended", {{"said", error.message}});
    return std::nullopt;
  }
  if (reply->cut) return Failed(TooLong(settings_.limits));
  if (auto value = FindStringValue(reply->output)) return Evaluation{.json = *std::move(value)};
  if (!request.explain) return Failed({.message = "the evaluation failed"});
  // What `nix repl` writes about an error differs between versions; a process of its own tells it as data.
  return EvaluateOnce(request, limits);
}

absl::StatusOr<Evaluation> Evaluator::EvaluateOnce(const EvaluationRequest& request,
                                                   const CallLimits& limits) {
  ASSIGN_OR_RETURN(Installation const installation, FindInstallation());
  ASSIGN_OR_RETURN(Workspace * files, workspace());
  ASSIGN_OR_RETURN(TemporaryFile const argument, files->WriteInput(request.argument));
  ASSIGN_OR_RETURN(std::string const setup, SetupFile(request.setup));
  ASSIGN_OR_RETURN(
      TemporaryFile const expression,
      files->WriteInput(Cat({NixFunction(request, setup), " ", NixJson(argument.path()), "\n"})));
  {
    std::lock_guard const lock(mutex_);
    ++counts_.one_shots;
  }
  absl::Time const evaluated_by = absl::Now() + settings_.limits.evaluation;
  absl::StatusOr<CommandResult> result =
      RunCommand(files->OnceCommand(installation, request.roots, settings_.limits.memory, expression.path()),
                 "", limits.cancel, std::min(limits.deadline, evaluated_by), settings_.limits.output);
  if (absl::IsDeadlineExceeded(result.status()) && evaluated_by <= limits.deadline) {
    return Failed(TimedOut(settings_.limits));
  }
  RETURN_IF_ERROR(result.status());
  // A process that fails half way has written half of the JSON.
  if (!result->status.ok()) {
    EvaluationError error = Explained(ReadErrorReport(result->error), settings_.limits);
    if (error.kind == ErrorKind::kDied) {
      error.message = Cat({"the evaluator ended with ", result->status.ToString(),
                           error.message.empty() ? "" : " and said: ", error.message});
    }
    return Failed(std::move(error));
  }
  if (result->cut) return Failed(TooLong(settings_.limits));
  while (result->output.ends_with('\n')) result->output.pop_back();
  return Evaluation{.json = std::move(result->output)};
}

absl::StatusOr<Evaluator::Worker> Evaluator::TakeWorker(const EvaluationRequest& request) {
  ASSIGN_OR_RETURN(Installation const installation, FindInstallation());
  ASSIGN_OR_RETURN(Workspace const* const files, workspace());
  std::optional<Worker> surplus;  // ends outside the lock
  {
    std::lock_guard const lock(mutex_);
    auto const same = std::find_if(idle_.begin(), idle_.end(), [&request](const Worker& worker) {
      return worker.roots == request.roots;
    });
    if (same != idle_.end()) {
      Worker worker = std::move(*same);
      idle_.erase(same);
      ++busy_;
      return worker;
    }
    if (!idle_.empty() && static_cast<int>(idle_.size()) + busy_ >= WorkerCount(settings_.workers)) {
      surplus = std::move(idle_.back());
      idle_.pop_back();
    }
    ++counts_.processes;
  }
  ASSIGN_OR_RETURN(ReplWorker repl,
                   ReplWorker::Start(files->ReplCommand(installation, request.roots, settings_.limits.memory),
                                     settings_.limits));
  std::lock_guard const lock(mutex_);
  ++busy_;
  return Worker{request.roots, std::move(repl)};
}

void Evaluator::GiveBack(std::optional<Worker> worker) {
  std::lock_guard const lock(mutex_);
  --busy_;
  if (worker.has_value()) idle_.push_front(*std::move(worker));
}

absl::StatusOr<std::string> Evaluator::SetupFile(const std::string& setup) {
  ASSIGN_OR_RETURN(Workspace * files, workspace());
  std::lock_guard const lock(mutex_);
  auto found = setups_.find(setup);
  if (found == setups_.end()) {
    ASSIGN_OR_RETURN(TemporaryFile file, files->WriteInput(setup));
    found = setups_.emplace(setup, std::move(file)).first;
  }
  return found->second.path();
}

}  // namespace fediversity::nix
