#ifndef FEDIVERSITY_PROVIDER_HTTP_AUTHORITIES_H_
#define FEDIVERSITY_PROVIDER_HTTP_AUTHORITIES_H_

#include <optional>
#include <string>

#include "provider/base/environment.h"

namespace fediversity::http {

// Where certificates of authorities are: a file of PEM blocks, or a directory of files named by hash.
struct AuthorityLocation {
  std::string path;
  bool is_directory = false;
};

// SSL_CERT_FILE, NIX_SSL_CERT_FILE or SSL_CERT_DIR where set, else the first that exists of the places where
// distributions keep them: a static binary runs on other systems than the one that it was built on.
std::optional<AuthorityLocation> SystemAuthorities(const Environment& environment);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_AUTHORITIES_H_
