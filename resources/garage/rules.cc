#include "resources/garage/rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "provider/base/size.h"
#include "provider/base/text.h"
#include "resources/garage/instant.h"

namespace fediversity::resources {
namespace {

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsIpAddress(const std::string& text) {
  in_addr octets;
  return inet_pton(AF_INET, text.c_str(), &octets) == 1;
}

bool IsAtLeast(const wire::Value& value, std::int64_t least) {
  auto const number = value.number().ToInt64();
  return number.has_value() && *number >= least;
}

}  // namespace

bool IsBucketId(const wire::Value& value) {
  const std::string& id = value.string();
  return id.size() == 64 &&
         std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsBucketAlias(const wire::Value& value) {
  const std::string& alias = value.string();
  if (alias.size() < 3 || alias.size() > 63) return false;
  if (!IsLowerOrDigit(alias.front()) || !IsLowerOrDigit(alias.back())) return false;
  return std::ranges::all_of(alias, [](char c) { return IsLowerOrDigit(c) || c == '.' || c == '-'; }) &&
         !IsIpAddress(alias) && !alias.ends_with("-s3alias");
}

bool IsAccessKeyId(const wire::Value& value) {
  const std::string& id = value.string();
  return id.size() >= 8 && std::ranges::all_of(id, [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
         });
}

bool IsSecretAccessKey(const wire::Value& value) {
  const std::string& secret = value.string();
  return secret.size() >= 16 &&
         std::ranges::all_of(secret, [](unsigned char c) { return absl::ascii_isgraph(c); });
}

bool IsByteSize(const wire::Value& value) { return ParseSize(value.string()).ok(); }

std::string AdviseByteSize(const wire::Value& value) {
  auto const nearest = NearestSize(value.string(), kMebibyte);
  return nearest.has_value() ? Cat({"It is not a whole number of bytes; write \"", *nearest, "\"."}) : "";
}

bool IsExpiration(const wire::Value& value) {
  return value.string() == kNever || ParseInstant(value.string()).has_value();
}

// Garage keeps the text as it is, and takes midnight only.
bool IsExpirationDate(const wire::Value& value) {
  const std::string& text = value.string();
  absl::CivilDay day;
  return text.size() >= 10 && absl::ParseCivilTime(text.substr(0, 10), &day) &&
         absl::FormatCivilTime(day) == text.substr(0, 10) &&
         (text.size() == 10 || text.substr(10) == "T00:00:00Z");
}

bool IsDocumentName(const wire::Value& value) {
  return !value.string().empty() && value.string().find('/') == std::string::npos;
}

bool IsAtLeastZero(const wire::Value& value) { return IsAtLeast(value, 0); }
bool IsAtLeastOne(const wire::Value& value) { return IsAtLeast(value, 1); }

bool IsRedirectProtocol(const wire::Value& value) {
  return value.string() == "http" || value.string() == "https";
}

}  // namespace fediversity::resources
