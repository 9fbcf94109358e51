#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_WEB_API_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_WEB_API_H_

#include <string>

#include "tests/emulators/common/http_message.h"
#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// Answers a request for a page of the bucket whose alias is the host, alone or before ".web.garage.localhost".
HttpAnswer ServeWebsite(Store& store, const HttpRequest& request, std::string& who);

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_WEB_API_H_
