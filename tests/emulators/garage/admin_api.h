#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_ADMIN_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_ADMIN_API_H_

#include <string>

#include "tests/emulators/common/http_message.h"
#include "tests/emulators/garage/reply.h"

namespace fediversity::emulators::garage {

// Answers a request to the admin port. `who` becomes the id of the token, or "config".
HttpAnswer ServeAdmin(Store& store, const HttpRequest& request, std::string& who);

// A reply as it is sent: JSON over several lines.
HttpAnswer ToHttp(const Reply& reply, const HttpRequest& request, const Store& store);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_ADMIN_API_H_
