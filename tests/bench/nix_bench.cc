// What Nix costs: one evaluation in a process that is kept, and the rules of a whole plan.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "provider/backends/nix/evaluator.h"
#include "provider/backends/nix/resource_rules.h"
#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

namespace fs = std::filesystem;

// A folder that is removed at the end, with the cache and the temporary files of one benchmark.
class Folder {
 public:
  Folder() : path_((fs::temp_directory_path() / "nix-bench-XXXXXX").native()) {
    if (mkdtemp(path_.data()) == nullptr) std::abort();
    fs::create_directories(path_ + "/tmp");
    fs::create_directories(path_ + "/rules");
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ + "/" + name) << text;
    return path_ + "/" + name;
  }
  Environment Variables() const {
    return [path = path_](const std::string& name) -> std::optional<std::string> {
      if (name == "XDG_CACHE_HOME") return path + "/cache";
      if (name == "TMPDIR") return path + "/tmp";
      return ProcessEnvironment()(name);
    };
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// An evaluation of 20 modules that is made anew for each request: nothing of it depends on the setup alone.
constexpr const char* kModules = R"(
setup:
let
  lib = import (/. + setup.lib);
  inherit (lib) mkOption types;
  module = n: argument: {
    options."service${toString n}" = {
      enable = mkOption { type = types.bool; default = false; };
      port = mkOption { type = types.port; default = 8000 + n; };
      names = mkOption { type = types.listOf types.str; default = [ ]; };
      extra = mkOption { type = types.attrsOf types.str; default = { }; };
    };
    config."service${toString n}" = {
      enable = true;
      names = [ argument.name "n${toString n}" ];
      extra.key = argument.name;
    };
  };
in
argument:
let
  evaluated = lib.evalModules { modules = builtins.genList (n: module n argument) 20; };
in
removeAttrs evaluated.config [ "_module" ]
)";

void Fail(benchmark::State& state, const absl::Status& status) {
  state.SkipWithError(std::string(status.message()).c_str());
}

void RunEvaluation(benchmark::State& state, const Folder& folder, EvaluationRequest request) {
  Evaluator evaluator({.workers = 1, .cache = false}, folder.Variables(), Logger());
  CancelToken const cancel;
  int n = 0;
  for (auto _ : state) {
    request.argument = Cat({R"({"name":"x)", std::to_string(n++), "\"}"});
    auto const evaluation = evaluator.Evaluate(request, {cancel});
    if (!evaluation.ok()) return Fail(state, evaluation.status());
    if (evaluation->error.has_value()) return state.SkipWithError(ToText(*evaluation->error).c_str());
  }
}

void SmallRequest(benchmark::State& state) {
  Folder const folder;
  RunEvaluation(state, folder,
                {.file = folder.Write("small.nix", "_: argument: { inherit (argument) name; }"),
                 .roots = {folder.path()}});
}
BENCHMARK(SmallRequest)->Unit(benchmark::kMillisecond)->UseRealTime();

void TwentyModules(benchmark::State& state) {
  Folder const folder;
  fs::copy("nix/lib", folder.path() + "/lib", fs::copy_options::recursive);
  RunEvaluation(state, folder,
                {.file = folder.Write("modules.nix", kModules),
                 .setup = Cat({R"({"lib":")", folder.path(), "/lib\"}"}),
                 .roots = {folder.path()}});
}
BENCHMARK(TwentyModules)->Unit(benchmark::kMillisecond)->UseRealTime();

// 20 modules with limits, defaults and a rule each.
std::string LargeEnvironment(const Folder& folder) {
  std::string imports;
  for (int n = 0; n < 20; ++n) {
    std::string const number = std::to_string(n);
    folder.Write(
        Cat({"rules/module", number, ".nix"}),
        Cat({"{ lib, ... }:\n{\n  offer.dns_record_set.max_ttl = lib.mkOverride ", std::to_string(n + 1),
             " 86400;\n  rules.dns_record_set.rule", number,
             " = { request, ... }: { path = [ \"name\" ]; holds = lib.hasPrefix \"host\" request.name; "
             "message = \"No.\"; };\n}\n"}));
    imports += Cat({" ./module", number, ".nix"});
  }
  return folder.Write("rules/environment.nix", Cat({"{ imports = [", imports, " ]; }\n"}));
}

// As a host asks for them: ten at a time.
void JudgePlan(benchmark::State& state, ResourceRules& rules, int resources) {
  constexpr int kAtOnce = 10;
  CancelToken const cancel;
  std::vector<absl::Status> failed(kAtOnce);
  std::vector<std::thread> threads;
  threads.reserve(kAtOnce);
  for (int thread = 0; thread < kAtOnce; ++thread) {
    threads.emplace_back([&, thread] {
      for (int n = thread; n < resources; n += kAtOnce) {
        std::string const number = std::to_string(n);
        auto const verdict = rules.Judge(
            "fediversity_dns_record_set",
            Cat({R"({"zone":"example.org","name":"host)", number,
                 R"(","type":"A","ttl":300,"records":["203.0.113.9"],"adopt":null,"timeouts":null,"fqdn":null})"}),
            {cancel});
        if (!verdict.ok()) failed[thread] = verdict.status();
        if (verdict.ok() && !verdict->ok())
          failed[thread] = absl::InternalError("a good resource was refused");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : failed) {
    if (!status.ok()) Fail(state, status);
  }
}

void ColdPlan(benchmark::State& state) {
  for (auto _ : state) {
    Folder const folder;
    RulesSettings settings;
    if (state.range(0) != 0) settings.environment = LargeEnvironment(folder);
    ResourceRules rules(settings, folder.Variables(), Logger());
    JudgePlan(state, rules, 1000);
  }
}
BENCHMARK(ColdPlan)
    ->ArgName("large_environment")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void RepeatedPlan(benchmark::State& state) {
  Folder const folder;
  RulesSettings const settings{.environment = LargeEnvironment(folder)};
  {
    ResourceRules rules(settings, folder.Variables(), Logger());
    JudgePlan(state, rules, 1000);
  }
  for (auto _ : state) {
    ResourceRules rules(settings, folder.Variables(), Logger());
    JudgePlan(state, rules, 1000);
    if (rules.counts().evaluations != 0) state.SkipWithError("the cache did not answer");
  }
}
BENCHMARK(RepeatedPlan)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace fediversity::nix
