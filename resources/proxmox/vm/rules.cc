#include "resources/proxmox/vm/rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/backends/proxmox/text/url_encoding.h"
#include "provider/base/size.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

constexpr int kIpv4Bits = 32;
constexpr int kIpv6Bits = 128;
constexpr std::size_t kLongestSerial = 60;
constexpr std::int64_t kLeastMebibytes = 16;

bool IsOneOf(const wire::Value& value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, std::string_view(value.string())) != words.end();
}

using Octets = std::array<unsigned char, 16>;

bool ReadAddress(const std::string& text, int family, Octets& octets) {
  return inet_pton(family, text.c_str(), octets.data()) == 1;
}

// "203.0.113.9/24".
struct Network {
  Octets octets{};
  int prefix = 0;
};

// Of the family given, with at most `bits` in the prefix.
std::optional<Network> ReadCidr(const std::string& text, int family, int bits) {
  Network network;
  std::size_t const slash = text.find('/');
  if (slash == std::string::npos || !ReadAddress(text.substr(0, slash), family, network.octets))
    return std::nullopt;
  const char* const end = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data() + slash + 1, end, network.prefix);
  bool const fits = error == std::errc() && stop == end && network.prefix >= 0 && network.prefix <= bits;
  return fits ? std::optional(network) : std::nullopt;
}

// Whether the first `count` bits are alike.
bool ShareBits(const Octets& one, const Octets& other, int count) {
  constexpr int kByte = 8;
  for (int i = 0; i * kByte < count; ++i) {
    int const bits = std::min(count - i * kByte, kByte);
    int const differing = one[static_cast<std::size_t>(i)] ^ other[static_cast<std::size_t>(i)];
    if (differing >> (kByte - bits) != 0) return false;
  }
  return true;
}

bool IsLinkLocal(const Octets& octets, int family) {
  return family == AF_INET6 && octets[0] == 0xFE && (octets[1] & 0xC0) == 0x80;
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-'; });
}

}  // namespace

bool IsPositive(const wire::Value& value) { return IsNumberWithin(value, 1, INT64_MAX); }
bool IsVmid(const wire::Value& value) { return IsNumberWithin(value, 100, 999999999); }
bool IsVlan(const wire::Value& value) { return IsNumberWithin(value, 1, 4094); }
bool IsSize(const wire::Value& value) { return proxmox::ParseSize(value.string()).ok(); }

bool IsWholeMebibytes(const wire::Value& value) {
  auto const bytes = proxmox::ParseSize(value.string());
  return bytes.ok() && *bytes % proxmox::kMebibyte == 0;
}

std::string AdviseSize(const wire::Value& value) {
  auto const nearest =
      proxmox::ParseSize(value.string()).ok() ? std::nullopt : NearestSize(value.string(), kMebibyte);
  return nearest.has_value() ? Cat({"It is not a whole number of bytes; write \"", *nearest, "\"."}) : "";
}

std::string AdviseMebibytes(const wire::Value& value) {
  auto const nearest = NearestSize(value.string(), kMebibyte);
  return nearest.has_value() ? Cat({"It is not a whole number of MiB; write \"", *nearest, "\"."}) : "";
}

bool IsDnsName(const wire::Value& value) {
  std::string_view rest = value.string();
  if (rest.size() > 253) return false;
  while (true) {
    std::size_t const dot = rest.find('.');
    if (!IsLabel(rest.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    rest.remove_prefix(dot + 1);
  }
}

bool IsMac(const wire::Value& value) {
  auto const mac = proxmox::Mac::Parse(value.string());
  return mac.ok() && !mac->is_multicast();
}

bool IsTag(const wire::Value& value) { return proxmox::CheckTag(value.string()).ok(); }

bool IsIpv4Address(const wire::Value& value) {
  Octets octets;
  return ReadAddress(value.string(), AF_INET, octets);
}

bool IsIpv6Address(const wire::Value& value) {
  Octets octets;
  return ReadAddress(value.string(), AF_INET6, octets);
}

bool IsIpv4Config(const wire::Value& value) {
  return IsOneOf(value, {"dhcp", "manual"}) || ReadCidr(value.string(), AF_INET, kIpv4Bits).has_value();
}

bool IsIpv6Config(const wire::Value& value) {
  return IsOneOf(value, {"dhcp", "auto", "manual"}) ||
         ReadCidr(value.string(), AF_INET6, kIpv6Bits).has_value();
}

bool IsSshKey(const wire::Value& value) {
  std::string_view const key =
      ToStd(absl::StripAsciiWhitespace({value.string().data(), value.string().size()}));
  return key.find('\n') == std::string_view::npos && key.find(' ') != std::string_view::npos;
}

bool IsOnRemove(const wire::Value& value) { return IsOneOf(value, {"detach", "delete"}); }
bool IsReboot(const wire::Value& value) { return IsOneOf(value, {"never", "when_needed"}); }
bool IsWaitForIp(const wire::Value& value) { return IsOneOf(value, {"any", "ipv4", "ipv6", "both"}); }
bool IsHaState(const wire::Value& value) {
  return IsOneOf(value, {"started", "stopped", "ignored", "disabled", "none"});
}

bool IsMachine(const wire::Value& value) { return value.string().find_first_of(",=") == std::string::npos; }
bool IsSerial(const wire::Value& value) {
  return proxmox::UrlEncode(value.string()).size() <= kLongestSerial;
}

bool IsWwn(const wire::Value& value) {
  constexpr std::size_t kDigits = 16;
  std::string_view const text = value.string();
  return text.starts_with("0x") && text.size() == kDigits + 2 &&
         std::ranges::all_of(text.substr(2), [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

bool IsNumberWithin(const wire::Value& value, std::int64_t least, std::int64_t most) {
  return value.number() >= wire::Number(least) && value.number() <= wire::Number(most);
}

bool HasLeastMemory(const wire::Value& value) {
  auto const bytes = proxmox::ParseSize(value.string());
  return !bytes.ok() || *bytes >= kLeastMebibytes * proxmox::kMebibyte;
}

bool IsWithinReach(const std::string& address, const std::string& gateway) {
  bool const ipv6 = address.find(':') != std::string::npos;
  int const family = ipv6 ? AF_INET6 : AF_INET;
  int const bits = ipv6 ? kIpv6Bits : kIpv4Bits;
  auto const network = ReadCidr(address, family, bits);
  Octets octets{};
  if (!network.has_value() || !ReadAddress(gateway, family, octets)) return true;
  return network->prefix == bits || IsLinkLocal(octets, family) ||
         ShareBits(network->octets, octets, network->prefix);
}

}  // namespace fediversity::resources
