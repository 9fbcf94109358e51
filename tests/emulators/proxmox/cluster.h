#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_CLUSTER_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_CLUSTER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/emulators/proxmox/access.h"
#include "tests/emulators/proxmox/api.h"
#include "tests/emulators/proxmox/tasks.h"
#include "tests/emulators/proxmox/vm_options.h"

namespace fediversity::emulators {

struct Node {
  std::string name;
  std::string ip;
  bool online = true;
  // How asking it through another node ends while it is not online.
  bool reports = true;  // else it is reached, and yet its status is "unknown"
  int proxy_status = 595;
  std::string proxy_error = "No route to host";
};

struct Storage {
  std::string name;
  std::string type = "dir";  // or "nfs" (shared files), "lvmthin" (blocks, no files)
  std::string path = "/var/lib/vz";
  std::set<std::string> content = {"images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import"};
  bool shared = false;
  std::set<std::string> nodes = {};  // where it is; everywhere, if empty

  bool HasFiles() const { return type != "lvmthin"; }
};

struct Volume {
  std::string id;       // "local:100/vm-100-disk-0.raw"
  std::string storage;  // "local"
  std::string node;     // "" on a shared storage
  int vmid = 0;         // 0: of no VM
  std::string content = "images";
  std::string format = "raw";
  std::uint64_t size = 0;
  std::uint64_t used = 4096;
  std::uint64_t virtual_size = 0;  // of an image inside of a file; 0: as the file
  std::int64_t ctime = 0;
  std::string base = {};      // id of the volume that a linked clone stands on
  bool stuck = false;         // its storage does not delete it
  std::string checksum = {};  // "sha256:..." of what was uploaded or downloaded, for tests
};

// What runs inside of a VM, as far as the hypervisor notices.
struct Guest {
  bool boots = true;             // else starting it fails
  bool answers_shutdown = true;  // else a shutdown runs into its timeout
  bool releases_devices = true;  // else hot-unplugging fails
  bool agent_runs = false;
  int agent_silent_calls = 0;                  // how many calls its agent does not answer yet
  Json interfaces = Json::array();             // what the agent says of its networks
  std::map<std::string, std::string> files{};  // what the agent can read
};

struct Snapshot {
  std::string name;
  std::string description;
  std::string parent;
  std::int64_t time = 0;
  Params config = {};
  std::string state = {};  // "prepare" where taking it did not come to an end
};

struct Vm {
  int vmid = 0;
  std::string node;
  Params config = {};               // as it is in effect
  Params pending = {};              // set, but not in effect yet
  std::set<std::string> removed{};  // deleted, but not in effect yet
  Params cloudinit = {};            // values that the drive still has, of options changed since it was made
  std::set<std::string> cloudinit_added{};
  std::vector<Snapshot> snapshots{};
  std::string current_parent{};  // the snapshot that the present state comes from
  bool running = false;
  bool paused = false;
  int pid = 0;
  Instant started{};
  Guest guest = {};

  std::string Get(std::string_view option) const;
  bool Has(std::string_view option) const { return config.contains(option); }
  bool IsTemplate() const { return Get("template") == "1"; }
  // As it will be after the next start.
  Params Planned() const;
};

struct Pool {
  std::string comment;
  std::set<int> vms = {};
  std::set<std::string> storages = {};
};

struct HaResource {
  std::string state = "started";
  std::string group = {};
  std::string comment = {};
  int max_restart = 1;
  int max_relocate = 1;
  Instant changed{};         // when the manager was last asked for something
  std::string move_to = {};  // the node that it was asked to move the VM to, until it does
};

// A container, which is there to be listed only.
struct Container {
  std::string node;
  std::string name;
  bool running = false;
};

// The firewall of a VM, which is kept and has no effect.
struct Firewall {
  std::vector<Json> rules = {};
  Json options = Json::object();
};

// A file that download-url finds.
struct ServedFile {
  std::uint64_t size = 0;
  std::uint64_t virtual_size = 0;           // of a disk image
  std::map<std::string, std::string> sums;  // "sha256" -> hexadecimal digest
};

// Everything that the emulated servers hold, and how they differ from a usual one. Not thread-safe: ProxmoxEmulator
// guards it.
class Cluster {
 public:
  struct Settings {
    Version version = Version::kNine;
    std::vector<std::string> nodes = {"pve1", "pve2", "pve3"};
    std::vector<Storage> storages =
        {};  // local (files), local-lvm (blocks) and shared (files) where none are given
    std::chrono::milliseconds task_latency{20};
    std::chrono::milliseconds lock_timeout{10'000};  // how long to wait for a VM that a task holds
    std::chrono::milliseconds status_period{
        10'000};  // of the daemon that gathers what /cluster/resources tells
    std::string qemu_version = "10.0.2";
    std::set<std::string> bridges = {"vmbr0"};
    bool has_efi_images = true;             // the firmware behind an EFI disk
    bool has_virt_fw_vars = true;           // the tool that enrols keys in an EFI disk
    bool has_wget = true;                   // the tool behind download-url
    bool has_ha_manager = true;             // that puts wanted states into effect
    std::chrono::milliseconds ha_delay{0};  // how long it takes to begin
    int agent_silent_after_start = 0;  // how many calls an agent does not answer after its VM has started
    bool clones_hold_locks = false;    // a full clone holds its source and the storage that it copies to
    std::chrono::milliseconds idle_timeout{0};  // after which a connection is closed; 0: never
  };

  explicit Cluster(Settings settings);

  // Lets time pass up to now: tasks that are due have their effect, the status daemon looks.
  void Settle();
  Instant Now() const;
  std::int64_t Wall() const;
  void Advance(std::chrono::milliseconds time) { skipped_ += time; }
  // Makes the status daemon look at once.
  void Refresh();

  Node* FindNode(std::string_view name);
  Vm* FindVm(int vmid);
  // The VM that a call names, on the node that it names.
  Vm* FindVm(const Call& call);
  // What is answered where there is none: "Configuration file 'nodes/pve/...' does not exist".
  static std::string NoSuchVm(std::string_view node, int vmid);
  // The first VMID that is free.
  int NextVmid() const;
  std::string PoolOf(int vmid) const;

  // A volume that is within reach of the node, or null.
  Volume* FindVolume(const std::string& id, const std::string& node);
  const Volume* FindVolume(const std::string& id, const std::string& node) const;
  Volume& AddVolume(Volume volume);
  void RemoveVolume(const std::string& id, const std::string& node);
  const std::map<std::pair<std::string, std::string>, Volume>& volumes() const { return volumes_; }

  // Starts a task that holds the VM, or none for 0, and returns its UPID.
  std::string StartTask(const Call& call, const std::string& type, const std::string& id, int vmid,
                        Task::Effect effect, std::function<void()> undo = {},
                        std::optional<Instant> duration = {}, const std::string& storage = {});

  std::string NewMac();
  std::string NewUuid();
  bool IsNine() const { return settings.version == Version::kNine; }

  Settings settings;
  std::vector<Node> nodes;
  std::map<std::string, Storage> storages;
  std::map<int, Vm> vms;
  std::map<std::string, Pool> pools;
  std::map<std::string, HaResource> ha;
  std::map<int, Container> containers;      // by VMID, which they share with VMs
  std::map<int, Firewall> firewalls;        // by VMID
  std::map<std::string, Json> mappings[3];  // pci, usb, dir
  std::map<std::string, ServedFile> served;
  AccessControl access;
  TaskList tasks;
  bool quorate = true;
  Json options = {{"description", ""}, {"mac_prefix", "BC:24:11"}};
  // What the status daemon last saw, by VMID.
  std::map<int, Json> seen;

 private:
  void ActAsHaManager();

  std::map<std::pair<std::string, std::string>, Volume> volumes_;  // by node ("" where shared) and id
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::milliseconds skipped_{0};
  Instant last_look_{};
  std::mt19937_64 random_;
};

// SHA-1 over what stands in the file, in hexadecimal.
std::string DigestOf(const Vm& vm);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_CLUSTER_H_
