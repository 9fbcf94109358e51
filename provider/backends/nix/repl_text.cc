#include "provider/backends/nix/repl_text.h"

#include "provider/base/text.h"

namespace fediversity::nix {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kPrompt = "nix-repl>";

// The end of the escape sequence that starts at `at`.
std::size_t SkipSequence(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  if (next >= text.size()) return text.size();
  if (text[next] == '[') {
    // CSI: parameter and intermediate bytes, then a final byte of 0x40 to 0x7e.
    for (++next; next < text.size(); ++next) {
      if (text[next] >= '@' && text[next] <= '~') return next + 1;
    }
    return text.size();
  }
  if (text[next] == ']') {
    // OSC: up to BEL, or to ESC and a backslash.
    for (++next; next < text.size(); ++next) {
      if (text[next] == '\a') return next + 1;
      if (text[next] == kEscape && next + 1 < text.size() && text[next + 1] == '\\') return next + 2;
    }
    return text.size();
  }
  return next + 1;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  std::size_t const first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// A line without colours, prompts and blanks around it.
std::string Bare(std::string_view line) {
  std::string const plain = StripAnsi(line);
  std::string_view rest = Trim(plain);
  while (rest.starts_with(kPrompt)) rest = Trim(rest.substr(kPrompt.size()));
  return std::string(rest);
}

}  // namespace

std::string StripAnsi(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t const escape = text.find(kEscape, at);
    plain += text.substr(at, escape - at);
    if (escape == std::string_view::npos) break;
    at = SkipSequence(text, escape);
  }
  return plain;
}

std::optional<std::string> ReadStringLiteral(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') return std::nullopt;
  std::string_view const inside = literal.substr(1, literal.size() - 2);
  std::string content;
  content.reserve(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '"') return std::nullopt;
    if (inside[i] != '\\') {
      content += inside[i];
      continue;
    }
    if (++i == inside.size()) return std::nullopt;
    switch (inside[i]) {
      case 'n': content += '\n'; break;
      case 'r': content += '\r'; break;
      case 't': content += '\t'; break;
      case '"':
      case '\\':
      case '$': content += inside[i]; break;
      default: return std::nullopt;
    }
  }
  return content;
}

std::optional<std::string> FindStringValue(std::string_view output) {
  std::size_t end = output.size();
  while (true) {
    std::size_t const newline = end == 0 ? std::string_view::npos : output.rfind('\n', end - 1);
    std::size_t const start = newline == std::string_view::npos ? 0 : newline + 1;
    if (auto content = ReadStringLiteral(Bare(output.substr(start, end - start)))) return content;
    if (newline == std::string_view::npos) return std::nullopt;
    end = newline;
  }
}

std::size_t FindValueLine(std::string_view output, std::string_view text, std::size_t from) {
  std::string const literal = Cat({"\"", text, "\""});
  std::size_t hit = output.find(literal, from);
  while (hit != std::string_view::npos) {
    std::size_t const newline = output.rfind('\n', hit);
    std::size_t const start = newline == std::string_view::npos ? 0 : newline + 1;
    std::size_t const end = output.find('\n', hit);
    if (end == std::string_view::npos) return std::string_view::npos;
    if (Bare(output.substr(start, end - start)) == literal) return start;
    hit = output.find(literal, hit + 1);
  }
  return std::string_view::npos;
}

bool IsContinuation(std::string_view output, std::string_view input, std::size_t from) {
  std::size_t const hit = output.find(input, from);
  if (hit == std::string_view::npos) return false;
  std::size_t const newline = output.rfind('\n', hit);
  std::size_t const start = newline == std::string_view::npos ? 0 : newline + 1;
  return Trim(StripAnsi(output.substr(start, hit - start))).empty();
}

}  // namespace fediversity::nix
