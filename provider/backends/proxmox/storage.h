#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_STORAGE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_STORAGE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fediversity::proxmox {

// A storage as one node sees it.
struct Storage {
  std::string name;
  std::string node;
  std::string type;                  // "dir", "zfspool", "rbd", ...
  std::vector<std::string> content;  // sorted: "images", "import", "iso", ...
  bool shared = false;
  bool enabled = true;
  bool active = false;
  std::int64_t total = 0;  // bytes; 0 where it is not active
  std::int64_t used = 0;
  std::int64_t available = 0;
};

struct Volume {
  std::string volid;      // "local:iso/tiny.iso"
  std::string content;    // "images", "iso", ...
  std::string format;     // "raw", "qcow2", "iso", ...
  std::int64_t size = 0;  // bytes
  std::int64_t vmid = 0;  // 0 for none
  std::string parent;     // of a linked clone
  std::string notes;
  std::optional<std::int64_t> ctime = {};  // seconds since 1970
};

struct Checksum {
  std::string algorithm;  // "sha256"
  std::string value;      // hexadecimal
};

// The node itself fetches `url`.
struct DownloadRequest {
  std::string node;
  std::string storage;
  std::string content;   // "iso", "import", "vztmpl"
  std::string filename;  // what it is called in the storage
  std::string url;
  std::optional<Checksum> checksum = {};
  std::string compression = {};  // "gz", "lzo", "zst": unpacked on the way; empty for none
  bool verify_certificates = true;
};

struct UploadRequest {
  std::string node;
  std::string storage;
  std::string content;
  std::string filename;
  std::string file;  // path of what is uploaded
  std::optional<Checksum> checksum = {};
  // Called now and then with how many bytes of how many are sent, from the thread that uploads.
  std::function<void(std::int64_t sent, std::int64_t total)> progress = {};
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_STORAGE_H_
