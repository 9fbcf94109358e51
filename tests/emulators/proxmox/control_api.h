#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_CONTROL_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_CONTROL_API_H_

#include "tests/emulators/common/http_message.h"

namespace fediversity::emulators {

class ProxmoxEmulator;

// What a test in another language does to the emulator, without authentication:
//
//   GET    /emulator/requests             [{"method","path","params","status","who"}]
//   DELETE /emulator/requests
//   GET    /emulator/connections          {"accepted","most_open"}: how many, this one included, and the most at once since
//                                         they were last asked for
//   GET    /emulator/state                {"vms":{VMID:{"node","running","config"}},"volumes":[...],"tasks":[...]}
//   POST   /emulator/faults               {"action":"cut-after","method":"POST","path":"/nodes/.*/qemu","nth":1,
//                                         "times":1,"status":500,"message":"...","delay_ms":0,"body":"usual",
//                                         "errors":{"name":"why"}}
//   DELETE /emulator/faults
//   POST   /emulator/refresh              the status daemon looks at once
//   POST   /emulator/advance              {"ms":1000}
//   POST   /emulator/finish-tasks
//   POST   /emulator/latency              {"task_ms":20,"request_ms":0}
//   POST   /emulator/settings             {"quorate":false,"agent_silent_after_start":2,"ha_delay_ms":1000,
//                                         "has_efi_images":true,"clones_hold_locks":false}; what is left out stays
//   POST   /emulator/nodes/NAME           {"online":false,"status":595,"error":"No route to host","reports":true}
//   POST   /emulator/containers           {"vmid":200,"node":"pve1","name":"ct","running":true}
//   POST   /emulator/vms/VMID             {"lock":"backup","node":"pve2","running":true,"guest":{"agent_runs":true,
//                                         "interfaces":[...],"files":{...},"boots":true,"answers_shutdown":true,
//                                         "releases_devices":true,"agent_silent_calls":0}}; what is left out stays; a null lock goes
//   POST   /emulator/vms/VMID/recycle     another VM takes its number, with another identity
//   POST   /emulator/urls                 {"url","size","virtual_size","sums":{"sha256":"..."}}: download-url finds it
//   POST   /emulator/volumes              {"id":"shared:snippets/a.yaml","node":"pve1","size":4096}: is in its storage
//   POST   /emulator/tokens               {"user","name","role","path"}: {"token":"..."}
//
// Actions: answer-before, answer-after, cut-before, cut-after, cut-inside, delay, fail-task, fail-task-after, warn-task, hang-task.
// Bodies: usual, always, reason (faults.h).
HttpAnswer ServeControl(ProxmoxEmulator& emulator, const HttpRequest& request);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_CONTROL_API_H_
