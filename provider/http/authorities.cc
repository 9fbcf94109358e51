#include "provider/http/authorities.h"

#include <unistd.h>

#include <array>

namespace fediversity::http {
namespace {

constexpr std::array<const char*, 6> kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Arch, NixOS
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/ssl/cert.pem",                                  // Alpine
    "/var/lib/ca-certificates/ca-bundle.pem",             // openSUSE
};

}  // namespace

std::optional<AuthorityLocation> SystemAuthorities(const Environment& environment) {
  for (const char* const name : {"SSL_CERT_FILE", "NIX_SSL_CERT_FILE"}) {
    std::string file = environment(name).value_or("");
    // Nix sets a path that does not exist inside of its builds.
    if (!file.empty() && file != "/no-cert-file.crt") return AuthorityLocation{.path = std::move(file)};
  }
  std::string directory = environment("SSL_CERT_DIR").value_or("");
  if (!directory.empty()) return AuthorityLocation{.path = std::move(directory), .is_directory = true};
  for (const char* const bundle : kBundles) {
    if (access(bundle, R_OK) == 0) return AuthorityLocation{.path = bundle};
  }
  return std::nullopt;
}

}  // namespace fediversity::http
