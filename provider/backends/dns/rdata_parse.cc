#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "provider/backends/dns/ldns_text.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/presentation.h"
#include "provider/backends/dns/rdata.h"
#include "provider/backends/dns/rdata_layout.h"
#include "provider/backends/dns/rdata_text.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr std::size_t kMaxText = 300'000;  // 65,535 octets, each written as \DDD, and room for quotes
constexpr std::size_t kMaxString = 255;

absl::Status Bad(std::initializer_list<std::string_view> why) { return absl::InvalidArgumentError(Cat(why)); }

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  // A blank after a backslash is data.
  while (!text.empty() && IsBlank(text.back()) && !(text.size() > 1 && text[text.size() - 2] == '\\')) {
    text.remove_suffix(1);
  }
  return text;
}

// Takes the first blank-separated word off `text`.
std::string_view TakeWord(std::string_view& text) {
  std::size_t const end = std::min(text.find_first_of(" \t"), text.size());
  std::string_view const word = text.substr(0, end);
  text = Trim(text.substr(end));
  return word;
}

bool IsTextType(RecordType type) {
  return LayoutOf(type).size() == 1 && LayoutOf(type)[0].kind == FieldKind::kStrings;
}

absl::StatusOr<std::vector<Token>> TokensOf(RecordType type, std::string_view text) {
  bool const bare = text.find('"') == std::string_view::npos;
  if (bare && text.find_first_of("\r\n") == std::string_view::npos) {
    if (IsTextType(type) && !text.empty()) return std::vector<Token>{{.text = text, .quoted = true}};
    if (type == RecordType::kCaa) {
      std::string_view rest = text;
      std::string_view const flags = TakeWord(rest);
      std::string_view const tag = TakeWord(rest);
      if (!rest.empty())
        return std::vector<Token>{{.text = flags}, {.text = tag}, {.text = rest, .quoted = true}};
    }
  }
  return Tokenize(text);
}

// `\# LENGTH HEX` (RFC 3597, 5).
absl::StatusOr<Rdata> ParseGeneric(RecordType type, std::span<const Token> tokens) {
  if (tokens.empty()) return Bad({"\\# needs the number of octets and their hexadecimal digits"});
  ASSIGN_OR_RETURN(std::uint32_t const size, ParseDecimal(tokens[0].text, 65535));
  std::string wire;
  if (tokens.size() > 1) {
    ASSIGN_OR_RETURN(wire, ParseHex(tokens.subspan(1)));
  }
  if (wire.size() != size) {
    return Bad(
        {"\\# announces ", std::to_string(size), " octets, but ", std::to_string(wire.size()), " follow"});
  }
  return Rdata::FromWire(type, wire);
}

absl::StatusOr<std::string> ParseString(const Token& token) {
  ASSIGN_OR_RETURN(std::string const octets, Unescape(token.text));
  if (octets.size() > kMaxString) {
    return Bad({"a string has ", std::to_string(octets.size()),
                " octets, and at most 255 fit; split it into several quoted strings, as in \"first part\" "
                "\"second part\""});
  }
  std::string wire;
  Append8(wire, static_cast<unsigned>(octets.size()));
  return wire + octets;
}

absl::StatusOr<std::string> ParseTag(const Token& token) {
  ASSIGN_OR_RETURN(std::string wire, ParseString(token));
  bool const alphanumeric =
      std::all_of(wire.begin() + 1, wire.end(), [](char c) { return absl::ascii_isalnum(c); });
  if (wire.size() < 2 || !alphanumeric) return Bad({"it consists of letters and digits only, as in issue"});
  return wire;
}

absl::StatusOr<std::string> ParseNumber(const Token& token, std::size_t size) {
  ASSIGN_OR_RETURN(std::uint32_t const value,
                   ParseDecimal(token.text, size == 4 ? 0xFFFFFFFFU : (1U << 8 * size) - 1));
  std::string wire;
  Append32(wire, value);
  return wire.substr(4 - size);
}

// One field that one token stands for.
absl::StatusOr<std::string> ParseOne(FieldKind kind, const Token& token, const Name& origin) {
  switch (kind) {
    case FieldKind::kString: return ParseString(token);
    case FieldKind::kTag: return ParseTag(token);
    case FieldKind::kText:
    case FieldKind::kOptionalText: {
      ASSIGN_OR_RETURN(std::string octets, Unescape(token.text));
      if (octets.empty() && kind == FieldKind::kText) return Bad({"it is empty"});
      return octets;
    }
    default: break;
  }
  if (token.quoted) return Bad({"double quotes have no place here"});
  switch (kind) {
    case FieldKind::kName: {
      ASSIGN_OR_RETURN(Name const name, Name::Parse(token.text, origin));
      return name.wire();
    }
    case FieldKind::kIpv4: return ParseIpv4(token.text);
    case FieldKind::kIpv6: return ParseIpv6(token.text);
    case FieldKind::kEui48:
    case FieldKind::kEui64: return ParseEui(token.text, FixedSize(kind));
    case FieldKind::kCertType:
      if (std::optional<std::uint16_t> const number = CertTypeOfMnemonic(token.text)) {
        std::string wire;
        Append16(wire, *number);
        return wire;
      }
      return ParseNumber(token, FixedSize(kind));
    case FieldKind::kAlgorithm:
      if (std::optional<std::uint8_t> const number = AlgorithmOfMnemonic(token.text)) {
        return std::string(1, static_cast<char>(*number));
      }
      return ParseNumber(token, FixedSize(kind));
    default: return ParseNumber(token, FixedSize(kind));
  }
}

// The field that starts at the first of `tokens`; moves them past it.
absl::StatusOr<std::string> ParseField(FieldKind kind, std::span<const Token>& tokens, const Name& origin) {
  std::span<const Token> const all = std::exchange(tokens, {});
  switch (kind) {
    case FieldKind::kStrings: {
      if (all.empty()) return Bad({"there is none; the empty one is written \"\""});
      std::string wire;
      for (const Token& token : all) {
        ASSIGN_OR_RETURN(std::string const one, ParseString(token));
        wire += one;
      }
      return wire;
    }
    case FieldKind::kHex: return ParseHex(all);
    case FieldKind::kBase64: return ParseBase64(all);
    case FieldKind::kTypeBitmap: return ParseTypeBitmap(all);
    case FieldKind::kAddressPrefixes: return ParseAddressPrefixes(all);
    case FieldKind::kServiceParameters: return ParseServiceParameters(all);
    case FieldKind::kLocation: {
      std::vector<std::string_view> words;
      for (const Token& token : all) words.push_back(token.text);
      return ParseLocation(Join(words, " "));
    }
    default:
      if (all.empty()) return Bad({"it is missing"});
      tokens = all.subspan(1);
      return ParseOne(kind, all[0], origin);
  }
}

absl::StatusOr<Rdata> Parse(RecordType type, std::string_view text, const Name& origin) {
  if (text.size() > kMaxText) return Bad({"it is too long"});
  text = Trim(text);
  if (text == "\\#" || text.starts_with("\\# ") || text.starts_with("\\#\t")) {
    ASSIGN_OR_RETURN(std::vector<Token> const tokens, Tokenize(text));
    return ParseGeneric(type, std::span(tokens).subspan(1));
  }
  std::span<const Field> const layout = LayoutOf(type);
  if (layout.empty()) return Bad({"this type has no text form; write \\# LENGTH HEX (RFC 3597)"});
  ASSIGN_OR_RETURN(std::vector<Token> const tokens, TokensOf(type, text));
  std::span<const Token> rest(tokens);
  std::string wire;
  for (const Field& field : layout) {
    absl::StatusOr<std::string> const octets = ParseField(field.kind, rest, origin);
    if (!octets.ok()) return Bad({field.name, ": ", ToStd(octets.status().message())});
    wire += *octets;
  }
  if (!rest.empty()) return Bad({"\"", ValidUtf8(rest[0].text), "\" follows the last field"});
  return Rdata::FromWire(type, wire);
}

// Enough of the user's text to recognise it.
std::string Excerpt(std::string_view text) {
  constexpr std::size_t kShown = 80;
  if (text.size() <= kShown) return ValidUtf8(text);
  return ValidUtf8(text.substr(0, kShown)) + "...";
}

}  // namespace

absl::StatusOr<Rdata> ParseRdata(RecordType type, std::string_view text, const Name& origin) {
  absl::StatusOr<Rdata> data = Parse(type, text, origin);
  if (data.ok()) return data;
  return absl::InvalidArgumentError(Cat({"not valid as data of a ", RecordTypeName(type), " record: ",
                                         Excerpt(text), "\n", ToStd(data.status().message()), "."}));
}

}  // namespace fediversity::dns
