#include "provider/backends/nix/resource_rules.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "nlohmann/json.hpp"
#include "provider/backends/nix/code_source.h"
#include "provider/backends/nix/library.h"
#include "provider/backends/nix/nix_json.h"
#include "provider/backends/nix/result_cache.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "fediversity_";
constexpr std::size_t kMostVerdicts = 20'000;
constexpr std::size_t kMostExplanations = 20;
constexpr std::size_t kMostTogether = 32;

std::string_view ShortType(std::string_view type) {
  if (type.starts_with(kPrefix)) type.remove_prefix(kPrefix.size());
  return type;
}

std::string Quoted(std::string_view text) { return json(text).dump(); }

// What kept the rules from being evaluated, as one error of the configuration.
Finding FromError(const EvaluationError& error, const std::vector<Snapshot>& sources) {
  Finding finding;
  finding.message =
      Cat({"The rules cannot be evaluated (", ToWord(error.kind), "): ", Named(sources, error.message)});
  if (!error.option.empty()) finding.message += Cat({"\nWhile evaluating the option ", error.option, "."});
  finding.file = Named(sources, error.file);
  finding.line = error.line;
  return finding;
}

}  // namespace

ResourceRules::ResourceRules(RulesSettings settings, Environment environment, const Logger& log)
    : settings_(std::move(settings)),
      environment_(std::move(environment)),
      log_(log.Named("nix")),
      evaluator_(settings_.evaluator, environment_, log_),
      batches_([this](const std::vector<std::string>& arguments,
                      const CallLimits& limits) { return AskTogether(arguments, limits); },
               evaluator_.workers(), kMostTogether) {}

ResourceRules::~ResourceRules() = default;

Evaluator::Counts ResourceRules::counts() const {
  Evaluator::Counts counts = evaluator_.counts();
  counts.from_cache += found_;
  return counts;
}

bool ResourceRules::Knows(std::string_view type) { return HasRules(ShortType(type)); }

absl::StatusOr<ResourceRules::Rules> ResourceRules::ReadNow(const CallLimits& limits) {
  Rules rules;
  json setup = json::object();
  for (auto const& [setting, name, reference] :
       {std::tuple("nixpkgs", "lib", &settings_.nixpkgs),
        std::tuple("environment", "environment", &settings_.environment)}) {
    if (reference->empty()) continue;
    ASSIGN_OR_RETURN(CodeSource source,
                     FindCode(evaluator_, *reference, Cat({"nix.", setting}), log_, limits));
    RETURN_IF_ERROR(CheckImportable(source, Cat({"nix.", setting})));
    setup[name] = source.snapshots.front().entry;
    if (!source.flake.empty() && name == std::string_view("environment"))
      setup["flake"] = json::parse(source.flake);
    std::ranges::move(source.notices, std::back_inserter(rules.notices));
    std::ranges::move(source.snapshots, std::back_inserter(rules.sources));
  }
  rules.setup = setup.dump();
  std::string identity = HashOf({settings_.nixpkgs.empty() ? "stand-in" : "lib", LibraryHash()});
  for (const Snapshot& source : rules.sources) identity = HashOf({identity, source.hash, source.named});
  ASSIGN_OR_RETURN(rules.kept, evaluator_.OpenPack(identity, limits));
  return rules;
}

absl::StatusOr<std::shared_ptr<const ResourceRules::Prepared>> ResourceRules::Prepare(const Rules& rules) {
  std::lock_guard const lock(preparing_);
  if (prepared_ != nullptr) return prepared_;
  ASSIGN_OR_RETURN(Workspace * workspace, evaluator_.workspace());
  ASSIGN_OR_RETURN(Snapshot library, UnpackLibrary(*workspace));
  Prepared prepared;
  prepared.request.file = library.entry + "/evaluate.nix";
  prepared.sources.push_back(std::move(library));
  prepared.sources.insert(prepared.sources.end(), rules.sources.begin(), rules.sources.end());
  json places = json::array();
  for (const Snapshot& source : prepared.sources) {
    places.push_back({{"prefix", source.root + "/"}, {"name", source.named}});
    prepared.request.roots.push_back(source.root);
  }
  json setup = json::parse(rules.setup);
  setup["places"] = std::move(places);
  prepared.request.setup = setup.dump();
  prepared_ = std::make_shared<const Prepared>(std::move(prepared));
  return prepared_;
}

absl::StatusOr<std::shared_ptr<const ResourceRules::Rules>> ResourceRules::Read(const CallLimits& limits) {
  std::lock_guard const lock(reading_);
  if (rules_ != nullptr) return rules_;
  RETURN_IF_ERROR(refused_);
  absl::StatusOr<Rules> rules = ReadNow(limits);
  if (rules.ok()) {
    rules_ = std::make_shared<const Rules>(*std::move(rules));
    return rules_;
  }
  // A refusal is remembered: a thousand resources do not fetch the same missing flake. An interrupt is not.
  if (!absl::IsCancelled(rules.status()) && !absl::IsDeadlineExceeded(rules.status()))
    refused_ = rules.status();
  return rules.status();
}

absl::StatusOr<Batches::Answers> ResourceRules::AskTogether(const std::vector<std::string>& arguments,
                                                            const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Rules> const rules, Read(limits));
  ASSIGN_OR_RETURN(std::shared_ptr<const Prepared> const prepared, Prepare(*rules));
  EvaluationRequest request = prepared->request;
  request.explain = false;
  request.argument = Cat({R"({"batch":[)", Join(arguments, ","), "]}"});
  ASSIGN_OR_RETURN(Evaluation const evaluation, evaluator_.Evaluate(request, limits));
  Batches::Answers answers(arguments.size());
  // One that ends the evaluation ends it for all: each is then asked by itself.
  if (evaluation.error.has_value()) return answers;
  json const texts = json::parse(evaluation.json, nullptr, /*allow_exceptions=*/false);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (texts.is_array() && i < texts.size() && texts[i].is_string())
      answers[i] = texts[i].get<std::string>();
  }
  return answers;
}

absl::StatusOr<Verdict> ResourceRules::Ask(const Rules& rules, const std::string& argument,
                                           const CallLimits& limits) {
  if (std::optional<std::string> const kept = rules.kept->Find(argument)) {
    ++found_;
    return ReadVerdict(*kept);
  }
  ASSIGN_OR_RETURN(std::optional<std::string> const answer, batches_.Ask(argument, limits));
  if (!answer.has_value()) return AskAlone(rules, argument, limits);
  rules.kept->Put(argument, *answer);
  return ReadVerdict(*answer);
}

absl::StatusOr<Verdict> ResourceRules::AskAlone(const Rules& rules, const std::string& argument,
                                                const CallLimits& limits) {
  if (std::optional<std::string> const kept = rules.kept->Find(argument)) {
    ++found_;
    return ReadVerdict(*kept);
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Prepared> const prepared, Prepare(rules));
  EvaluationRequest request = prepared->request;
  request.argument = argument;
  ASSIGN_OR_RETURN(Evaluation const evaluation, evaluator_.Evaluate(request, limits));
  if (!evaluation.error.has_value()) {
    rules.kept->Put(argument, evaluation.json);
    return ReadVerdict(evaluation.json);
  }
  Verdict verdict;
  verdict.errors.push_back(FromError(*evaluation.error, prepared->sources));
  return verdict;
}

absl::StatusOr<std::optional<EvaluationError>> ResourceRules::ExplainOne(const Rules& rules,
                                                                         std::string argument,
                                                                         const CallLimits& limits) {
  {
    std::lock_guard const lock(mutex_);
    if (auto const found = explained_.find(argument); found != explained_.end()) return found->second;
    // Each takes a process: a rule that fails for a thousand resources is not explained for all of them.
    if (explained_.size() >= kMostExplanations) return std::nullopt;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Prepared> const prepared, Prepare(rules));
  EvaluationRequest request = prepared->request;
  request.argument = argument;
  ASSIGN_OR_RETURN(Evaluation evaluation, evaluator_.Evaluate(request, limits));
  std::lock_guard const lock(mutex_);
  return explained_.emplace(std::move(argument), std::move(evaluation.error)).first->second;
}

absl::Status ResourceRules::Explain(const Rules& rules, std::string_view question, Verdict& verdict,
                                    const CallLimits& limits) {
  for (std::vector<Finding>* const findings : {&verdict.errors, &verdict.environment_errors}) {
    for (Finding& finding : *findings) {
      std::string argument;
      if (!finding.failed_rule.empty()) {
        argument = Cat({"{", question, R"(,"rule":)", Quoted(finding.failed_rule), "}"});
      } else if (!finding.failed_option.empty()) {
        argument = json{{"option", finding.failed_option}}.dump();
      } else {
        continue;
      }
      ASSIGN_OR_RETURN(std::optional<EvaluationError> const error, ExplainOne(rules, argument, limits));
      if (!error.has_value()) continue;
      ASSIGN_OR_RETURN(std::shared_ptr<const Prepared> const prepared, Prepare(rules));
      finding.message += Cat({" Nix says: ", Named(prepared->sources, error->message)});
      // Where it was thrown is closer to the mistake than where the rule begins; our own library is not.
      std::string file = Named(prepared->sources, error->file);
      if (!file.empty() && !file.starts_with(kLibraryName)) {
        finding.file = std::move(file);
        finding.line = error->line;
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const Verdict>> ResourceRules::Fault(const Rules& rules,
                                                                    const CallLimits& limits) {
  std::lock_guard const lock(reading_);
  if (checked_) return fault_;
  ASSIGN_OR_RETURN(Verdict verdict, AskAlone(rules, "{}", limits));
  RETURN_IF_ERROR(Explain(rules, R"("config":{})", verdict, limits));
  if (!verdict.ok()) fault_ = std::make_shared<const Verdict>(std::move(verdict));
  checked_ = true;
  return fault_;
}

absl::StatusOr<Verdict> ResourceRules::Judge(std::string_view type, std::string_view config_json,
                                             const CallLimits& limits, std::string_view otherwise_json) {
  type = ShortType(type);
  if (!HasRules(type)) {
    return absl::UnimplementedError(ToAbsl(Cat(
        {"There are no rules for ", kPrefix, type, "\nThe Nix library of this provider does not know it."})));
  }
  ASSIGN_OR_RETURN(std::string const config, ToNixJson(config_json));
  ASSIGN_OR_RETURN(std::string const otherwise, ToNixJson(otherwise_json));
  std::string key = Cat({R"("type":)", Quoted(type), R"(,"config":)", config});
  if (otherwise != "{}") key += Cat({R"(,"otherwise":)", otherwise});
  {
    std::lock_guard const lock(mutex_);
    if (auto const found = judged_.find(key); found != judged_.end()) return *found->second;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Rules> const rules, Read(limits));
  ASSIGN_OR_RETURN(Verdict verdict, Ask(*rules, Cat({"{", key, "}"}), limits));
  RETURN_IF_ERROR(Explain(*rules, key, verdict, limits));
  std::lock_guard const lock(mutex_);
  if (judged_.size() >= kMostVerdicts) judged_.clear();
  judged_.emplace(std::move(key), std::make_shared<const Verdict>(verdict));
  return verdict;
}

absl::StatusOr<std::vector<Finding>> ResourceRules::CheckEnvironment(const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Rules> const rules, Read(limits));
  ASSIGN_OR_RETURN(std::shared_ptr<const Verdict> const fault, Fault(*rules, limits));
  if (fault == nullptr) return std::vector<Finding>();
  std::vector<Finding> findings = fault->environment_errors;
  findings.insert(findings.end(), fault->errors.begin(), fault->errors.end());
  return findings;
}

absl::StatusOr<std::vector<std::string>> ResourceRules::Notices(const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Rules> const rules, Read(limits));
  return rules->notices;
}

}  // namespace fediversity::nix
