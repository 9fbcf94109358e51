#ifndef FEDIVERSITY_PROVIDER_BACKENDS_DNS_PRESENTATION_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_DNS_PRESENTATION_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// The lexical level of zone file text (RFC 1035, 5.1).
namespace fediversity::dns {

// Reads the escape that starts at the backslash text[at]: `\DDD` (decimal, at most 255) or `\X`. Answers its
// octet and moves `at` past it. InvalidArgument where there is none.
absl::StatusOr<char> ReadEscape(std::string_view text, std::size_t& at);

// What has a meaning of its own in the text of a name.
inline constexpr std::string_view kSpecialInNames = ".\\\"();@$ ";

// Appends one octet: `\DDD` where it is not printable ASCII, or a blank and in `special`; `\X` where it is any other
// character of `special`.
void AppendEscaped(std::string& out, char octet, std::string_view special);

// One field of a record: quotes removed, escapes not yet resolved.
struct Token {
  std::string_view text;
  bool quoted = false;
};

// Splits at blanks. A quoted string may hold blanks; it must be closed and stand by itself. Quotes in the
// middle of a field (`alpn="h2"`) belong to the field, with the blanks between them. Newlines, comments and
// parentheses, which continue lines in zone files, are refused outside quotes. The tokens refer to `text`.
absl::StatusOr<std::vector<Token>> Tokenize(std::string_view text);

// The octets that a token stands for.
absl::StatusOr<std::string> Unescape(std::string_view token);

std::string Quote(std::string_view octets);

}  // namespace fediversity::dns

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_DNS_PRESENTATION_H_
