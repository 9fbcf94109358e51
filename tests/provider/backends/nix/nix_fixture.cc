#include "tests/provider/backends/nix/nix_fixture.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/time/clock.h"
#include "provider/base/text.h"

namespace fediversity::nix {

namespace fs = std::filesystem;

void NixTest::SetUp() {
  std::string path = (fs::canonical(fs::temp_directory_path()) / "nix-test-XXXXXX").native();
  ASSERT_NE(mkdtemp(path.data()), nullptr);
  folder_ = path;
  fs::create_directories(folder_ + "/cache");
  fs::create_directories(folder_ + "/tmp");
  Set("XDG_CACHE_HOME", folder_ + "/cache");
  Set("HOME", folder_);
  Set("TMPDIR", folder_ + "/tmp");
}

void NixTest::TearDown() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string NixTest::Write(std::string_view name, std::string_view text) const {
  fs::path const path = fs::path(folder_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  EXPECT_TRUE(stream) << path;
  return path.native();
}

Environment NixTest::Variables() const {
  return [variables = variables_](const std::string& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    return found != variables.end() ? found->second : ProcessEnvironment()(name);
  };
}

EvaluatorSettings NixTest::Settings() {
  EvaluatorSettings settings{.workers = 1, .cache = false};
  settings.limits.evaluation = absl::Seconds(80);  // however busy the machine is
  return settings;
}

EvaluationRequest NixTest::Request(std::string_view expression, std::string argument, std::string setup) {
  std::string const name = Cat({"code-", std::to_string(++files_)});
  std::string const file = Write(Cat({name, "/default.nix"}), expression);
  return {.file = file,
          .setup = std::move(setup),
          .argument = std::move(argument),
          .roots = {folder_ + "/" + name}};
}

std::string NixTest::Value(Evaluator& evaluator, const EvaluationRequest& request) {
  auto const evaluation = evaluator.Evaluate(request, limits());
  if (!evaluation.ok()) {
    ADD_FAILURE() << evaluation.status();
    return {};
  }
  if (evaluation->error.has_value()) ADD_FAILURE() << ToText(*evaluation->error);
  return evaluation->json;
}

EvaluationError NixTest::Error(Evaluator& evaluator, const EvaluationRequest& request) {
  auto const evaluation = evaluator.Evaluate(request, limits());
  if (!evaluation.ok()) {
    ADD_FAILURE() << evaluation.status();
    return {};
  }
  if (!evaluation->error.has_value()) {
    ADD_FAILURE() << "it has a value: " << evaluation->json;
    return {};
  }
  return *evaluation->error;
}

}  // namespace fediversity::nix
