#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/expect.h"
#include "provider/backends/proxmox/json_fields.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

VmSummary VmOf(const json& row) {
  bool const is_silent = TextAt(row, "status") == "unknown" && !row.contains("template");
  return {.vmid = IntegerAt(row, "vmid"),
          .node = TextAt(row, "node"),
          .name = TextAt(row, "name"),
          .status = TextAt(row, "status"),
          .pool = TextAt(row, "pool"),
          .tags = TextAt(row, "tags"),
          .lock = TextAt(row, "lock"),
          .ha_state = TextAt(row, "hastate"),
          .is_template = is_silent ? std::nullopt : std::optional(FlagAt(row, "template")),
          .max_memory = FindInteger(row, "maxmem"),
          .max_cpu = FindNumber(row, "maxcpu"),
          .max_disk = FindInteger(row, "maxdisk"),
          .uptime = IntegerAt(row, "uptime")};
}

Node NodeOf(const json& row) {
  return {.name = TextAt(row, "node"),
          .online = TextAt(row, "status") == "online",
          .offline = TextAt(row, "status") == "offline",
          .cpu = FindNumber(row, "cpu"),
          .max_cpu = FindInteger(row, "maxcpu"),
          .memory = FindInteger(row, "mem"),
          .max_memory = FindInteger(row, "maxmem"),
          .disk = FindInteger(row, "disk"),
          .max_disk = FindInteger(row, "maxdisk"),
          .uptime = FindInteger(row, "uptime")};
}

}  // namespace

const VmSummary* Resources::Find(std::int64_t vmid) const {
  auto const found = by_vmid.find(vmid);
  return found == by_vmid.end() ? nullptr : &vms[found->second];
}

const Node* Resources::FindNode(std::string_view name) const {
  for (const Node& node : nodes) {
    if (node.name == name) return &node;
  }
  return nullptr;
}

absl::StatusOr<Resources> DecodeResources(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  Resources resources;
  for (const json& row : data) {
    std::string const type = TextAt(row, "type");
    if (type == "node") resources.nodes.push_back(NodeOf(row));
    if (type == "lxc") resources.containers.insert(IntegerAt(row, "vmid"));
    if (type != "qemu") continue;
    VmSummary vm = VmOf(row);
    if (vm.vmid <= 0 || vm.node.empty()) return NotAsDescribed(what, "a VM has no `vmid` or no `node`");
    resources.by_vmid.emplace(vm.vmid, resources.vms.size());
    resources.vms.push_back(std::move(vm));
  }
  return resources;
}

absl::StatusOr<Version> DecodeVersion(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  return Version{TextAt(data, "version"), TextAt(data, "release"), TextAt(data, "repoid")};
}

absl::StatusOr<ClusterStatus> DecodeClusterStatus(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  ClusterStatus status;
  for (const json& row : data) {
    if (TextAt(row, "type") == "cluster") {
      status.name = TextAt(row, "name");
      status.quorate = FlagAt(row, "quorate");
    } else if (TextAt(row, "type") == "node") {
      status.nodes.push_back(TextAt(row, "name"));
    }
  }
  return status;
}

absl::StatusOr<Permissions> DecodePermissions(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  Permissions permissions;
  for (const auto& [path, privileges] : data.items()) {
    RETURN_IF_ERROR(ExpectObject(privileges, what));
    for (const auto& [privilege, passed_on] : privileges.items()) {
      permissions[path].emplace(privilege, FlagAt(privileges, privilege.c_str()));
    }
  }
  return permissions;
}

absl::StatusOr<std::vector<NodeInterface>> DecodeInterfaces(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<NodeInterface> interfaces;
  for (const json& row : data) {
    interfaces.push_back({.name = TextAt(row, "iface"),
                          .type = TextAt(row, "type"),
                          .active = FlagAt(row, "active"),
                          .cidr = TextAt(row, "cidr"),
                          .cidr6 = TextAt(row, "cidr6"),
                          .comments = TextAt(row, "comments")});
  }
  return interfaces;
}

absl::StatusOr<std::vector<HaResource>> DecodeHa(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<HaResource> resources;
  for (const json& row : data) {
    std::string const sid = TextAt(row, "sid");  // "vm:301"
    std::int64_t vmid = 0;
    if (!absl::StartsWith(sid, "vm:") || !absl::SimpleAtoi(sid.substr(3), &vmid)) continue;
    // What was never set is not in the answer; "started" is what the service means then.
    resources.push_back({.vmid = vmid,
                         .state = FindText(row, "state").value_or("started"),
                         .group = TextAt(row, "group"),
                         .comment = TextAt(row, "comment"),
                         .max_restart = FindInteger(row, "max_restart"),
                         .max_relocate = FindInteger(row, "max_relocate"),
                         .digest = TextAt(row, "digest")});
  }
  return resources;
}

absl::StatusOr<TaskStatus> DecodeTaskStatus(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectObject(data, what));
  TaskStatus status{.running = TextAt(data, "status") == "running",
                    .exit_status = TextAt(data, "exitstatus")};
  if (!status.running && status.exit_status.empty()) {
    return NotAsDescribed(what, "the task neither runs nor has an exit status");
  }
  return status;
}

absl::StatusOr<std::vector<RunningTask>> DecodeRunningTasks(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<RunningTask> tasks;
  for (const json& row : data) {
    if (!row.contains("endtime")) tasks.push_back({.type = TextAt(row, "type"), .id = TextAt(row, "id")});
  }
  return tasks;
}

absl::StatusOr<std::vector<std::string>> DecodeTaskLog(const json& data, std::string_view what) {
  RETURN_IF_ERROR(ExpectTable(data, what));
  std::vector<std::string> lines;
  for (const json& row : data) lines.push_back(TextAt(row, "t"));
  return lines;
}

std::optional<std::string> DecodeUpid(const json& data) {
  if (!data.is_string()) return std::nullopt;
  const auto& text = data.get_ref<const std::string&>();
  return NodeOfUpid(text).empty() ? std::nullopt : std::optional(text);
}

std::string NodeOfUpid(std::string_view upid) {
  constexpr std::size_t kLeastParts = 8;
  std::vector<std::string> const parts = absl::StrSplit(ToAbsl(upid), ':');
  if (parts.size() < kLeastParts || parts.front() != "UPID") return {};
  return parts[1];
}

}  // namespace fediversity::proxmox
