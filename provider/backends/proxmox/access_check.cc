#include "provider/backends/proxmox/access_check.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

// `privileges` are separated by blanks; of "A|B" one is enough, for versions 8 and 9 call some by other names.
struct Work {
  std::string_view name;
  std::string_view path;
  std::string_view privileges;
  // Where it may be granted as well, for a part of what there is: below the path itself, and here.
  std::string_view elsewhere = {};
  bool needed = false;
};

constexpr std::array kWorks = {
    Work{"read VMs", "/vms", "VM.Audit", "/pool/", true},
    Work{"create and change VMs", "/vms",
         "VM.Allocate VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit VM.Config.Disk VM.Config.HWType "
         "VM.Config.Memory VM.Config.Network VM.Config.Options",
         "/pool/"},
    Work{"set the order in which VMs start", "/", "Sys.Modify"},
    Work{"clone VMs", "/vms", "VM.Clone", "/pool/"},
    Work{"start and stop VMs", "/vms", "VM.PowerMgmt", "/pool/"},
    Work{"migrate VMs", "/vms", "VM.Migrate", "/pool/"},
    Work{"read storages", "/storage", "Datastore.Audit|Datastore.AllocateSpace", "/pool/"},
    Work{"allocate disks", "/storage", "Datastore.AllocateSpace", "/pool/"},
    Work{"upload images", "/storage", "Datastore.AllocateTemplate", "/pool/"},
    Work{"download images", "/nodes", "Sys.AccessNetwork|Sys.Modify"},
    Work{"use networks", "/sdn/zones", "SDN.Use"},
    Work{"put VMs into pools", "/pool", "Pool.Allocate"},
    Work{"use mapped devices", "/mapping", "Mapping.Use"},
    Work{"ask guest agents for addresses", "/vms", "VM.GuestAgent.Audit|VM.Monitor", "/pool/"},
    Work{"read SSH host keys through guest agents", "/vms",
         "VM.GuestAgent.FileRead|VM.GuestAgent.Unrestricted|VM.Monitor", "/pool/"},
    Work{"read the cluster's state and HA", "/", "Sys.Audit"},
    Work{"manage HA", "/", "Sys.Console"},
};

std::string_view ParentOf(std::string_view path) {
  std::size_t const slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? std::string_view("/") : path.substr(0, slash);
}

// What is listed for a path holds there; what is not listed gets from above what is passed on.
bool Has(const Permissions& permissions, std::string_view path, std::string_view privilege) {
  bool inherited = false;
  for (std::string_view at = path;; at = ParentOf(at), inherited = true) {
    if (auto const listed = permissions.find(at); listed != permissions.end()) {
      auto const found = listed->second.find(privilege);
      return found != listed->second.end() && (!inherited || found->second);
    }
    if (at == "/") return false;
  }
}

bool HasOneOf(const Permissions& permissions, std::string_view path, std::string_view alternatives) {
  std::vector<std::string> const names = absl::StrSplit(ToAbsl(alternatives), '|');
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return Has(permissions, path, name); });
}

// The privileges of `work` that are lacking on `path`.
std::vector<std::string> MissingOn(const Permissions& permissions, std::string_view path, const Work& work) {
  std::vector<std::string> missing;
  for (const auto privilege : absl::StrSplit(ToAbsl(work.privileges), ' ')) {
    if (HasOneOf(permissions, path, ToStd(privilege))) continue;
    missing.push_back(Join(std::vector<std::string>(absl::StrSplit(privilege, '|')), " or "));
  }
  return missing;
}

bool IsPartOf(const std::string& path, const Work& work) {
  std::string const below = work.path == "/" ? std::string("/") : Cat({work.path, "/"});
  return absl::StartsWith(path, below) ||
         (!work.elsewhere.empty() && absl::StartsWith(path, ToAbsl(work.elsewhere)));
}

}  // namespace

std::vector<AccessFinding> CheckAccess(const Permissions& permissions) {
  std::vector<AccessFinding> findings;
  for (const Work& work : kWorks) {
    AccessFinding finding{.work = std::string(work.name),
                          .needed = work.needed,
                          .missing = MissingOn(permissions, work.path, work),
                          .path = std::string(work.path),
                          .only_on = {}};
    if (!finding.ok()) {
      for (const auto& [path, privileges] : permissions) {
        if (IsPartOf(path, work) && MissingOn(permissions, path, work).empty())
          finding.only_on.push_back(path);
      }
      if (!finding.only_on.empty()) finding.missing.clear();
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace fediversity::proxmox
