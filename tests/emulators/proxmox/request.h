#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_REQUEST_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_REQUEST_H_

#include <optional>
#include <string>

#include "tests/emulators/common/http_message.h"
#include "tests/emulators/proxmox/api.h"

namespace fediversity::emulators {

// The call that an HTTP request makes: parameters from the query, a form, a JSON object or a multipart body. What
// pveproxy refuses before it looks for the method is put into `refused`: a DELETE with a body, a form that is too
// large, a body that is no JSON.
// Whether the request is to /api2/extjs, whose answers are always 200.
bool IsForExtJs(const HttpRequest& request);
// The answer as it is wrapped there: {"success":0,"status":"400",...}.
Reply ForExtJs(Reply reply);

Call ReadCall(const HttpRequest& request, std::optional<Reply>& refused);

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_REQUEST_H_
