#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_PERCENT_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_PERCENT_H_

#include <string>
#include <string_view>

namespace fediversity::emulators {

// Takes out percent-encoding (RFC 3986), and that of a blank as '+' where a form or query may have it.
std::string PercentDecode(std::string_view text, bool plus_is_blank);

// The text with '%' and two digits for everything but letters, digits and "-._~".
std::string PercentEncode(const std::string& text);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_PERCENT_H_
