#include "provider/rpc/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "provider/base/text.h"

namespace fediversity::rpc {
namespace {

template <auto kFree>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

constexpr int kSerialBits = 127;
constexpr long kClockSkewSeconds = 30;
constexpr int kDaysValid = 10 * 365;

absl::Status OpenSslError(std::string_view what) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  return absl::InternalError(ToAbsl(Cat({"cannot make a TLS certificate: ", what, ": ", reason.data()})));
}

bool AddExtension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  Extension const extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetRandomSerial(X509* certificate) {
  BigNumber const serial(BN_new());
  return serial != nullptr && BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool Describe(X509* certificate) {
  static constexpr std::string_view kHost = "localhost";
  X509_NAME* const subject = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && SetRandomSerial(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -kClockSkewSeconds) != nullptr &&
         X509_time_adj_ex(X509_getm_notAfter(certificate), kDaysValid, 0, nullptr) != nullptr &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(kHost.data()),
                                    static_cast<int>(kHost.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1;
}

// Hosts take it both as the server's certificate and as the only authority that may have signed it.
bool Extend(X509* certificate) {
  return AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
         AddExtension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
         AddExtension(certificate, NID_ext_key_usage, "serverAuth") &&
         AddExtension(certificate, NID_subject_key_identifier, "hash") &&
         AddExtension(certificate, NID_subject_alt_name, "DNS:localhost");
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string Base64WithoutPadding(std::string_view bytes) {
  std::string text = absl::Base64Escape(ToAbsl(bytes));
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

}  // namespace

absl::StatusOr<ServerCertificate> MakeServerCertificate() {
  Key const key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("key");
  Certificate const certificate(X509_new());
  if (certificate == nullptr || !Describe(certificate.get()) ||
      X509_set_pubkey(certificate.get(), key.get()) != 1 || !Extend(certificate.get()) ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    return OpenSslError("certificate");
  }
  Bio const pem(BIO_new(BIO_s_mem()));
  Bio const der(BIO_new(BIO_s_mem()));
  Bio const key_pem(BIO_new(BIO_s_secmem()));
  if (pem == nullptr || der == nullptr || key_pem == nullptr ||
      PEM_write_bio_X509(pem.get(), certificate.get()) != 1 ||
      i2d_X509_bio(der.get(), certificate.get()) != 1 ||
      PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpenSslError("encoding");
  }
  return ServerCertificate{.pem = TextOf(pem.get()),
                           .private_key_pem = Secret(TextOf(key_pem.get())),
                           .handshake_text = Base64WithoutPadding(TextOf(der.get()))};
}

absl::Status CheckCertificate(std::string_view pem) {
  Bio const bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return OpenSslError("memory");
  Certificate const certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (certificate == nullptr) return absl::InvalidArgumentError("it is not a certificate in PEM form");
  return absl::OkStatus();
}

}  // namespace fediversity::rpc
