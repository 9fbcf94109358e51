#include "provider/backends/proxmox/text/option_value.h"

#include <algorithm>
#include <set>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/text/mac.h"
#include "provider/backends/proxmox/text/size.h"
#include "provider/backends/proxmox/text/url_encoding.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

bool IsDecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "050.00" is "50".
std::string ComparableNumber(std::string_view text) {
  std::size_t const point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (!IsDecimal(whole) || (point != std::string_view::npos && !IsDecimal(fraction)))
    return std::string(text);
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));
  fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? std::string(whole) : Cat({whole, ".", fraction});
}

std::string ComparableSet(std::string_view text) {
  std::set<std::string> const parts = absl::StrSplit(ToAbsl(text), ';', absl::SkipEmpty());
  return Join(parts, ";");
}

std::string ComparableBase64(std::string_view text, bool base64) {
  std::string decoded;
  return base64 && absl::Base64Unescape(ToAbsl(text), &decoded) ? decoded : std::string(text);
}

}  // namespace

std::optional<bool> ParseBool(std::string_view text) {
  for (std::string_view const yes : {"1", "on", "yes", "true"}) {
    if (absl::EqualsIgnoreCase(ToAbsl(text), ToAbsl(yes))) return true;
  }
  for (std::string_view const no : {"0", "off", "no", "false"}) {
    if (absl::EqualsIgnoreCase(ToAbsl(text), ToAbsl(no))) return false;
  }
  return std::nullopt;
}

std::string ComparableValue(Form form, std::string_view value, bool base64) {
  switch (form) {
    case Form::kText:
    case Form::kList: break;
    case Form::kBool:
    case Form::kBase64Flag:
      if (std::optional<bool> const flag = ParseBool(value)) return *flag ? "1" : "0";
      break;
    case Form::kInteger:
    case Form::kNumber: return ComparableNumber(value);
    case Form::kSize:
      if (absl::StatusOr<std::int64_t> const bytes = ParseServerSize(value); bytes.ok()) {
        return std::to_string(*bytes);
      }
      break;
    case Form::kMac: return absl::AsciiStrToUpper(ToAbsl(value));
    case Form::kUuid: return absl::AsciiStrToLower(ToAbsl(value));
    case Form::kSet: return ComparableSet(value);
    case Form::kUrlEncoded:
      if (absl::StatusOr<std::string> decoded = UrlDecode(value); decoded.ok()) return *std::move(decoded);
      break;
    case Form::kMaybeBase64: return ComparableBase64(value, base64);
  }
  return std::string(value);
}

std::string PrintedValue(Form form, std::string_view value) {
  if (form == Form::kBool || form == Form::kBase64Flag) {
    if (std::optional<bool> const flag = ParseBool(value)) return *flag ? "1" : "0";
  }
  if (form == Form::kSize) {
    if (absl::StatusOr<std::int64_t> const bytes = ParseServerSize(value); bytes.ok())
      return FormatSize(*bytes);
  }
  return std::string(value);
}

}  // namespace fediversity::proxmox
