#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_CONTROL_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_CONTROL_API_H_

#include "tests/emulators/common/http_message.h"

namespace fediversity::emulators::garage {

class GarageEmulator;

// What a test in another language does to the emulator, on the admin port and without authentication:
//
//   GET    /emulator/requests    [{"method","path","query","status","who"}]; paths as in LoggedRequest
//   DELETE /emulator/requests
//   GET    /emulator/state       {"buckets":{ID:{"aliases","objects":[...],"uploads":[...],"grants":{KEY:{...}}}},
//                                "keys":{ID:{"name","aliases":{NAME:BUCKET}}},"aliases":{NAME:BUCKET}}
//   POST   /emulator/faults      {"action":"cut-after","method":"POST","path":"/v2/CreateBucket","nth":1,"times":1,
//                                "status":500,"code":"InternalError","message":"...","delay_ms":0}
//   DELETE /emulator/faults
//   POST   /emulator/objects     {"bucket":ALIAS or ID,"key":"...","content":"..."}
//   POST   /emulator/uploads     {"bucket":ALIAS or ID,"key":"..."}: an upload in parts that has not ended
//   POST   /emulator/aliases     {"alias":"...","bucket":ID}: both buckets claim it, and it leads to this one
//   POST   /emulator/tokens      {"scope":["ListBuckets"]}: {"token":"..."}
//   POST   /emulator/quorum      {"available":false}
//   POST   /emulator/latency     {"request_ms":20}
//   POST   /emulator/advance     {"ms":1000}: later than it is
//
// Actions: answer-before, answer-after, cut-before, cut-after, delay.
HttpAnswer ServeControl(GarageEmulator& emulator, const HttpRequest& request);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_CONTROL_API_H_
