#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/proxmox/disks.h"
#include "tests/emulators/proxmox/router.h"
#include "tests/emulators/proxmox/storage_files.h"
#include "tests/emulators/proxmox/storage_status.h"

namespace fediversity::emulators {
namespace {

Reply Missing(const std::string& storage) { return Died(Cat({"storage '", storage, "' does not exist"})); }

const Storage* Find(const Cluster& cluster, const Call& call) {
  auto const found = cluster.storages.find(call.Get("storage"));
  return found == cluster.storages.end() ? nullptr : &found->second;
}

Json Describe(const Cluster& cluster, const Storage& storage) {
  std::string file;
  for (const auto& [name, one] : cluster.storages) file += Cat({name, Join(one.content, ","), "\n"});
  Json data = {{"storage", storage.name},
               {"type", storage.type},
               {"content", Join(storage.content, ",")},
               {"digest", HexDigest("sha1", file)}};
  if (!storage.path.empty()) data["path"] = storage.path;
  if (storage.shared) data["shared"] = 1;
  if (!storage.nodes.empty()) data["nodes"] = Join(storage.nodes, ",");
  return data;
}

Reply ListDefined(Cluster& cluster, const Call& call) {
  Json rows = Json::array();
  for (const auto& [name, storage] : cluster.storages) {
    if (call.Has("type") && storage.type != call.Get("type")) continue;
    if (MaySee(cluster, call.who, name)) rows.push_back(Describe(cluster, storage));
  }
  return Data(std::move(rows));
}

Reply GetDefined(Cluster& cluster, const Call& call) {
  const Storage* const storage = Find(cluster, call);
  return storage == nullptr ? Missing(call.Get("storage")) : Data(Describe(cluster, *storage));
}

void Change(const Call& call, Storage& storage) {
  auto const as_set = [](const std::string& list) {
    auto const items = SplitList(list);
    return std::set<std::string>(items.begin(), items.end());
  };
  if (call.Has("content")) storage.content = as_set(call.Get("content"));
  if (call.Has("nodes")) storage.nodes = as_set(call.Get("nodes"));
  if (call.Has("shared")) storage.shared = call.Flag("shared");
  if (call.Has("path")) storage.path = call.Get("path");
}

Reply Define(Cluster& cluster, const Call& call) {
  std::string const name = call.Get("storage");
  if (cluster.storages.contains(name)) {
    return Died(Cat({"create storage failed: storage ID '", name, "' already defined"}));
  }
  Storage storage{.name = name, .type = call.Get("type"), .path = "", .content = {"images", "rootdir"}};
  storage.shared = storage.type == "nfs";
  Change(call, storage);
  cluster.storages[name] = storage;
  return Data({{"storage", name}, {"type", storage.type}});
}

Reply Redefine(Cluster& cluster, const Call& call) {
  auto const found = cluster.storages.find(call.Get("storage"));
  if (found == cluster.storages.end()) return Missing(call.Get("storage"));
  Change(call, found->second);
  return Data({{"storage", found->first}, {"type", found->second.type}});
}

Reply Undefine(Cluster& cluster, const Call& call) {
  if (cluster.storages.erase(call.Get("storage")) == 0) {
    return Died(Cat({"delete storage failed: storage '", call.Get("storage"), "' does not exist"}));
  }
  return Data(nullptr);
}

Reply ListOfNode(Cluster& cluster, const Call& call) {
  Json rows = Json::array();
  for (const auto& [name, storage] : cluster.storages) {
    if (!IsOn(storage, call.Get("node")) || !MaySee(cluster, call.who, name)) continue;
    if (call.Has("storage") && name != call.Get("storage")) continue;
    auto const wanted = SplitList(call.Get("content"));
    bool const fits =
        std::ranges::any_of(wanted, [&](const std::string& type) { return storage.content.contains(type); });
    if (!wanted.empty() && !fits) continue;
    Json row = StorageUsage(cluster, storage, call.Get("node"));
    row["storage"] = name;
    row["used_fraction"] = row["used"].get<double>() / row["total"].get<double>();
    rows.push_back(std::move(row));
  }
  return Data(std::move(rows));
}

Reply GetStatus(Cluster& cluster, const Call& call) {
  const Storage* const storage = Find(cluster, call);
  if (storage == nullptr) return Missing(call.Get("storage"));
  return Data(StorageUsage(cluster, *storage, call.Get("node")));
}

// Disks are shown to whoever may configure those of the VM.
bool MaySeeVolume(const Cluster& cluster, const Identity& who, const Volume& volume) {
  if (Allowed(cluster, who, "/storage/" + volume.storage, "Datastore.Allocate")) return true;
  if (volume.vmid == 0) return MaySee(cluster, who, volume.storage);
  return Allowed(cluster, who, "/vms/" + std::to_string(volume.vmid), "VM.Config.Disk");
}

Json Row(const Cluster& cluster, const Volume& volume) {
  Json row = {{"volid", volume.id},
              {"content", volume.content},
              {"format", volume.format},
              {"size", volume.size},
              {"ctime", volume.ctime}};
  if (volume.content != "images") return row;
  row["vmid"] = volume.vmid;
  row["used"] = volume.used;
  bool const in_file =
      cluster.storages.contains(volume.storage) && cluster.storages.at(volume.storage).HasFiles();
  row["parent"] = volume.base.empty()
                      ? Json(nullptr)
                      : Json((in_file ? "../" : "") + volume.base.substr(volume.base.find(':') + 1));
  return row;
}

Reply ListContent(Cluster& cluster, const Call& call) {
  if (Find(cluster, call) == nullptr) return Missing(call.Get("storage"));
  Json rows = Json::array();
  for (const auto& [key, volume] : cluster.volumes()) {
    if (volume.storage != call.Get("storage") || (!volume.node.empty() && volume.node != call.Get("node")))
      continue;
    if (call.Has("content") && volume.content != call.Get("content")) continue;
    if (call.Has("vmid") && volume.vmid != call.Vmid()) continue;
    if (MaySeeVolume(cluster, call.who, volume)) rows.push_back(Row(cluster, volume));
  }
  return Data(std::move(rows));
}

Reply AllocateContent(Cluster& cluster, const Call& call) {
  const Storage* const storage = Find(cluster, call);
  if (storage == nullptr) return Missing(call.Get("storage"));
  std::string const size = call.Get("size");
  // Without a unit it is in KiB.
  std::uint64_t const bytes = ParseSize(ParseInteger(size).has_value() ? size + "K" : size);
  std::string const name = call.Get("filename");
  std::string const id = storage->HasFiles() ? Cat({storage->name, ":", call.Get("vmid"), "/", name})
                                             : storage->name + ":" + name;
  if (cluster.FindVolume(id, call.Get("node")) != nullptr)
    return Died(Cat({"disk image '", name, "' already exists"}));
  std::string const format = call.Has("format") ? call.Get("format") : "raw";
  constexpr std::uint64_t kMetadata = 331'776;  // which a QCOW2 file has from the beginning
  cluster.AddVolume({.id = id,
                     .storage = storage->name,
                     .node = call.Get("node"),
                     .vmid = call.Vmid(),
                     .format = format,
                     .size = bytes,
                     .used = format == "qcow2" ? kMetadata : 4096});
  return Data(id);
}

std::string VolumeId(const Call& call) {
  std::string const volume = call.Get("volume");
  return volume.find(':') == std::string::npos ? call.Get("storage") + ":" + volume : volume;
}

Reply GetVolume(Cluster& cluster, const Call& call) {
  const Volume* const volume = cluster.FindVolume(VolumeId(call), call.Get("node"));
  if (volume == nullptr) return Died(Cat({"volume_size_info on '", VolumeId(call), "' failed"}));
  return Data({{"path", VolumePath(cluster, *volume)},
               {"size", volume->size},
               {"used", volume->used},
               {"format", volume->format}});
}

Reply DeleteVolume(Cluster& cluster, const Call& call) {
  std::string const id = VolumeId(call);
  if (!cluster.storages.contains(id.substr(0, id.find(':')))) return Missing(id.substr(0, id.find(':')));
  auto effect = [&cluster, call, id](Log& log) -> Failure {
    if (HasClones(cluster, id)) return Cat({"base volume '", id, "' is still in use by linked cloned"});
    cluster.RemoveVolume(id, call.Get("node"));
    log.push_back(Cat({"Removed volume '", id, "'"}));
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, "imgdel", call.Get("storage"), 0, std::move(effect)));
}

}  // namespace

std::vector<Route> StorageRoutes() {
  const std::string see = "/storage/{storage} Datastore.Audit|Datastore.AllocateSpace";
  const std::string define = "/storage Datastore.Allocate";
  const std::string node = "/nodes/{node}/storage/{storage}";
  const std::string options = "content fmt:pve-storage-content-list nodes str shared bool path str";
  std::vector<Route> routes = {
      {"GET", "/storage",
       "type^ enum:btrfs|cephfs|cifs|dir|esxi|iscsi|iscsidirect|lvm|lvmthin|nfs|pbs|rbd|zfs|zfspool "
       "type% enum:btrfs|cephfs|cifs|dir|esxi|glusterfs|iscsi|iscsidirect|lvm|lvmthin|nfs|pbs|rbd|zfs|zfspool",
       "", ListDefined},
      {"POST", "/storage",
       options + " storage! fmt:pve-storage-id type! str server str export str vgname str thinpool str",
       define, Define},
      {"GET", "/storage/{storage}", "", "/storage/{storage} Datastore.Allocate", GetDefined},
      {"PUT", "/storage/{storage}", options + " delete str digest str:64", define, Redefine},
      {"DELETE", "/storage/{storage}", "", define, Undefine},
      {"GET", "/nodes/{node}/storage",
       "content fmt:pve-storage-content-list enabled bool format bool storage fmt:pve-storage-id target fmt:pve-node",
       "", ListOfNode},
      {"GET", node + "/status", "", see, GetStatus},
      {"GET", node + "/content", "content fmt:pve-storage-content vmid fmt:pve-vmid", see, ListContent},
      {"POST", node + "/content",
       R"(filename! str format enum:raw|qcow2|subvol|vmdk size! re:\d+[MG]? vmid! fmt:pve-vmid)",
       "/storage/{storage} Datastore.AllocateSpace", AllocateContent},
      {"GET", node + "/content/{volume}", "", see, GetVolume},
      {"DELETE", node + "/content/{volume}", "delay int:1..30",
       "/storage/{storage} Datastore.Allocate|Datastore.AllocateSpace|Datastore.AllocateTemplate",
       DeleteVolume},
  };
  for (Route& route : StorageFileRoutes()) routes.push_back(std::move(route));
  return routes;
}

}  // namespace fediversity::emulators
