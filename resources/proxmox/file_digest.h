#ifndef FEDIVERSITY_RESOURCES_PROXMOX_FILE_DIGEST_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_FILE_DIGEST_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "provider/base/cancel.h"

namespace fediversity::resources {

// What identifies the content of a file.
struct FileDigest {
  std::int64_t size = 0;                      // bytes that were read
  std::map<std::string, std::string> digest;  // by algorithm, in lower-case hexadecimal
};

// Reads the file once and computes its digest by each of `algorithms`, named as OpenSSL names them ("sha256").
// NotFound where there is no such file; FailedPrecondition where it cannot be read or is no ordinary file;
// InvalidArgument for an algorithm that is not known; Cancelled. Thread-safe.
absl::StatusOr<FileDigest> DigestFile(const std::string& path, const std::set<std::string>& algorithms,
                                      const CancelToken& cancel);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_FILE_DIGEST_H_
