#include <openssl/x509_vfy.h>

#include <string_view>

#include "provider/base/text.h"
#include "provider/http/transfer_error.h"

namespace fediversity::http {
namespace {

constexpr std::string_view kUnknownSignerRemedy =
    "). Set ca_file to the authority that signed it, or, once you have compared it with what the server itself shows, "
    "fingerprint to the one below.";

std::string Portrait(const CertificateSeen& seen) {
  std::string text = Cat({"Certificate: subject ", seen.subject.empty() ? "(none)" : seen.subject,
                          ", issuer ", seen.issuer.empty() ? "(none)" : seen.issuer});
  if (!seen.names.empty()) text += Cat({", names ", seen.names});
  text += Cat({", valid from ", seen.not_before, " to ", seen.not_after, ".\nIts SHA-256 fingerprint is ",
               seen.fingerprint, "."});
  return text;
}

std::string Mismatch(const CertificateSeen& seen, const Route& route) {
  constexpr std::string_view kRemedy =
      "If its certificate was renewed, compare the new fingerprint with what the server itself shows, and set that. "
      "If not, somebody may sit in between.";
  return Cat({"The certificate is not the pinned one.\nExpected SHA-256 fingerprint ",
              route.trust->settings().fingerprint, "\nbut the server showed    ", seen.fingerprint, "\n",
              kRemedy});
}

std::string Cause(const CertificateSeen& seen, const Route& route) {
  switch (seen.verify_error) {
    case X509_V_OK:
      // The chain is good, and what libcurl checks after it is the name.
      return Cat({"The certificate is not for ", route.endpoint.host,
                  ". Use a name that it is issued for in the URL, or pin it by its fingerprint."});
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "The certificate, or one that signed it, has expired. Renew it on the server, and check this machine's "
             "clock.";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "The certificate, or one that signed it, is not valid yet. Check the clocks of the server and of this "
             "machine.";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // an authority of that name is known, but with another key
      return Cat({"The certificate is signed by nobody whom ", route.trust->authorities(), " knows (",
                  X509_verify_cert_error_string(seen.verify_error), kUnknownSignerRemedy});
    default:
      return Cat({"The certificate is not good: ", X509_verify_cert_error_string(seen.verify_error), "."});
  }
}

}  // namespace

std::string RefusedCertificate(const CertificateSeen& seen, const Route& route) {
  if (!route.trust->checks_name()) return Mismatch(seen, route);
  return Cat({Cause(seen, route), "\n", Portrait(seen)});
}

}  // namespace fediversity::http
