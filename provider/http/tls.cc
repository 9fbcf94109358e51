#include "provider/http/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/authorities.h"

namespace fediversity::http {
namespace {

struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, BioDeleter>;

// What `print` writes, cut to a length that a message can hold: the server chooses it.
template <typename Print>
std::string Printed(Print print) {
  constexpr std::size_t kLongest = 300;
  Bio const bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || !print(bio.get())) return {};
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &data);
  return ValidUtf8(std::string_view(data, static_cast<std::size_t>(size)).substr(0, kLongest));
}

std::string NameText(const X509_NAME* name) {
  return Printed([name](BIO* bio) { return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0; });
}

std::string TimeText(const ASN1_TIME* time) {
  return Printed([time](BIO* bio) { return ASN1_TIME_print_ex(bio, time, ASN1_DTFLGS_ISO8601) == 1; });
}

std::string NamesText(X509* certificate) {
  int const index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
  if (index < 0) return {};
  X509_EXTENSION* const extension = X509_get_ext(certificate, index);
  return Printed([extension](BIO* bio) { return X509V3_EXT_print(bio, extension, 0, 0) == 1; });
}

std::optional<Fingerprint> FingerprintOf(X509* certificate) {
  Fingerprint fingerprint{};
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), fingerprint.data(), &size) != 1 || size != fingerprint.size()) {
    return std::nullopt;
  }
  return fingerprint;
}

void Describe(X509* certificate, const std::optional<Fingerprint>& fingerprint, CertificateSeen& seen) {
  seen.shown = true;
  if (fingerprint.has_value()) seen.fingerprint = ToText(*fingerprint);
  seen.subject = NameText(X509_get_subject_name(certificate));
  seen.issuer = NameText(X509_get_issuer_name(certificate));
  seen.names = NamesText(certificate);
  seen.not_before = TimeText(X509_get0_notBefore(certificate));
  seen.not_after = TimeText(X509_get0_notAfter(certificate));
}

std::string LastReason() {
  unsigned long const error = ERR_peek_last_error();
  const char* const reason = ERR_GET_LIB(error) == ERR_LIB_SYS ? nullptr : ERR_reason_error_string(error);
  ERR_clear_error();
  return reason == nullptr ? "it cannot be read" : reason;
}

}  // namespace

void TlsTrust::StoreDeleter::operator()(X509_STORE* store) const { X509_STORE_free(store); }

TlsTrust::TlsTrust(TlsSettings settings, std::vector<Fingerprint> pins, Environment environment)
    : settings_(std::move(settings)),
      pins_(std::move(pins)),
      environment_(std::move(environment)) {}

absl::StatusOr<std::unique_ptr<TlsTrust>> TlsTrust::Create(TlsSettings settings, Environment environment) {
  int const chosen = (settings.ca_file.empty() ? 0 : 1) + (settings.fingerprint.empty() ? 0 : 1) +
                     (settings.insecure ? 1 : 0);
  if (chosen > 1) {
    return absl::InvalidArgumentError(
        "TLS settings contradict each other\nOnly one of ca_file, fingerprint and insecure may be set: each is a way "
        "of its own to decide about the server's certificate.");
  }
  std::vector<Fingerprint> pins;
  if (!settings.fingerprint.empty()) {
    ASSIGN_OR_RETURN(pins, ParseFingerprints(settings.fingerprint));
    // Spelled as messages spell the one that was seen.
    settings.fingerprint.clear();
    for (const Fingerprint& pin : pins) {
      settings.fingerprint += Cat({settings.fingerprint.empty() ? "" : " or ", ToText(pin)});
    }
  }
  return std::unique_ptr<TlsTrust>(
      new TlsTrust(std::move(settings), std::move(pins), std::move(environment)));
}

absl::Status TlsTrust::Load() {
  std::call_once(once_, [this] { loaded_ = LoadStore(); });
  return loaded_;
}

absl::Status TlsTrust::LoadStore() {
  if (!checks_name()) return absl::OkStatus();
  AuthorityLocation location{.path = settings_.ca_file};
  if (location.path.empty()) {
    std::optional<AuthorityLocation> const system = SystemAuthorities(environment_);
    if (!system.has_value()) {
      return absl::FailedPreconditionError(
          "no certificate authorities to verify servers with\nThe system has none in any of the usual places. Install "
          "its package of CA certificates, name them in SSL_CERT_FILE, or set ca_file or fingerprint.");
    }
    location = *system;
  }
  authorities_ = location.path;
  store_.reset(X509_STORE_new());
  ERR_clear_error();
  // As in libcurl: whatever stands in the file is trusted, even if it is signed by something that is not there.
  bool const loaded =
      store_ != nullptr && X509_STORE_set_flags(store_.get(), X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
      (location.is_directory ? X509_STORE_load_path(store_.get(), location.path.c_str()) == 1
                             : X509_STORE_load_file(store_.get(), location.path.c_str()) == 1);
  if (loaded) return absl::OkStatus();
  return absl::FailedPreconditionError(ToAbsl(
      Cat({"cannot read the certificate authorities\n", location.path, ": ", LastReason(),
           ". Expected are certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE."})));
}

void TlsTrust::Install(SSL_CTX* context, CertificateCheck& check) {
  const TlsTrust& trust = *check.trust;
  if (!trust.verifies()) return;
  if (trust.store_ != nullptr) SSL_CTX_set1_cert_store(context, trust.store_.get());
  SSL_CTX_set_cert_verify_callback(context, &TlsTrust::Verify, &check);
}

int TlsTrust::Verify(X509_STORE_CTX* context, void* check) {
  auto& [trust, seen] = *static_cast<CertificateCheck*>(check);
  X509* const certificate = X509_STORE_CTX_get0_cert(context);
  std::optional<Fingerprint> const fingerprint = FingerprintOf(certificate);
  Describe(certificate, fingerprint, seen);
  if (trust->pins_.empty()) {
    int const verified = X509_verify_cert(context);
    seen.verify_error = X509_STORE_CTX_get_error(context);
    return verified == 1 ? 1 : 0;
  }
  // A digest that failed equals no pin.
  bool const pinned = std::any_of(trust->pins_.begin(), trust->pins_.end(),
                                  [&](const Fingerprint& pin) { return fingerprint == pin; });
  seen.verify_error = pinned ? X509_V_OK : X509_V_ERR_CERT_REJECTED;
  X509_STORE_CTX_set_error(context, static_cast<int>(seen.verify_error));
  return seen.verify_error == X509_V_OK ? 1 : 0;
}

}  // namespace fediversity::http
