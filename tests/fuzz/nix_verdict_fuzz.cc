#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/nix/verdict.h"

// A verdict that is read is complete: each finding has words, each default a value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::nix;
  auto const verdict = ReadVerdict({reinterpret_cast<const char*>(data), size});
  if (!verdict.ok()) return 0;
  for (const auto* findings : {&verdict->errors, &verdict->warnings, &verdict->environment_errors}) {
    for (const Finding& finding : *findings) {
      if (finding.message.empty() || finding.line < 0) std::abort();
    }
  }
  for (const DefaultValue& value : verdict->defaults) {
    if (value.json.empty()) std::abort();
  }
  return 0;
}
