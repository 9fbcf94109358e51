#ifndef FEDIVERSITY_PROVIDER_BASE_TEXT_H_
#define FEDIVERSITY_PROVIDER_BASE_TEXT_H_

// Debian's abseil has a string_view of its own that does not convert to or from the standard one.
// Our interfaces use the standard type; these helpers stand at the border.

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/strings/string_view.h"

namespace fediversity {

inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }

// Joins pieces in one allocation: Cat({"zone ", zone, " is not served"}).
std::string Cat(std::initializer_list<std::string_view> pieces);

// Joins `items` with `separator` between them.
template <typename Items>
std::string Join(const Items& items, std::string_view separator) {
  std::string joined;
  bool first = true;
  for (const auto& item : items) {
    if (!first) joined += separator;
    joined += item;
    first = false;
  }
  return joined;
}

// `text` with every byte sequence that is not UTF-8 replaced by U+FFFD. A protobuf string field with
// invalid UTF-8 fails the whole RPC, so everything that came from outside passes through here.
std::string ValidUtf8(std::string_view text);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_TEXT_H_
