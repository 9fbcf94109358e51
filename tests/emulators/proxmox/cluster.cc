#include "tests/emulators/proxmox/cluster.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/status.h"

namespace fediversity::emulators {
namespace {

std::vector<Storage> UsualStorages() {
  return {{.name = "local"},
          {.name = "local-lvm", .type = "lvmthin", .path = "", .content = {"images", "rootdir"}},
          {.name = "shared", .type = "nfs", .path = "/mnt/pve/shared", .shared = true}};
}

std::string Hex(const unsigned char* bytes, std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t at = 0; at < size; ++at) {
    text += kDigits[bytes[at] >> 4];
    text += kDigits[bytes[at] & 0xF];
  }
  return text;
}

}  // namespace

std::string Vm::Get(std::string_view option) const {
  auto const found = config.find(option);
  return found == config.end() ? std::string() : found->second;
}

Params Vm::Planned() const {
  Params planned = config;
  for (const auto& [name, value] : pending) planned[name] = value;
  for (const std::string& name : removed) planned.erase(name);
  return planned;
}

Cluster::Cluster(Settings the_settings)
    : settings(std::move(the_settings)),
      access(settings.version),
      tasks(settings.task_latency, settings.lock_timeout),
      random_(std::random_device{}()) {
  int last_byte = 10;
  for (const std::string& name : settings.nodes) {
    nodes.push_back({.name = name, .ip = "192.0.2." + std::to_string(last_byte++)});
  }
  if (settings.storages.empty()) settings.storages = UsualStorages();
  for (const Storage& storage : settings.storages) storages[storage.name] = storage;
}

Instant Cluster::Now() const { return std::chrono::steady_clock::now() - begin_ + skipped_; }

std::int64_t Cluster::Wall() const {
  auto const now = std::chrono::system_clock::now() + skipped_;
  return std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
}

void Cluster::Settle() {
  tasks.Settle(Now(), Wall());
  if (settings.has_ha_manager) ActAsHaManager();
  if (Now() - last_look_ >= settings.status_period) Refresh();
}

void Cluster::Refresh() {
  last_look_ = Now();
  seen.clear();
  for (const auto& [vmid, vm] : vms) {
    if (const Node* const node = FindNode(vm.node); node != nullptr && node->online)
      seen[vmid] = SeenStatus(*this, vm);
  }
}

void Cluster::ActAsHaManager() {
  for (auto& [sid, resource] : ha) {
    Vm* const vm = FindVm(static_cast<int>(ParseInteger(sid.substr(sid.find(':') + 1)).value_or(0)));
    if (vm == nullptr || tasks.Holder(vm->vmid) != nullptr || vm->Has("lock")) continue;
    if (resource.state == "ignored" || Now() < resource.changed + settings.ha_delay) continue;
    if (const Node* const node = FindNode(vm->node); node != nullptr && !node->online) {
      auto const other = std::ranges::find_if(nodes, &Node::online);
      if (other != nodes.end()) vm->node = other->name;  // fenced and recovered
    }
    if (std::string const target = std::exchange(resource.move_to, ""); !target.empty()) {
      // With disks that are only here it stays.
      bool const movable = std::ranges::none_of(VolumesOf(vm->config), [&](const std::string& id) {
        const Volume* const volume = FindVolume(id, vm->node);
        return volume != nullptr && !volume->node.empty();
      });
      if (movable) vm->node = target;
    }
    if (resource.state == "started" && !vm->running && vm->guest.boots) {
      vm->running = true;
      vm->started = Now();
      vm->guest.agent_silent_calls = settings.agent_silent_after_start;
    }
    if ((resource.state == "stopped" || resource.state == "disabled") && vm->running) vm->running = false;
  }
}

Node* Cluster::FindNode(std::string_view name) {
  auto const found = std::ranges::find(nodes, name, &Node::name);
  return found == nodes.end() ? nullptr : &*found;
}

Vm* Cluster::FindVm(int vmid) {
  auto const found = vms.find(vmid);
  return found == vms.end() ? nullptr : &found->second;
}

Vm* Cluster::FindVm(const Call& call) {
  Vm* const vm = FindVm(call.Vmid());
  return vm != nullptr && vm->node == call.Get("node") ? vm : nullptr;
}

std::string Cluster::NoSuchVm(std::string_view node, int vmid) {
  return Cat(
      {"Configuration file 'nodes/", node, "/qemu-server/", std::to_string(vmid), ".conf' does not exist"});
}

int Cluster::NextVmid() const {
  int vmid = 100;
  while (vms.contains(vmid) || containers.contains(vmid)) ++vmid;
  return vmid;
}

std::string Cluster::PoolOf(int vmid) const {
  for (const auto& [name, pool] : pools) {
    if (pool.vms.contains(vmid)) return name;
  }
  return {};
}

const Volume* Cluster::FindVolume(const std::string& id, const std::string& node) const {
  for (const std::string& where : {std::string(), node}) {
    auto const found = volumes_.find({where, id});
    if (found != volumes_.end()) return &found->second;
  }
  return nullptr;
}

Volume* Cluster::FindVolume(const std::string& id, const std::string& node) {
  const Cluster& constant = *this;
  return const_cast<Volume*>(constant.FindVolume(id, node));
}

Volume& Cluster::AddVolume(Volume volume) {
  if (volume.ctime == 0) volume.ctime = Wall();
  if (storages.contains(volume.storage) && storages[volume.storage].shared) volume.node.clear();
  std::pair const key{volume.node, volume.id};
  return volumes_[key] = std::move(volume);
}

void Cluster::RemoveVolume(const std::string& id, const std::string& node) {
  if (volumes_.erase({node, id}) == 0) volumes_.erase({"", id});
}

std::string Cluster::StartTask(const Call& call, const std::string& type, const std::string& id, int vmid,
                               Task::Effect effect, std::function<void()> undo,
                               std::optional<Instant> duration, const std::string& storage) {
  bool const shared = storages.contains(storage) && storages[storage].shared;
  return tasks.Add({.node = call.Has("node") ? call.Get("node") : nodes.front().name,
                    .type = type,
                    .id = id,
                    .who = call.who,
                    .vmid = vmid,
                    .storage = storage,
                    .shared_storage = shared,
                    .effect = std::move(effect),
                    .undo = std::move(undo),
                    .duration = duration},
                   Now(), Wall());
}

std::string Cluster::NewMac() {
  std::string const prefix = options.value("mac_prefix", "BC:24:11");
  unsigned const bits = static_cast<unsigned>(random_());
  char text[16];
  std::snprintf(text, sizeof(text), ":%02X:%02X:%02X", bits & 0xFF, bits >> 8 & 0xFF, bits >> 16 & 0xFF);
  return prefix + text;
}

std::string Cluster::NewUuid() {
  std::array<unsigned char, 16> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random_());
  bytes[6] = (bytes[6] & 0x0F) | 0x40;  // version 4, RFC 9562
  bytes[8] = (bytes[8] & 0x3F) | 0x80;
  std::string text = Hex(bytes.data(), bytes.size());
  for (std::size_t const at : {8, 13, 18, 23}) text.insert(at, "-");
  return text;
}

std::string DigestOf(const Vm& vm) {
  std::string file;
  for (const auto& [name, value] : vm.config) file += Cat({name, ": ", value, "\n"});
  file += "\n[PENDING]\n";
  for (const std::string& name : vm.removed) file += Cat({"delete: ", name, "\n"});
  for (const auto& [name, value] : vm.pending) file += Cat({name, ": ", value, "\n"});
  for (const Snapshot& snapshot : vm.snapshots) file += Cat({"\n[", snapshot.name, "]\n"});
  file += "\n[cloudinit]\n";
  for (const auto& [name, value] : vm.cloudinit) file += Cat({name, ": ", value, "\n"});
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(file.data(), file.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return Hex(digest.data(), size);
}

}  // namespace fediversity::emulators
