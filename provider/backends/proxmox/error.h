#ifndef FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_ERROR_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_ERROR_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/http/request.h"
#include "provider/http/response.h"

namespace fediversity::proxmox {

// What the service gave as its reason: `message` in the body, or the HTTP reason phrase, which is all that
// authentication, proxying between nodes and older versions have. On one line, without the final line break.
std::string MessageOf(const http::Response& response);

// Whether the node that answers does nothing for want of quorum, and has done nothing. Another one may be better off.
bool SaysNoQuorum(const http::Response& response);

// Whether a node says that it could not reach the one that a request is for (595 to 599).
bool IsProxyFailure(int status);

// The error that an answer other than 2xx stands for; the codes are those of Api. `what` is what was tried, such as
// "VM 100: changing its configuration", and begins the summary. IsDefinite() says whether it
// was refused before anything was done.
absl::Status ErrorOf(const http::Request& request, const http::Response& response, std::string_view what);

// The parameters that the service refused one by one (`errors` in the body); none where it gave another reason.
std::vector<std::string> RefusedParameters(const absl::Status& status);

// The error of a task that ended with `exit_status`, and whose log ends with `log`. IsOfEndedTask() unless its process
// vanished, or the cluster lost its quorum meanwhile.
absl::Status TaskError(std::string_view exit_status, std::string_view log, std::string_view upid,
                       std::string_view what);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_PROXMOX_ERROR_H_
