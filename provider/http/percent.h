#ifndef FEDIVERSITY_PROVIDER_HTTP_PERCENT_H_
#define FEDIVERSITY_PROVIDER_HTTP_PERCENT_H_

#include <optional>
#include <string>
#include <string_view>

namespace fediversity::http {

// `text` with every byte but the unreserved ones (RFC 3986, section 2.3) as %XX: fit for one segment of a path, and
// for names and values of queries and forms, where servers read %20 as they read "+".
std::string PercentEncode(std::string_view text);
// What was encoded so; "+" is itself. nullopt where "%" is not followed by two hexadecimal digits.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_PERCENT_H_
