#ifndef FEDIVERSITY_PROVIDER_RPC_CERTIFICATE_H_
#define FEDIVERSITY_PROVIDER_RPC_CERTIFICATE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "provider/base/secret.h"

namespace fediversity::rpc {

// What the process shows the host under go-plugin's automatic mutual TLS: a self-signed certificate for
// `localhost` that exists only in memory and only for this start.
struct ServerCertificate {
  std::string pem;
  Secret private_key_pem;
  // The DER form in base64 without padding, as the handshake line carries it. Hosts decode it without padding,
  // so a padded one fails whenever the signature's length happens to need padding.
  std::string handshake_text;
};

// ECDSA on P-256, which every TLS library verifies. Valid from 30 seconds ago (UTC), since clocks differ.
absl::StatusOr<ServerCertificate> MakeServerCertificate();

// Answers InvalidArgument unless `pem` holds a certificate.
absl::Status CheckCertificate(std::string_view pem);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_CERTIFICATE_H_
