#include "resources/proxmox/vm/format.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "provider/backends/proxmox/text/config_text.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/option_value.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/ssh_keys.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/backends/proxmox/text/url_encoding.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

std::optional<std::string> NonEmpty(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

std::optional<std::string> TextFormat::Text(const std::string& value) { return NonEmpty(value); }
absl::StatusOr<std::string> TextFormat::Parse(std::string_view text) { return std::string(text); }

absl::StatusOr<bool> BoolFormat::Parse(std::string_view text) {
  auto const value = proxmox::ParseBool(text);
  if (!value.has_value()) return absl::InvalidArgumentError(Cat({"\"", text, "\" is no boolean"}));
  return *value;
}

absl::StatusOr<std::int64_t> IntegerFormat::Parse(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return absl::InvalidArgumentError(Cat({"\"", text, "\" is no whole number"}));
  }
  return value;
}

// What no parser reads passes as it is: a rule has refused it by then, or the service will.
std::optional<std::string> MebibyteFormat::Text(const std::string& value) {
  auto const bytes = proxmox::ParseSize(value);
  if (!bytes.ok() || *bytes % proxmox::kMebibyte != 0) return value;
  return std::to_string(*bytes / proxmox::kMebibyte);
}

absl::StatusOr<std::string> MebibyteFormat::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(std::int64_t const count, IntegerFormat::Parse(text));
  constexpr std::int64_t kMost = INT64_MAX / proxmox::kMebibyte;
  if (count < 0 || count > kMost) return absl::InvalidArgumentError(Cat({"\"", text, "\" MiB is no size"}));
  return proxmox::FormatSize(count * proxmox::kMebibyte);
}

std::optional<std::string> SizeFormat::Text(const std::string& value) {
  auto const bytes = proxmox::ParseSize(value);
  return bytes.ok() ? proxmox::FormatSize(*bytes) : value;
}

absl::StatusOr<std::string> SizeFormat::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(std::int64_t const bytes, proxmox::ParseServerSize(text));
  return proxmox::FormatSize(bytes);
}

std::optional<std::string> MacFormat::Text(const std::string& value) {
  auto const mac = proxmox::Mac::Parse(value);
  return mac.ok() ? mac->ToText() : NonEmpty(value);
}
absl::StatusOr<std::string> MacFormat::Parse(std::string_view text) { return std::string(text); }

std::optional<std::string> LowerCaseFormat::Text(const std::string& value) {
  return NonEmpty(absl::AsciiStrToLower(value));
}

std::optional<std::string> UrlEncodedFormat::Text(const std::string& value) {
  return NonEmpty(proxmox::UrlEncode(value));
}
absl::StatusOr<std::string> UrlEncodedFormat::Parse(std::string_view text) {
  return proxmox::UrlDecode(text);
}

std::optional<std::string> DescriptionFormat::Text(const std::string& value) {
  return NonEmpty(std::string(proxmox::TrimDescription(value)));
}
absl::StatusOr<std::string> DescriptionFormat::Parse(std::string_view text) {
  return std::string(proxmox::TrimDescription(text));
}

std::optional<std::string> TagsFormat::Text(const schema::Set<std::string>& value) {
  std::set<std::string> tags;
  for (const auto& tag : value.items) {
    if (tag.has_value()) tags.merge(proxmox::ParseTags(*tag));
  }
  return NonEmpty(proxmox::FormatTags(tags));
}

absl::StatusOr<schema::Set<std::string>> TagsFormat::Parse(std::string_view text) {
  schema::Set<std::string> set;
  for (const std::string& tag : proxmox::ParseTags(text)) set.items.emplace_back(tag);
  return set;
}

std::optional<std::string> HotplugFormat::Text(const schema::Set<std::string>& value) {
  return SetFormat<','>::Text(value).value_or("0");
}

std::optional<std::string> SshKeysFormat::Text(const schema::List<std::string>& value) {
  std::vector<std::string> keys;
  for (const auto& key : value) {
    if (key.has_value()) keys.push_back(*key);
  }
  return NonEmpty(proxmox::FormatSshKeys(keys));
}

absl::StatusOr<schema::List<std::string>> SshKeysFormat::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(std::vector<std::string> const keys, proxmox::ParseSshKeys(text));
  return schema::List<std::string>(keys.begin(), keys.end());
}

namespace internal {

std::optional<std::string> JoinKnown(const schema::List<std::string>& items, char separator, bool sorted) {
  std::vector<std::string> texts;
  for (const auto& item : items) {
    if (item.has_value() && !item->empty()) texts.push_back(*item);
  }
  if (sorted) std::ranges::sort(texts);
  return NonEmpty(Join(texts, std::string_view(&separator, 1)));
}

schema::List<std::string> SplitText(std::string_view text, std::string_view separators) {
  schema::List<std::string> items;
  while (!text.empty()) {
    std::size_t const end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) items.emplace_back(std::string(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

}  // namespace internal
}  // namespace fediversity::resources
