#include "provider/backends/dns/rdata_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/record_type.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

constexpr int kFamilyIpv4 = 1;
constexpr int kFamilyIpv6 = 2;

absl::Status Bad(std::initializer_list<std::string_view> why) { return absl::InvalidArgumentError(Cat(why)); }

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

absl::StatusOr<std::string> JoinTokens(std::span<const Token> tokens) {
  std::string joined;
  for (const Token& token : tokens) {
    if (token.quoted) return Bad({"double quotes have no place here"});
    joined += token.text;
  }
  if (joined.empty()) return Bad({"it is missing"});
  return joined;
}

}  // namespace

absl::StatusOr<std::uint32_t> ParseDecimal(std::string_view text, std::uint32_t most) {
  std::uint64_t value = 0;
  bool const digits =
      !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return Bad({"\"", ValidUtf8(text), "\" is no whole number"});
  for (char const c : text) {
    value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(c - '0'), std::uint64_t{1} << 40);
  }
  if (value > most) return Bad({text, " is over ", std::to_string(most)});
  return static_cast<std::uint32_t>(value);
}

absl::StatusOr<std::string> ParseIpv4(std::string_view text) {
  std::array<char, 4> octets;
  if (text.find('\0') != std::string_view::npos ||
      inet_pton(AF_INET, std::string(text).c_str(), octets.data()) != 1) {
    return Bad({"\"", ValidUtf8(text), "\" is no IPv4 address"});
  }
  return std::string(octets.data(), octets.size());
}

absl::StatusOr<std::string> ParseIpv6(std::string_view text) {
  std::array<char, 16> octets;
  if (text.find('\0') != std::string_view::npos ||
      inet_pton(AF_INET6, std::string(text).c_str(), octets.data()) != 1) {
    return Bad({"\"", ValidUtf8(text), "\" is no IPv6 address"});
  }
  return std::string(octets.data(), octets.size());
}

std::string FormatIpv4(std::string_view wire) {
  std::array<char, INET_ADDRSTRLEN> text;
  return inet_ntop(AF_INET, wire.data(), text.data(), text.size());
}

std::string FormatIpv6(std::string_view wire) {
  std::array<char, INET6_ADDRSTRLEN> text;
  return inet_ntop(AF_INET6, wire.data(), text.data(), text.size());
}

absl::StatusOr<std::string> ParseHex(std::span<const Token> tokens) {
  ASSIGN_OR_RETURN(std::string const digits, JoinTokens(tokens));
  if (!std::all_of(digits.begin(), digits.end(), IsHexDigit))
    return Bad({"it holds something that is no hexadecimal digit"});
  if (digits.size() % 2 != 0) return Bad({"it has an odd number of hexadecimal digits"});
  return absl::HexStringToBytes(digits);
}

absl::StatusOr<std::string> ParseBase64(std::span<const Token> tokens) {
  ASSIGN_OR_RETURN(std::string const text, JoinTokens(tokens));
  std::string octets;
  // Encoding it again finds what abseil lets pass: other alphabets, missing padding, stray bits.
  if (!absl::Base64Unescape(text, &octets) || octets.empty() || absl::Base64Escape(octets) != text) {
    return Bad({"it is no base64 with padding"});
  }
  return octets;
}

absl::StatusOr<std::string> ParseEui(std::string_view text, std::size_t size) {
  std::string octets;
  bool well_formed = text.size() == size * 3 - 1;
  for (std::size_t i = 0; well_formed && i < size; ++i) {
    std::string_view const pair = text.substr(i * 3, 2);
    well_formed = IsHexDigit(pair[0]) && IsHexDigit(pair[1]) && (i + 1 == size || text[i * 3 + 2] == '-');
    if (well_formed) octets += absl::HexStringToBytes(ToAbsl(pair));
  }
  if (!well_formed) {
    return Bad(
        {"it is not ", std::to_string(size), " pairs of hexadecimal digits with hyphens between them"});
  }
  return octets;
}

std::string FormatEui(std::string_view wire) {
  std::string text;
  for (char const octet : wire) {
    if (!text.empty()) text += '-';
    text += absl::BytesToHexString({&octet, 1});
  }
  return text;
}

absl::StatusOr<std::string> ParseTypeBitmap(std::span<const Token> tokens) {
  std::map<unsigned, std::string> windows;  // by high octet of the type
  for (const Token& token : tokens) {
    if (token.quoted) return Bad({"double quotes have no place here"});
    absl::StatusOr<RecordType> const type = ParseRecordType(token.text);
    if (!type.ok()) return Bad({"\"", ValidUtf8(token.text), "\" is no record type"});
    auto const number = static_cast<unsigned>(*type);
    std::string& bits = windows[number >> 8];
    std::size_t const octet = (number & 0xFF) / 8;
    if (bits.size() <= octet) bits.resize(octet + 1, '\0');
    bits[octet] = static_cast<char>(Get8(bits, octet) | 0x80U >> (number & 7));
  }
  std::string wire;
  for (const auto& [window, bits] : windows) {
    Append8(wire, window);
    Append8(wire, static_cast<unsigned>(bits.size()));
    wire += bits;
  }
  return wire;
}

std::optional<std::string> FormatTypeBitmap(std::string_view wire) {
  std::string text;
  int previous = -1;
  while (!wire.empty()) {
    if (wire.size() < 2) return std::nullopt;
    unsigned const window = Get8(wire, 0);
    unsigned const size = Get8(wire, 1);
    if (static_cast<int>(window) <= previous || size == 0 || size > 32 || wire.size() < 2 + size ||
        wire[1 + size] == '\0') {
      return std::nullopt;
    }
    for (unsigned bit = 0; bit < size * 8; ++bit) {
      if ((Get8(wire, 2 + bit / 8) & 0x80U >> (bit & 7)) == 0) continue;
      if (!text.empty()) text += ' ';
      text += RecordTypeName(static_cast<RecordType>(window << 8 | bit));
    }
    previous = static_cast<int>(window);
    wire.remove_prefix(2 + size);
  }
  return text;
}

absl::StatusOr<std::string> ParseAddressPrefixes(std::span<const Token> tokens) {
  std::string wire;
  for (const Token& token : tokens) {
    std::string_view text = token.text;
    bool const negated = text.starts_with('!');
    if (negated) text.remove_prefix(1);
    std::size_t const colon = text.find(':');
    std::size_t const slash = text.rfind('/');
    if (token.quoted || colon == std::string_view::npos || slash == std::string_view::npos || slash < colon) {
      return Bad({"\"", ValidUtf8(token.text), "\" is not of the form [!]FAMILY:ADDRESS/PREFIX"});
    }
    ASSIGN_OR_RETURN(std::uint32_t const family, ParseDecimal(text.substr(0, colon), 65535));
    if (family != kFamilyIpv4 && family != kFamilyIpv6)
      return Bad({"the family is neither 1 (IPv4) nor 2 (IPv6)"});
    bool const ipv4 = family == kFamilyIpv4;
    ASSIGN_OR_RETURN(std::uint32_t const prefix, ParseDecimal(text.substr(slash + 1), ipv4 ? 32 : 128));
    std::string_view const address_text = text.substr(colon + 1, slash - colon - 1);
    ASSIGN_OR_RETURN(std::string address, ipv4 ? ParseIpv4(address_text) : ParseIpv6(address_text));
    address.resize(address.find_last_not_of('\0') + 1);  // RFC 3123, 4: trailing zero octets are left out
    Append16(wire, family);
    Append8(wire, prefix);
    Append8(wire, static_cast<unsigned>(address.size()) | (negated ? 0x80U : 0U));
    wire += address;
  }
  return wire;
}

std::optional<std::string> FormatAddressPrefixes(std::string_view wire) {
  std::string text;
  while (!wire.empty()) {
    if (wire.size() < 4) return std::nullopt;
    int const family = Get16(wire);
    unsigned const prefix = Get8(wire, 2);
    unsigned const size = Get8(wire, 3) & 0x7F;
    bool const negated = (Get8(wire, 3) & 0x80) != 0;
    bool const ipv4 = family == kFamilyIpv4;
    if ((!ipv4 && family != kFamilyIpv6) || prefix > (ipv4 ? 32U : 128U) || size > (ipv4 ? 4U : 16U) ||
        wire.size() < 4 + size || (size > 0 && wire[3 + size] == '\0')) {
      return std::nullopt;
    }
    std::string address(wire.substr(4, size));
    address.resize(ipv4 ? 4 : 16, '\0');
    text += Cat({text.empty() ? "" : " ", negated ? "!" : "", std::to_string(family), ":",
                 ipv4 ? FormatIpv4(address) : FormatIpv6(address), "/", std::to_string(prefix)});
    wire.remove_prefix(4 + size);
  }
  return text;
}

}  // namespace fediversity::dns
