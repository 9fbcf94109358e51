#ifndef FEDIVERSITY_PROVIDER_HTTP_TRANSFER_ERROR_H_
#define FEDIVERSITY_PROVIDER_HTTP_TRANSFER_ERROR_H_

#include <curl/curl.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "provider/http/request.h"
#include "provider/http/route.h"
#include "provider/http/tls.h"

namespace fediversity::http {

// What is known of a transfer that libcurl gave up.
struct TransferError {
  CURLcode code = CURLE_OK;
  std::string text = {};         // libcurl's words
  long system_error = 0;         // errno of connecting
  long proxy_answer = 0;         // HTTP status of the proxy's answer to CONNECT
  bool sent = false;             // whether a byte of the request may have left
  bool too_large = false;        // the answer went past the limit
  bool by_deadline = false;      // a timeout that the call's deadline brought about
  absl::Duration patience = {};  // how long it was waited
  CertificateSeen certificate = {};
};

// The status that the transport answers, with the delivery marked: who could not be reached, why, and what to do.
absl::Status ToStatus(const TransferError& error, const Route& route, const Request& request);

// What a certificate that was refused looks like, why it was, and the way out.
std::string RefusedCertificate(const CertificateSeen& seen, const Route& route);

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_TRANSFER_ERROR_H_
