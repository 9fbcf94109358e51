// Service parameters of SVCB and HTTPS (RFC 9460, 2.1 and appendix A; dohpath: RFC 9461; ohttp: RFC 9540).

#include <algorithm>
#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/rdata_text.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

enum Key : std::uint16_t {
  kMandatory,
  kAlpn,
  kNoDefaultAlpn,
  kPort,
  kIpv4Hint,
  kEch,
  kIpv6Hint,
  kDohPath,
  kOhttp,
  kInvalid = 65535,
};

constexpr std::string_view kKeyNames[] = {"mandatory", "alpn",     "no-default-alpn", "port", "ipv4hint",
                                          "ech",       "ipv6hint", "dohpath",         "ohttp"};

absl::Status Bad(std::initializer_list<std::string_view> why) { return absl::InvalidArgumentError(Cat(why)); }

std::string KeyName(std::uint16_t key) {
  if (key < std::size(kKeyNames)) return std::string(kKeyNames[key]);
  return Cat({"key", std::to_string(key)});
}

absl::StatusOr<std::uint16_t> ParseKey(std::string_view text) {
  auto const* const known = std::find(std::begin(kKeyNames), std::end(kKeyNames), text);
  if (known != std::end(kKeyNames)) return static_cast<std::uint16_t>(known - std::begin(kKeyNames));
  if (text.starts_with("key") && (text.size() == 4 || (text.size() > 4 && text[3] != '0'))) {
    absl::StatusOr<std::uint32_t> const number = ParseDecimal(text.substr(3), kInvalid - 1);
    if (number.ok()) return static_cast<std::uint16_t>(*number);
  }
  return Bad({"\"", ValidUtf8(text), "\" is no service parameter; unknown ones are written keyNNN"});
}

// Splits a comma-separated list in which `\,` and `\\` stand for the plain character (RFC 9460, A.1).
absl::StatusOr<std::vector<std::string>> SplitList(std::string_view value) {
  std::vector<std::string> items(1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\') {
      if (++i == value.size()) return Bad({"the list ends in a backslash"});
      items.back() += value[i];
    } else if (value[i] == ',') {
      items.emplace_back();
    } else {
      items.back() += value[i];
    }
  }
  if (std::any_of(items.begin(), items.end(), [](const std::string& item) { return item.empty(); })) {
    return Bad({"the list has an empty item"});
  }
  return items;
}

absl::StatusOr<std::string> ParseMandatory(std::string_view value) {
  ASSIGN_OR_RETURN(std::vector<std::string> const items, SplitList(value));
  std::vector<std::uint16_t> keys;
  for (const std::string& item : items) {
    ASSIGN_OR_RETURN(std::uint16_t const key, ParseKey(item));
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  if (keys.front() == kMandatory) return Bad({"mandatory lists itself"});
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return Bad({"mandatory lists a key twice"});
  std::string wire;
  for (std::uint16_t const key : keys) Append16(wire, key);
  return wire;
}

absl::StatusOr<std::string> ParseAlpn(std::string_view value) {
  ASSIGN_OR_RETURN(std::vector<std::string> const items, SplitList(value));
  std::string wire;
  for (const std::string& item : items) {
    if (item.size() > 255) return Bad({"an alpn protocol is over 255 octets"});
    Append8(wire, static_cast<unsigned>(item.size()));
    wire += item;
  }
  return wire;
}

absl::StatusOr<std::string> ParseAddresses(std::string_view value, bool ipv4) {
  ASSIGN_OR_RETURN(std::vector<std::string> const items, SplitList(value));
  std::string wire;
  for (const std::string& item : items) {
    ASSIGN_OR_RETURN(std::string const address, ipv4 ? ParseIpv4(item) : ParseIpv6(item));
    wire += address;
  }
  return wire;
}

absl::StatusOr<std::string> ParseValue(std::uint16_t key, std::string_view value) {
  switch (key) {
    case kMandatory: return ParseMandatory(value);
    case kAlpn: return ParseAlpn(value);
    case kNoDefaultAlpn:
    case kOhttp:
      if (!value.empty()) return Bad({"it takes no value"});
      return std::string();
    case kPort: {
      ASSIGN_OR_RETURN(std::uint32_t const port, ParseDecimal(value, 65535));
      std::string wire;
      Append16(wire, port);
      return wire;
    }
    case kIpv4Hint: return ParseAddresses(value, true);
    case kIpv6Hint: return ParseAddresses(value, false);
    case kEch: {
      Token const token{.text = value};
      return ParseBase64({&token, 1});
    }
    case kDohPath:
      if (value.empty()) return Bad({"it is empty"});
      [[fallthrough]];
    default: return std::string(value);
  }
}

std::string EscapeItem(std::string_view item) {
  std::string escaped;
  for (char const c : item) {
    if (c == ',' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// The value before it is quoted, nullopt where the octets are no value of that key.
std::optional<std::string> FormatValue(std::uint16_t key, std::string_view wire) {
  std::vector<std::string> items;
  switch (key) {
    case kMandatory:
      if (wire.empty() || wire.size() % 2 != 0) return std::nullopt;
      for (std::size_t i = 0; i < wire.size(); i += 2) items.push_back(KeyName(Get16(wire, i)));
      return Join(items, ",");
    case kAlpn:
      if (wire.empty()) return std::nullopt;
      while (!wire.empty()) {
        std::size_t const size = Get8(wire);
        if (size == 0 || wire.size() < 1 + size) return std::nullopt;
        items.push_back(EscapeItem(wire.substr(1, size)));
        wire.remove_prefix(1 + size);
      }
      return Join(items, ",");
    case kPort:
      if (wire.size() != 2) return std::nullopt;
      return std::to_string(Get16(wire));
    case kIpv4Hint:
    case kIpv6Hint: {
      std::size_t const size = key == kIpv4Hint ? 4 : 16;
      if (wire.empty() || wire.size() % size != 0) return std::nullopt;
      for (std::size_t i = 0; i < wire.size(); i += size) {
        std::string_view const address = wire.substr(i, size);
        items.push_back(key == kIpv4Hint ? FormatIpv4(address) : FormatIpv6(address));
      }
      return Join(items, ",");
    }
    case kEch:
      if (wire.empty()) return std::nullopt;
      return absl::Base64Escape(ToAbsl(wire));
    default: return std::string(wire);
  }
}

bool NeedsQuotes(std::string_view value) {
  return !std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(",.:/+=_-").find(c) != std::string_view::npos;
  });
}

using Parameters = std::map<std::uint16_t, std::string>;

absl::Status CheckParameters(const Parameters& parameters) {
  if (parameters.contains(kNoDefaultAlpn) && !parameters.contains(kAlpn))
    return Bad({"no-default-alpn needs alpn"});
  if (auto const mandatory = parameters.find(kMandatory); mandatory != parameters.end()) {
    for (std::size_t i = 0; i < mandatory->second.size(); i += 2) {
      std::uint16_t const key = Get16(mandatory->second, i);
      if (!parameters.contains(key)) return Bad({"mandatory lists ", KeyName(key), ", which is missing"});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ParseServiceParameters(std::span<const Token> tokens) {
  Parameters parameters;
  for (const Token& token : tokens) {
    if (token.quoted) return Bad({"quote the value of a parameter, not the whole: alpn=\"h2\""});
    std::size_t const equals = token.text.find('=');
    ASSIGN_OR_RETURN(std::uint16_t const key, ParseKey(token.text.substr(0, equals)));
    std::string_view value = equals == std::string_view::npos ? "" : token.text.substr(equals + 1);
    if (value.starts_with('"')) {
      // The tokenizer has seen to it that the string is closed, but not that nothing follows it.
      ASSIGN_OR_RETURN(std::vector<Token> const inner, Tokenize(value));
      if (inner.size() != 1 || !inner[0].quoted) return Bad({KeyName(key), ": misplaced double quote"});
      value = inner[0].text;
    } else if (value.find('"') != std::string_view::npos) {
      return Bad({KeyName(key), ": misplaced double quote"});
    }
    ASSIGN_OR_RETURN(std::string const octets, Unescape(value));
    absl::StatusOr<std::string> const wire = ParseValue(key, octets);
    if (!wire.ok()) return Bad({KeyName(key), ": ", ToStd(wire.status().message())});
    if (wire->size() > 65535) return Bad({KeyName(key), " is too long"});
    if (!parameters.emplace(key, *wire).second) return Bad({KeyName(key), " is given twice"});
  }
  RETURN_IF_ERROR(CheckParameters(parameters));
  std::string wire;
  for (const auto& [key, value] : parameters) {
    Append16(wire, key);
    Append16(wire, static_cast<unsigned>(value.size()));
    wire += value;
  }
  return wire;
}

std::optional<std::string> FormatServiceParameters(std::string_view wire) {
  std::string text;
  int previous = -1;
  while (!wire.empty()) {
    if (wire.size() < 4) return std::nullopt;
    std::uint16_t const key = Get16(wire, 0);
    std::size_t const size = Get16(wire, 2);
    if (static_cast<int>(key) <= previous || key == kInvalid || wire.size() < 4 + size) return std::nullopt;
    std::optional<std::string> const value = FormatValue(key, wire.substr(4, size));
    if (!value.has_value()) return std::nullopt;
    if (!text.empty()) text += ' ';
    text += KeyName(key);
    if (!value->empty()) text += Cat({"=", NeedsQuotes(*value) ? Quote(*value) : *value});
    previous = key;
    wire.remove_prefix(4 + size);
  }
  return text;
}

}  // namespace fediversity::dns
