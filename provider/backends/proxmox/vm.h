#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fediversity::proxmox {

// A virtual machine and the node that it is on at the moment.
struct VmId {
  std::int64_t vmid = 0;
  std::string node;

  friend bool operator==(const VmId&, const VmId&) = default;
};

// A row of /cluster/resources. Statistics lag by about ten seconds; what a VM is called and does is not known for
// that long after it was made.
struct VmSummary {
  std::int64_t vmid = 0;
  std::string node;
  std::string name;      // empty where the server does not know it yet
  std::string status;    // "running", "stopped", "unknown", ...
  std::string pool;      // empty for none
  std::string tags;      // as in the config: "a;b"
  std::string lock;      // empty for none
  std::string ha_state;  // empty where HA does not manage it
  // nullopt while its node has not told them.
  std::optional<bool> is_template = {};
  std::optional<std::int64_t> max_memory = {};  // bytes
  std::optional<double> max_cpu = {};           // cores
  std::optional<std::int64_t> max_disk = {};    // bytes, of the boot disk
  std::int64_t uptime = 0;                      // seconds
};

// A VM's configuration, every value as text, whether the server sent it as text or as a number.
struct VmConfig {
  std::map<std::string, std::string, std::less<>> values;
  std::string digest;  // of the file as it was read, not among `values`

  // nullptr where the key is not set.
  const std::string* Find(std::string_view key) const {
    auto const found = values.find(key);
    return found == values.end() ? nullptr : &found->second;
  }
  bool Holds(std::string_view key, std::string_view value) const {
    const std::string* const found = Find(key);
    return found != nullptr && *found == value;
  }
};

// Where the VM is, and its configuration.
struct LocatedVm {
  VmId vm;
  VmConfig config;
};

struct VmSnapshot {
  std::string name;
  VmConfig config;  // the VM's when it was taken
};

// A key of a configuration that is not in effect yet as it is written, for want of a reboot.
struct PendingChange {
  std::string key;
  std::optional<std::string> value;    // in effect; nullopt where the key is new
  std::optional<std::string> pending;  // to be; nullopt where it is to be deleted
  bool deleted = false;
};

struct VmStatus {
  std::string status;      // "running" or "stopped"
  std::string qmp_status;  // QEMU's own: "running", "paused", "prelaunch", "internal-error", ...
  std::string name;
  std::string lock;  // empty for none
  bool ha_managed = false;
  std::string ha_state;  // empty where unknown
  bool agent_enabled = false;
  std::int64_t uptime = 0;      // seconds
  std::string running_machine;  // of a running VM: "pc-i440fx-9.2+pve1"
  std::string running_qemu;

  bool running() const { return status == "running"; }
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_VM_H_
