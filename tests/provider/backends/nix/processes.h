#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_PROCESSES_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_PROCESSES_H_

#include <functional>

namespace fediversity::nix {

// Runs `work` in twenty processes at once; answers whether all came to their end and answered true. A failed
// expectation in one of them counts only through what it answers.
bool AllOfTwentyProcesses(const std::function<bool()>& work);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_PROCESSES_H_
