#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_SIGNING_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_SIGNING_H_

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "provider/backends/garage/key.h"
#include "provider/http/request.h"

namespace fediversity::garage {

// Signs a request to S3 with AWS Signature Version 4: sorts its query, and adds the headers Host, X-Amz-Date,
// X-Amz-Content-Sha256 and Authorization. libcurl's own signing differs from version to version in what it encodes
// and sorts, and the one of Debian 12 leaves out the hash that Garage asks for.
//
// `host` is what the server is called in the URL, with the port unless it is the scheme's own. The body is hashed as
// a whole, so that it must not be a source.
void SignV4(http::Request& request, std::string_view host, std::string_view region,
            const KeyCredentials& credentials, absl::Time now);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_SIGNING_H_
