#ifndef FEDIVERSITY_PROVIDER_HTTP_TLS_H_
#define FEDIVERSITY_PROVIDER_HTTP_TLS_H_

#include <openssl/types.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/base/environment.h"
#include "provider/http/fingerprint.h"

namespace fediversity::http {

// Whom to believe. At most one member is set; with none the system's authorities decide.
struct TlsSettings {
  std::string ca_file = {};  // PEM file of the authorities, or of a self-signed certificate
  // SHA-256 of the one certificate that is right, whoever signed it and for whichever name; or of several, separated by
  // commas, any of which is right.
  std::string fingerprint = {};
  bool insecure = false;  // anything goes, so that whoever sits in between reads the credentials
};

// What a handshake saw of the server's certificate, for messages. The texts come from the server.
struct CertificateSeen {
  bool shown = false;
  long verify_error = 0;  // X509_V_*; of a pinned certificate X509_V_ERR_CERT_REJECTED
  std::string fingerprint = {};
  std::string subject = {};
  std::string issuer = {};
  std::string names = {};  // "DNS:a.example, IP Address:192.0.2.1"
  std::string not_before = {};
  std::string not_after = {};
};

class TlsTrust;

// Who decides in the handshakes of one connection after another, and what was seen last.
struct CertificateCheck {
  const TlsTrust* trust;
  CertificateSeen seen = {};
};

// Decides about certificates in OpenSSL's handshakes. Thread-safe.
class TlsTrust {
 public:
  // InvalidArgument where the settings contradict each other or the fingerprint is not one. Reads no file yet.
  static absl::StatusOr<std::unique_ptr<TlsTrust>> Create(TlsSettings settings, Environment environment);

  // Reads the authorities once, before the first handshake; answers the same ever after. FailedPrecondition where
  // there are none. The system's are those of SSL_CERT_FILE, NIX_SSL_CERT_FILE or SSL_CERT_DIR, else of the first
  // place where a distribution keeps them.
  absl::Status Load();

  bool verifies() const { return !settings_.insecure; }
  // A pinned certificate is right whatever it is called.
  bool checks_name() const { return verifies() && pins_.empty(); }
  const TlsSettings& settings() const { return settings_; }
  // Where the authorities come from: "/etc/ssl/certs/ca-certificates.crt".
  const std::string& authorities() const { return authorities_; }

  // Makes the handshakes of `context` ask `check.trust`, whose Load() has answered OK, and record what they see.
  // Both must outlive the connections.
  static void Install(SSL_CTX* context, CertificateCheck& check);

 private:
  struct StoreDeleter {
    void operator()(X509_STORE* store) const;
  };

  TlsTrust(TlsSettings settings, std::vector<Fingerprint> pins, Environment environment);
  absl::Status LoadStore();
  static int Verify(X509_STORE_CTX* context, void* check);

  TlsSettings settings_;
  std::vector<Fingerprint> pins_;
  Environment environment_;
  std::once_flag once_;
  absl::Status loaded_;
  std::string authorities_;
  std::unique_ptr<X509_STORE, StoreDeleter> store_;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_TLS_H_
