#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TASK_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TASK_H_

#include <string>
#include <vector>

namespace fediversity::proxmox {

struct RunningTask {
  std::string type;  // "qmclone"
  std::string id;    // what it works on, mostly a VMID: of a clone that of its source
};

// A task of the cluster that ended well.
struct TaskResult {
  std::string upid;  // empty where the server needed no task
  // What the log warns of, where the task ended with "WARNINGS: n"; of a VM's deletion also which disks are left.
  std::vector<std::string> warnings = {};
};

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_TASK_H_
