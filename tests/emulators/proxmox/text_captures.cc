// What the captures in text do not show: what was on the servers before, and what was done there between the requests.

#include "tests/emulators/proxmox/text_replay.h"

namespace fediversity::emulators {
namespace {

constexpr std::uint64_t kOneGibibyte = 1ULL << 30;

void AddVm(TextReplay& replay, int vmid, Params config, bool running) {
  replay.emulator().With([&](Cluster& cluster) {
    cluster.vms[vmid] = {.vmid = vmid, .node = "pve", .config = std::move(config), .running = running};
  });
}

template <typename Change>
void ChangeVm(TextReplay& replay, int vmid, Change change) {
  replay.emulator().With([&](Cluster& cluster) { change(cluster.vms[vmid]); });
}

void AddDisk(TextReplay& replay, const std::string& id, int vmid, std::uint64_t size) {
  replay.replay().AddFile(id, vmid, "images", id.substr(id.rfind('.') + 1), size);
}

void SetQuorum(TextReplay& replay, bool quorate) {
  replay.emulator().With([&](Cluster& cluster) { cluster.quorate = quorate; });
}

// A request that the capture shows the answer of alone.
void Send(TextReplay& replay, const std::string& path, Params params, const std::string& upid) {
  replay.replay().Send({.method = "POST",
                        .path = "/nodes/pve/qemu" + path,
                        .params = std::move(params),
                        .status = 200,
                        .reason = "OK",
                        .answer = {{"data", upid}}},
                       replay.replay().root());
}

Params Web1() {
  return {{"vmgenid", "98896b91-fcc3-4949-8543-24a28fe9b0d9"},
          {"scsihw", "virtio-scsi-pci"},
          {"name", "web1"},
          {"scsi0", "local:100/vm-100-disk-0.raw,size=1G"},
          {"ostype", "l26"},
          {"agent", "1"},
          {"smbios1", "uuid=2b46b7e0-8f03-4e92-91b4-54c73f95303d"},
          {"boot", "order=scsi0;net0"},
          {"tags", "a;b"},
          {"cores", "1"},
          {"meta", "creation-qemu=7.2.22,ctime=1795415267"},
          {"net0", "virtio=BC:24:11:4C:11:A1,bridge=vmbr0"},
          {"memory", "512"}};
}

void FurnishRunning(TextReplay& replay) {
  AddDisk(replay, "local:100/vm-100-disk-0.raw", 100, kOneGibibyte);
  AddVm(replay, 100, Web1(), true);
  ChangeVm(replay, 100, [](Vm& vm) { vm.guest.releases_devices = false; });
}

// Later on it has a second disk and no network.
void FurnishTwoDisks(TextReplay& replay) {
  AddDisk(replay, "local:100/vm-100-disk-0.raw", 100, kOneGibibyte);
  AddDisk(replay, "local:100/vm-100-disk-1.qcow2", 100, 2500ULL << 20);
  Params config = Web1();
  for (const char* const gone : {"net0", "agent"}) config.erase(gone);
  config["name"] = "web1b";
  config["boot"] = "order=scsi0";
  config["cores"] = "2";
  config["scsi1"] = "local:100/vm-100-disk-1.qcow2,discard=on,size=2500M";
  AddVm(replay, 100, std::move(config), false);
}

void FurnishWithArguments(TextReplay& replay) {
  FurnishTwoDisks(replay);
  ChangeVm(replay, 100, [](Vm& vm) {
    vm.config["name"] = "w1";
    vm.config["args"] = "-nographic";
    vm.config["vmgenid"] = "4c6663e9-9f81-484c-900d-05e9f04fd4e9";
  });
}

void FurnishUploads(TextReplay& replay) {
  FurnishTwoDisks(replay);
  replay.replay().AddFile("local:iso/tiny.iso", 0, "iso", "iso", 3'145'728);
  replay.replay().AddFile("local:import/img.qcow2", 0, "import", "qcow2", 196'616);
  replay.emulator().With([](Cluster& cluster) {
    cluster.FindVolume("local:import/img.qcow2", "pve")->virtual_size = 64ULL << 20;
    cluster.FindVolume("local:100/vm-100-disk-1.qcow2", "pve")->used = 335'872;
  });
}

void FurnishEmpty(TextReplay& replay) { AddVm(replay, 120, {}, false); }

void Grant(TextReplay& replay, const std::string& path, const std::string& role) {
  replay.emulator().With([&](Cluster& cluster) {
    cluster.access.acl.push_back({.path = path, .who = "bob@pve", .role = role});
  });
}

void BecomeBob(TextReplay& replay) {
  std::string const token = replay.emulator().MakeToken("bob@pve", "t1", "NoAccess", "/");
  replay.Use(TestClient(replay.emulator(), {.authorization = "PVEAPIToken=" + token}));
}

void LockForBackup(TextReplay& replay) {
  replay.UseRoot();
  ChangeVm(replay, 100, [](Vm& vm) { vm.config["lock"] = "backup"; });
}

// Somebody holds the configuration of VM 100 locked.
void HoldLock(TextReplay& replay) {
  replay.emulator().With([](Cluster& cluster) {
    cluster.vms[100].config.erase("lock");
    cluster.tasks.set_next_fault(Fault{.action = Fault::Action::kHangTask});
    cluster.StartTask({.params = {{"node", "pve"}}, .who = {.user = "root@pam"}}, "hold", "100", 100,
                      [](std::vector<std::string>&) { return Failure(); });
  });
}

void ReleaseLock(TextReplay& replay) {
  replay.emulator().With([](Cluster& cluster) {
    std::string const upid = cluster.tasks.Holder(100)->upid;
    cluster.tasks.Stop(*cluster.tasks.Find(upid), cluster.Wall());
  });
}

// The node names are known, and nobody answers there.
void AddDeadNodes(TextReplay& replay) {
  replay.emulator().With([](Cluster& cluster) {
    cluster.nodes.push_back(
        {.name = "refnode", .ip = "192.0.2.11", .online = false, .proxy_error = "Connection refused"});
    cluster.nodes.push_back({.name = "deadnode", .ip = "192.0.2.12", .online = false});
  });
}

void Resized(TextReplay& replay) {
  replay.emulator().With([](Cluster& cluster) {
    cluster.vms[121].config["scsi0"] = "local:121/vm-121-disk-0.raw,size=2415919105";
    cluster.vms[121].config["virtio0"] = "local:121/vm-121-disk-1.qcow2,size=1700000000";
    cluster.FindVolume("local:121/vm-121-disk-1.qcow2", "pve")->size = 1'700'000'768;
  });
}

// The digest that the requests after this one name was read before.
void LearnDigest(TextReplay& replay) {
  Json const config = replay.replay().root().Config(121);
  Json const captured = {{"data", {{"digest", "f9f62d033c53339eaf08794f64303de88b8c5984"}}}};
  Json const emulated = {{"data", {{"digest", config["digest"]}}}};
  replay.replay().comparison().Compare("", captured, emulated);
}

void CreateInARace(TextReplay& replay) {
  Send(replay, "", {{"vmid", "130"}}, "UPID:pve:000005E4:0002E094:6B03DF8A:qmcreate:130:root@pam!tofu:");
}

void ShutDownInVain(TextReplay& replay) {
  Send(replay, "/121/status/start", {}, "UPID:pve:000005F4:0002E1BA:6B03DF8D:qmstart:121:root@pam!tofu:");
  replay.emulator().FinishTasks();
  replay.emulator().AddFault({.action = Fault::Action::kHangTask, .method = "POST"});
  Send(replay, "/121/status/shutdown", {},
       "UPID:pve:0000061C:0002E2C1:6B03DF90:qmshutdown:121:root@pam!tofu:");
}

// The snapshot that failed left a lock and an entry behind.
void LeaveSnapshot(TextReplay& replay) {
  ChangeVm(replay, 100, [](Vm& vm) {
    vm.config["lock"] = "snapshot";
    vm.snapshots.push_back({.name = "s1", .state = "prepare"});
  });
}

// The node was started anew, and the lock taken away.
void FurnishSnapshot(TextReplay& replay) {
  AddDisk(replay, "local:100/vm-100-disk-0.qcow2", 100, 2 * kOneGibibyte);
  Params config = Web1();
  config["scsihw"] = "virtio-scsi-single";
  config["scsi0"] = "local:100/vm-100-disk-0.qcow2,iothread=1,size=2G";
  AddVm(replay, 100, std::move(config), false);
  ChangeVm(replay, 100, [](Vm& vm) { vm.pending["memory"] = "768"; });
  LeaveSnapshot(replay);
  ChangeVm(replay, 100, [](Vm& vm) { vm.config.erase("lock"); });
}

void CreateAnew(TextReplay& replay) {
  AddDisk(replay, "local:100/vm-100-disk-0.raw", 100, kOneGibibyte);
  AddVm(replay, 100,
        {{"name", "web1"},
         {"memory", "512"},
         {"scsi0", "local:100/vm-100-disk-0.raw,size=1G"},
         {"net0", "virtio=BC:24:11:A3:EC:FB,bridge=vmbr0"},
         {"smbios1", "uuid=7b0a453a-0f38-4b3a-a8f2-101efe1ffcc3"},
         {"vmgenid", "fdc28a0b-66da-4956-a942-3992d2a3f733"},
         {"meta", "creation-qemu=7.2.22,ctime=1795416442"},
         {"boot", "order=scsi0;net0"}},
        false);
}

void FurnishFirmware(TextReplay& replay) {
  AddDisk(replay, "local:105/vm-105-disk-1.raw", 105, kOneGibibyte);
  AddVm(replay, 105,
        {{"smbios1", "uuid=3c7f3825-a56d-471a-8122-1c7050bcec7d"},
         {"meta", "creation-qemu=7.2.22,ctime=1795416446"},
         {"bios", "ovmf"},
         {"net0", "virtio=BC:24:11:53:31:59,bridge=vmbr0"},
         {"efidisk0", "local:105/vm-105-disk-0.raw,efitype=4m,size=528K"},
         {"vmgenid", "c17aca69-95b8-4a63-b59e-679aa44e8555"},
         {"machine", "q35"},
         {"boot", "order=scsi0;net0"},
         {"scsi0", "local:105/vm-105-disk-1.raw,size=1G"}},
        true);
  ChangeVm(replay, 105, [](Vm& vm) { vm.guest.releases_devices = false; });
}

constexpr std::string_view kQemuLock =
    "the QEMU of the captured server locks an image against its own qemu-img";
constexpr std::string_view kNoSnapshots =
    "the QEMU of the captured server cannot take a snapshot of a running VM";
constexpr std::string_view kCrashedGuest = "firmware crashed on the captured server, which had no KVM";
constexpr std::string_view kWarning = "a warning of Perl stands in the log";
constexpr std::string_view kQemuImg =
    "the captured server had qemu-img behind a wrapper, which the message names";

}  // namespace

std::vector<TextCapture> TextCaptures() {
  return {
      {.name = "01-errors", .furnish = FurnishRunning},
      {.name = "02-lifecycle",
       .furnish = FurnishRunning,
       .before = {{31,
                   [](TextReplay& replay) {
                     ChangeVm(replay, 100, [](Vm& vm) { vm.guest.releases_devices = true; });
                   }}},
       .left_out = {{37, kQemuLock}, {45, kQemuLock}, {55, kQemuLock}}},
      {.name = "03-clone-etc",
       .furnish = FurnishTwoDisks,
       .before = {{86,
                   [](TextReplay& replay) {
                     replay.emulator().With(
                         [](Cluster& cluster) { cluster.settings.has_efi_images = false; });
                   }}}},
      {.name = "04-auth-perm-lock",
       .furnish = FurnishWithArguments,
       .before = {{39, BecomeBob},
                  {55, [](TextReplay& replay) { Grant(replay, "/vms", "PVEVMUser"); }},
                  {67, [](TextReplay& replay) { Grant(replay, "/vms/150", "PVEVMAdmin"); }},
                  {71, [](TextReplay& replay) { Grant(replay, "/storage/local", "PVEDatastoreUser"); }},
                  {97, LockForBackup},
                  {136, HoldLock},
                  {140, ReleaseLock}}},
      {.name = "05-storage-proxy",
       .furnish = FurnishUploads,
       .before = {{106, AddDeadNodes}},
       .left_out = {{45, kCrashedGuest}, {49, kCrashedGuest}}},
      {.name = "06-semantics"},
      {.name = "07-async",
       .furnish = FurnishEmpty,
       .before = {{23, Resized}, {27, LearnDigest}, {133, CreateInARace}, {148, ShutDownInVain}},
       .left_out = {{54, kQemuImg}}},
      {.name = "08-pve92-lifecycle",
       .version = Version::kNine,
       .before = {{56, LeaveSnapshot}},
       .left_out = {{50, kNoSnapshots}},
       .log_left_out = {{12, kWarning}}},
      {.name = "09-pve92-offline", .version = Version::kNine, .furnish = FurnishSnapshot},
      {.name = "10-misc92", .version = Version::kNine},
      {.name = "12-noquorum",
       .furnish = FurnishWithArguments,
       .before = {{24, [](TextReplay& replay) { SetQuorum(replay, false); }},
                  {78, [](TextReplay& replay) { SetQuorum(replay, true); }},
                  {105, CreateAnew}}},
      {.name = "12-noquorum", .version = Version::kNine, .furnish = FurnishFirmware},
  };
}

}  // namespace fediversity::emulators
