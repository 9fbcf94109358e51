#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "provider/backends/nix/repl_text.h"

// Text without colours has none, and a mark that is found stands where it is said to be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity::nix;
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  if (StripAnsi(text).find('\x1b') != std::string::npos) std::abort();
  FindStringValue(text);
  ReadStringLiteral(text);
  IsContinuation(text, "m", 0);
  std::size_t const line = FindValueLine(text, "m", 0);
  if (line != std::string_view::npos) {
    if (line > size || (line > 0 && text[line - 1] != '\n')) std::abort();
    if (FindStringValue(text.substr(line, text.find('\n', line) - line)) != "m") std::abort();
  }
  return 0;
}
