#ifndef FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_TEST_CERTIFICATE_H_
#define FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_TEST_CERTIFICATE_H_

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace fediversity::testing {

// A certificate with its key, made on the spot. Ends the program where OpenSSL fails.
class TestCertificate {
 public:
  struct Options {
    std::string names = "IP:127.0.0.1";       // subjectAltName, as in openssl.cnf(5)
    const TestCertificate* issuer = nullptr;  // signs it; itself where there is none
    bool is_authority = false;
    int valid_from_days = -1;  // relative to now
    int valid_to_days = 1;
  };

  explicit TestCertificate(const Options& options);

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  std::string Pem() const;
  // SHA-256, "A1:B2:...".
  std::string Fingerprint() const;

 private:
  struct Deleter {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };

  std::unique_ptr<EVP_PKEY, Deleter> key_;
  std::unique_ptr<X509, Deleter> certificate_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_HTTP_SERVER_TEST_CERTIFICATE_H_
