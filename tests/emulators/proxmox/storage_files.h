#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STORAGE_FILES_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STORAGE_FILES_H_

#include <string>
#include <vector>

#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {

// Uploads and downloads of images.
std::vector<Route> StorageFileRoutes();

// The digest of `data` in hexadecimal, by the name of an algorithm as OpenSSL knows it; "" for an unknown one.
std::string HexDigest(const std::string& algorithm, const std::string& data);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_STORAGE_FILES_H_
