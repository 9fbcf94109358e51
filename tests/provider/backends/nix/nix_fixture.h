#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_NIX_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_NIX_FIXTURE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "provider/backends/nix/evaluator.h"
#include "provider/base/cancel.h"
#include "provider/base/environment.h"

namespace fediversity::nix {

// A folder of its own for each test, with a cache and a place for temporary files in it.
class NixTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Writes a file below the folder, with the folders on its way, and answers its path.
  std::string Write(std::string_view name, std::string_view text) const;
  const std::string& folder() const { return folder_; }

  // The variables of this process, but for the folders of the user.
  Environment Variables() const;
  // Sets a variable for Variables().
  void Set(const std::string& name, std::optional<std::string> value) { variables_[name] = std::move(value); }

  // Nix without the cache, unless settings say otherwise.
  static EvaluatorSettings Settings();
  CallLimits limits() const { return {cancel_, absl::Now() + absl::Seconds(100)}; }
  CancelToken& cancel() { return cancel_; }

  // A request for `expression`, which is a function of two arguments.
  EvaluationRequest Request(std::string_view expression, std::string argument = "{}",
                            std::string setup = "{}");
  // The value of a request; fails the test where there is none.
  std::string Value(Evaluator& evaluator, const EvaluationRequest& request);
  // The error of a request; fails the test where there is none.
  EvaluationError Error(Evaluator& evaluator, const EvaluationRequest& request);

 private:
  std::string folder_;
  std::map<std::string, std::optional<std::string>> variables_;
  CancelToken cancel_;
  int files_ = 0;
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_NIX_FIXTURE_H_
