#include "tests/provider/rpc/host_certificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace fediversity::rpc {
namespace {

void Require(bool ok, const char* what) {
  if (ok) return;
  std::cerr << "cannot make the test's certificate: " << what << "\n";
  std::abort();
}

void AddExtension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  Require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, "extension");
  X509_EXTENSION_free(extension);
}

void AddName(X509_NAME* name, const char* key, const char* value) {
  Require(X509_NAME_add_entry_by_txt(name, key, MBSTRING_ASC, reinterpret_cast<const unsigned char*>(value),
                                     -1, -1, 0) == 1,
          "name");
}

template <typename Write>
std::string ToPem(Write write) {
  BIO* const bio = BIO_new(BIO_s_mem());
  Require(write(bio) == 1, "PEM");
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

}  // namespace

HostCertificate MakeHostCertificate() {
  EVP_PKEY* const key = EVP_EC_gen("P-521");
  X509* const certificate = X509_new();
  Require(key != nullptr && certificate != nullptr, "key");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), 4711);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -30);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_NAME* const name = X509_get_subject_name(certificate);
  AddName(name, "O", "HashiCorp");
  AddName(name, "CN", "localhost");
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate, NID_key_usage,
               "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign");
  AddExtension(certificate, NID_ext_key_usage, "clientAuth,serverAuth");
  AddExtension(certificate, NID_subject_alt_name, "DNS:localhost");
  Require(X509_sign(certificate, key, EVP_sha512()) != 0, "signature");
  HostCertificate made;
  made.pem = ToPem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
  made.private_key_pem = ToPem(
      [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

std::string PemFromBase64(std::string text) {
  while (text.size() % 4 != 0) text += '=';
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t start = 0; start < text.size(); start += 64) pem += text.substr(start, 64) + "\n";
  return pem + "-----END CERTIFICATE-----\n";
}

}  // namespace fediversity::rpc
