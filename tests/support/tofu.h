#ifndef FEDIVERSITY_TESTS_SUPPORT_TOFU_H_
#define FEDIVERSITY_TESTS_SUPPORT_TOFU_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/base/subprocess.h"

namespace fediversity::testing {

// The OpenTofu that tests run: FEDIVERSITY_TOFU, else the one on PATH, else the one that ./dev keeps in its
// cache; nullopt where there is none.
std::optional<std::string> FindTofu();

// Runs it in `directory` with the arguments given, without the user's own configuration. Ends after a minute.
absl::StatusOr<CommandResult> RunTofu(const std::string& tofu, std::vector<std::string> arguments,
                                      const std::string& directory, std::string_view input = {});

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_TOFU_H_
