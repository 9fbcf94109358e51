#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "provider/backends/nix/error_report.h"

// Whatever a process writes, the error that is read from it holds no colours and no impossible place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::nix;
  EvaluationError const error = ReadErrorReport({reinterpret_cast<const char*>(data), size});
  if (error.message.find('\x1b') != std::string::npos) std::abort();
  if (error.line < 0 || (!error.file.empty() && error.file.front() != '/')) std::abort();
  if (ToText(error).size() < error.message.size()) std::abort();
  return 0;
}
