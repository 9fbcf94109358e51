#ifndef FEDIVERSITY_TESTS_SUPPORT_GOLDEN_H_
#define FEDIVERSITY_TESTS_SUPPORT_GOLDEN_H_

#include <string_view>

namespace fediversity::testing {

// Fails the running test where `actual` is not the content of tests/golden/`file`. With FEDIVERSITY_ACCEPT=1
// in the environment the file is rewritten instead where it differs, and the test reports itself as skipped,
// so that no run passes by accepting.
void ExpectGolden(std::string_view file, std::string_view actual);

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_GOLDEN_H_
