#include "provider/rpc/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/provider/rpc/host_certificate.h"

namespace fediversity::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<X509> Parse(const std::string& pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  std::shared_ptr<X509> certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), X509_free);
  BIO_free(bio);
  return certificate;
}

TEST(ServerCertificate, IsWhatGoAndBoringSslVerify) {
  absl::StatusOr<ServerCertificate> const made = MakeServerCertificate();
  ASSERT_TRUE(made.ok()) << made.status();
  std::shared_ptr<X509> const certificate = Parse(made->pem);
  ASSERT_NE(certificate, nullptr);

  EXPECT_EQ(X509_check_host(certificate.get(), "localhost", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr),
            1);
  EXPECT_NE(X509_get_extended_key_usage(certificate.get()) & XKU_SSL_SERVER, 0U);
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  char group[32] = {};
  ASSERT_EQ(EVP_PKEY_get_group_name(key, group, sizeof group, nullptr), 1);
  EXPECT_STREQ(group, "prime256v1");
  EXPECT_EQ(X509_verify(certificate.get(), key), 1);

  std::time_t now = std::time(nullptr) - 25;
  EXPECT_LT(X509_cmp_time(X509_get0_notBefore(certificate.get()), &now), 0);
  now = std::time(nullptr) + 365 * 24 * 3600;
  EXPECT_GT(X509_cmp_time(X509_get0_notAfter(certificate.get()), &now), 0);
}

// The length of an ECDSA signature varies from one to the next, and with it the need for padding.
TEST(ServerCertificate, IsAnnouncedWithoutPaddingWhateverItsLength) {
  std::set<std::size_t> remainders;
  std::set<std::string> all;
  for (int i = 0; i < 200; ++i) {
    absl::StatusOr<ServerCertificate> const made = MakeServerCertificate();
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_THAT(made->handshake_text, Not(HasSubstr("=")));
    EXPECT_THAT(made->handshake_text, Not(HasSubstr("\n")));
    EXPECT_EQ(PemFromBase64(made->handshake_text), made->pem);
    remainders.insert(made->handshake_text.size() % 4);
    all.insert(made->pem);
  }
  EXPECT_GT(remainders.size(), 1U) << "no certificate here would have been padded";
  EXPECT_EQ(all.size(), 200U);
}

TEST(CheckCertificate, TellsACertificateFromOtherText) {
  EXPECT_TRUE(CheckCertificate(MakeHostCertificate().pem).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckCertificate("")));
  EXPECT_TRUE(absl::IsInvalidArgument(CheckCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n")));
}

}  // namespace
}  // namespace fediversity::rpc
