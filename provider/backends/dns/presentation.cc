#include "provider/backends/dns/presentation.h"

#include "absl/status/status.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }

absl::Status Bad(std::string_view why) { return absl::InvalidArgumentError(ToAbsl(why)); }

// Moves `at` past the quoted string that starts at the quote text[at].
absl::Status SkipQuoted(std::string_view text, std::size_t& at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      ++at;
      return absl::OkStatus();
    }
  }
  return Bad("a double quote is not closed");
}

}  // namespace

absl::StatusOr<char> ReadEscape(std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size()) return Bad("a backslash at the end escapes nothing");
  if (!IsDigit(text[at + 1])) {
    char const octet = text[at + 1];
    at += 2;
    return octet;
  }
  if (at + 3 >= text.size() || !IsDigit(text[at + 2]) || !IsDigit(text[at + 3])) {
    return Bad("a backslash before a digit needs three digits, as in \\032");
  }
  int const value = (text[at + 1] - '0') * 100 + (text[at + 2] - '0') * 10 + (text[at + 3] - '0');
  if (value > 255) return Bad("an escape is over \\255");
  at += 4;
  return static_cast<char>(value);
}

void AppendEscaped(std::string& out, char octet, std::string_view special) {
  auto const value = static_cast<unsigned char>(octet);
  bool const is_special = special.find(octet) != std::string_view::npos;
  if (value < 0x20 || value > 0x7E || (is_special && octet == ' ')) {
    out += '\\';
    out += static_cast<char>('0' + value / 100);
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
    return;
  }
  if (is_special) out += '\\';
  out += octet;
}

absl::StatusOr<std::vector<Token>> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && IsBlank(text[at])) ++at;
    if (at == text.size()) return tokens;
    std::size_t const start = at;
    if (text[at] == '"') {
      RETURN_IF_ERROR(SkipQuoted(text, at));
      if (at < text.size() && !IsBlank(text[at]))
        return Bad("a closing double quote is not followed by a blank");
      tokens.push_back({.text = text.substr(start + 1, at - start - 2), .quoted = true});
      continue;
    }
    while (at < text.size() && !IsBlank(text[at])) {
      switch (text[at]) {
        case '\n':
        case '\r': return Bad("a line break; a record is one line");
        case ';': return Bad("a semicolon outside double quotes would start a comment; quote the value");
        case '(':
        case ')': return Bad("a parenthesis outside double quotes; a record is one line, quote or escape it");
        case '\\':
          if (at + 1 == text.size()) return Bad("a backslash at the end escapes nothing");
          at += 2;
          break;
        case '"': RETURN_IF_ERROR(SkipQuoted(text, at)); break;
        default: ++at;
      }
    }
    tokens.push_back({.text = text.substr(start, at - start)});
  }
}

absl::StatusOr<std::string> Unescape(std::string_view token) {
  std::string octets;
  octets.reserve(token.size());
  for (std::size_t at = 0; at < token.size();) {
    if (token[at] != '\\') {
      octets += token[at++];
      continue;
    }
    ASSIGN_OR_RETURN(char const octet, ReadEscape(token, at));
    octets += octet;
  }
  return octets;
}

std::string Quote(std::string_view octets) {
  std::string quoted = "\"";
  for (char const octet : octets) AppendEscaped(quoted, octet, "\"\\");
  quoted += '"';
  return quoted;
}

}  // namespace fediversity::dns
