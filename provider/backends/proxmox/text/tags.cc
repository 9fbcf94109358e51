#include "provider/backends/proxmox/text/tags.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

std::set<std::string> ParseTags(std::string_view text) {
  return absl::StrSplit(absl::AsciiStrToLower(ToAbsl(text)), absl::ByAnyChar(";, \t\r\n"), absl::SkipEmpty());
}

std::string FormatTags(const std::set<std::string>& tags) { return Join(tags, ";"); }

absl::Status CheckTag(std::string_view tag) {
  bool valid = !tag.empty();
  for (std::size_t i = 0; valid && i < tag.size(); ++i) {
    bool const word = absl::ascii_isalnum(static_cast<unsigned char>(tag[i])) || tag[i] == '_';
    valid = word || (i > 0 && (tag[i] == '-' || tag[i] == '+' || tag[i] == '.'));
  }
  if (valid) return absl::OkStatus();
  return absl::InvalidArgumentError(
      ToAbsl(Cat({"Not a tag\n\"", ValidUtf8(tag),
                  "\" cannot be a tag: it begins with a letter, a digit or '_', "
                  "and goes on with those, '-', '+' and '.'."})));
}

}  // namespace fediversity::proxmox
