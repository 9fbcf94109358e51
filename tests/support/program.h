#ifndef FEDIVERSITY_TESTS_SUPPORT_PROGRAM_H_
#define FEDIVERSITY_TESTS_SUPPORT_PROGRAM_H_

#include <optional>
#include <string>

namespace fediversity::testing {

// A program that tests run: the one that the environment variable `named` names, else the one on PATH, else the one
// that ./dev keeps in its cache, in a folder that begins with its name ("tofu-1.10/tofu", "garage-2.5.0/bin/garage");
// nullopt where there is none.
std::optional<std::string> FindProgram(const std::string& name, const std::string& named);

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_PROGRAM_H_
