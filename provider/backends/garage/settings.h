#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_SETTINGS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_SETTINGS_H_

#include <string>

#include "absl/time/time.h"
#include "provider/base/secret.h"
#include "provider/http/tls.h"

namespace fediversity::garage {

struct Settings {
  // Of the admin API: "http://[::1]:3903", or "unix:/run/garage/admin.sock". A path goes in front of the API's own.
  std::string endpoint;
  Secret token;  // admin_token of the configuration file, or one that `garage admin-token create` has shown
  // Of the S3 API, "http://[::1]:3900" or a socket as above; empty for none. Needed to empty buckets only.
  std::string s3_endpoint = {};
  std::string region = "garage";               // s3_region of the configuration file
  http::TlsSettings tls = {};                  // the same for both endpoints
  absl::Duration timeout = absl::Seconds(60);  // for one answer; the server gives up after 300 s only
  // Each call keeps a core of the server busy for 20 ms, so that more at once only wait there.
  int max_connections = 4;
  int page_size = 1000;  // entries that one call of a list answers
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_SETTINGS_H_
