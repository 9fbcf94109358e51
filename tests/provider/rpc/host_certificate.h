#ifndef FEDIVERSITY_TESTS_PROVIDER_RPC_HOST_CERTIFICATE_H_
#define FEDIVERSITY_TESTS_PROVIDER_RPC_HOST_CERTIFICATE_H_

#include <string>

namespace fediversity::rpc {

struct HostCertificate {
  std::string pem;
  std::string private_key_pem;
};

// As go-plugin makes one for the host: self-signed ECDSA on P-521 for `localhost`.
HostCertificate MakeHostCertificate();

// The PEM form of a certificate that is base64 of DER, with or without padding.
std::string PemFromBase64(std::string text);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_TESTS_PROVIDER_RPC_HOST_CERTIFICATE_H_
