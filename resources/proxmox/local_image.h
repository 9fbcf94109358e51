#ifndef FEDIVERSITY_RESOURCES_PROXMOX_LOCAL_IMAGE_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_LOCAL_IMAGE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::resources {

// The file that `path` stands for: itself, or where it is a directory, as the output of a Nix build is, the one image of
// that kind of content in it or below it. Links are followed; `nix-support` and what is hidden are left out.
//
// NotFound where there is nothing at `path`; FailedPrecondition where a directory holds no such file or several, naming
// what it holds, or cannot be read. Thread-safe.
absl::StatusOr<std::string> FindLocalImage(const std::string& path, std::string_view content);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_LOCAL_IMAGE_H_
