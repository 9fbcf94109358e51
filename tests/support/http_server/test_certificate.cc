#include "tests/support/http_server/test_certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace fediversity::testing {
namespace {

void Require(bool success, const char* what) {
  if (success) return;
  std::fprintf(stderr, "cannot make a certificate: %s\n", what);
  std::abort();
}

void Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value.c_str());
  X509_EXTENSION_free(extension);
}

void SetRandomSerial(X509* certificate) {
  std::int32_t serial = 0;
  Require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1, "serial");
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial & 0x7FFFFFFF);
}

}  // namespace

TestCertificate::TestCertificate(const Options& options)
    : key_(EVP_EC_gen("P-256")),
      certificate_(X509_new()) {
  Require(key_ != nullptr && certificate_ != nullptr, "memory");
  X509* const own = certificate_.get();
  X509* const issuer = options.issuer == nullptr ? own : options.issuer->certificate();
  Require(X509_set_version(own, X509_VERSION_3) == 1, "version");
  SetRandomSerial(own);
  X509_time_adj_ex(X509_getm_notBefore(own), options.valid_from_days, 0, nullptr);
  X509_time_adj_ex(X509_getm_notAfter(own), options.valid_to_days, 0, nullptr);
  std::string const name = options.is_authority ? "Test Authority" : "Test Server";
  Require(X509_NAME_add_entry_by_txt(X509_get_subject_name(own), "CN", MBSTRING_ASC,
                                     reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1,
          "subject");
  Require(X509_set_issuer_name(own, X509_get_subject_name(issuer)) == 1, "issuer");
  Require(X509_set_pubkey(own, key_.get()) == 1, "public key");
  Extend(own, issuer, NID_basic_constraints, options.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  Extend(own, issuer, NID_subject_key_identifier, "hash");
  if (!options.is_authority) Extend(own, issuer, NID_subject_alt_name, options.names);
  EVP_PKEY* const signer = options.issuer == nullptr ? key_.get() : options.issuer->key();
  Require(X509_sign(own, signer, EVP_sha256()) > 0, "signature");
}

std::string TestCertificate::Pem() const {
  BIO* const bio = BIO_new(BIO_s_mem());
  Require(bio != nullptr && PEM_write_bio_X509(bio, certificate_.get()) == 1, "PEM");
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string TestCertificate::Fingerprint() const {
  std::array<unsigned char, 32> digest{};
  Require(X509_digest(certificate_.get(), EVP_sha256(), digest.data(), nullptr) == 1, "digest");
  std::string text;
  for (unsigned char const byte : digest) {
    std::array<char, 4> hex{};
    std::snprintf(hex.data(), hex.size(), "%02X", byte);
    if (!text.empty()) text += ':';
    text += hex.data();
  }
  return text;
}

}  // namespace fediversity::testing
