#include "resources/proxmox/vm/rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/base/size.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

bool IsWithin(const wire::Value& value, std::int64_t least, std::int64_t most) {
  auto const number = value.number().ToInt64();
  return number.has_value() && *number >= least && *number <= most;
}

bool IsOneOf(const wire::Value& value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, std::string_view(value.string())) != words.end();
}

// "203.0.113.9/24", of the family given, with at most `bits` in the prefix.
bool IsCidr(const std::string& text, int family, int bits) {
  std::size_t const slash = text.find('/');
  if (slash == std::string::npos) return false;
  std::array<unsigned char, 16> octets;
  if (inet_pton(family, text.substr(0, slash).c_str(), octets.data()) != 1) return false;
  int prefix = -1;
  const char* const end = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data() + slash + 1, end, prefix);
  return error == std::errc() && stop == end && prefix >= 0 && prefix <= bits;
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, [](unsigned char c) { return absl::ascii_isalnum(c) || c == '-'; });
}

}  // namespace

bool IsPositive(const wire::Value& value) { return IsWithin(value, 1, INT64_MAX); }
bool IsVmid(const wire::Value& value) { return IsWithin(value, 100, 999999999); }
bool IsVlan(const wire::Value& value) { return IsWithin(value, 1, 4094); }
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

bool IsIpv4Config(const wire::Value& value) {
  return IsOneOf(value, {"dhcp", "manual"}) || IsCidr(value.string(), AF_INET, 32);
}

bool IsIpv6Config(const wire::Value& value) {
  return IsOneOf(value, {"dhcp", "auto", "manual"}) || IsCidr(value.string(), AF_INET6, 128);
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

}  // namespace fediversity::resources
