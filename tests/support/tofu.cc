#include "tests/support/tofu.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"
#include "tests/support/program.h"

namespace fediversity::testing {
std::optional<std::string> FindTofu() { return FindProgram("tofu", "FEDIVERSITY_TOFU"); }

absl::StatusOr<CommandResult> RunTofu(const std::string& tofu, std::vector<std::string> arguments,
                                      const std::string& directory, std::string_view input) {
  arguments.insert(arguments.begin(), tofu);
  Command const command = {.arguments = std::move(arguments),
                           .environment = {{"TF_CLI_CONFIG_FILE", "/dev/null"}, {"TF_LOG", std::nullopt}},
                           .directory = directory};
  CancelToken const cancel;
  return RunCommand(command, input, cancel, absl::Now() + absl::Minutes(1));
}

}  // namespace fediversity::testing
