#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_TAGS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_TAGS_H_

#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace fediversity::proxmox {

// The tags in a configuration's `tags`: between ';', ',' or blanks, in lower case, each once.
std::set<std::string> ParseTags(std::string_view text);
// As the server writes them: "prod;web".
std::string FormatTags(const std::set<std::string>& tags);
// InvalidArgument with the rule in words: letters, digits and '_', further on also '-', '+' and '.'. Upper
// case passes, for the server only lowers it.
absl::Status CheckTag(std::string_view tag);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TEXT_TAGS_H_
