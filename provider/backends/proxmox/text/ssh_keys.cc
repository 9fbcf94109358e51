#include "provider/backends/proxmox/text/ssh_keys.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/text/url_encoding.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

// The lines of `text` without blanks around them, and without those that are empty.
void AppendLines(std::string_view text, std::vector<std::string>& lines) {
  for (absl::string_view const line :
       absl::StrSplit(ToAbsl(text), absl::ByAnyChar("\r\n"), absl::SkipWhitespace())) {
    lines.emplace_back(absl::StripAsciiWhitespace(line));
  }
}

}  // namespace

std::string FormatSshKeys(const std::vector<std::string>& keys) {
  std::vector<std::string> lines;
  for (const std::string& key : keys) AppendLines(key, lines);
  return UrlEncode(Join(lines, "\n"));
}

absl::StatusOr<std::vector<std::string>> ParseSshKeys(std::string_view value) {
  ASSIGN_OR_RETURN(std::string const text, UrlDecode(value));
  std::vector<std::string> keys;
  AppendLines(text, keys);
  return keys;
}

bool SameSshKeys(std::string_view a, std::string_view b) {
  if (a == b) return true;
  absl::StatusOr<std::vector<std::string>> const first = ParseSshKeys(a);
  absl::StatusOr<std::vector<std::string>> const second = ParseSshKeys(b);
  return first.ok() && second.ok() && *first == *second;
}

}  // namespace fediversity::proxmox
