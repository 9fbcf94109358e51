#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEXT_CAPTURE_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEXT_CAPTURE_H_

#include <istream>
#include <optional>
#include <vector>

#include "tests/emulators/proxmox/replay.h"

namespace fediversity::emulators {

// One entry of a capture that was written for people:
//
//   $ PVE84 PUT /nodes/pve/qemu/100/resize disk=scsi1 size=+1G  (then poll)
//   HTTP/1.1 200 OK
//   {"data":"UPID:..."}
//   {"data":{"status":"stopped",...}}
//   {"total":2,"data":[...]}
//
// The last two lines, the end and the log of the task, are there after "(then poll)" only.
struct TextExchange {
  int line = 0;  // of the file, from 1
  Version version = Version::kEight;
  Exchange sent = {};
  std::optional<Json> task_status = {};
  std::optional<Json> task_log = {};
};

// The entries of a file; everything between them is left out.
std::vector<TextExchange> ReadTextCapture(std::istream& file);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_TEXT_CAPTURE_H_
