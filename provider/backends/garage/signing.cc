#include "provider/backends/garage/signing.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "provider/base/text.h"
#include "provider/http/percent.h"

namespace fediversity::garage {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kSignedHeaders = "host;x-amz-content-sha256;x-amz-date";

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

std::string Text(const Digest& digest) { return {digest.begin(), digest.end()}; }

std::string HexSha256(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString(Text(digest));
}

std::string HmacSha256(std::string_view key, std::string_view text) {
  Digest digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
  return Text(digest);
}

std::string Encoded(const http::Field& field) {
  return Cat({http::PercentEncode(field.name()), "=", http::PercentEncode(field.Reveal())});
}

}  // namespace

void SignV4(http::Request& request, std::string_view host, std::string_view region,
            const KeyCredentials& credentials, absl::Time now) {
  std::sort(request.query.begin(), request.query.end(),
            [](const http::Field& a, const http::Field& b) { return Encoded(a) < Encoded(b); });
  std::string const target = http::TargetOf(request);
  std::size_t const mark = std::min(target.find('?'), target.size());
  // S3 signs the slashes of a key as they are, however they were sent.
  std::string const path = mark == 0 ? "/" : absl::StrReplaceAll(target.substr(0, mark), {{"%2F", "/"}});
  std::string const query = mark == target.size() ? "" : target.substr(mark + 1);
  std::string const hash = HexSha256(request.body.has_value() ? request.body->bytes.Reveal() : "");
  std::string const time = absl::FormatTime("%Y%m%dT%H%M%SZ", now, absl::UTCTimeZone());
  std::string const day = time.substr(0, time.find('T'));

  std::string const canonical =
      Cat({http::NameOf(request.method), "\n", path, "\n", query, "\nhost:", host,
           "\nx-amz-content-sha256:", hash, "\nx-amz-date:", time, "\n\n", kSignedHeaders, "\n", hash});
  std::string const scope = Cat({day, "/", region, "/s3/aws4_request"});
  std::string const to_sign = Cat({kAlgorithm, "\n", time, "\n", scope, "\n", HexSha256(canonical)});
  std::string key = HmacSha256(Cat({"AWS4", credentials.secret_access_key.Reveal()}), day);
  for (std::string_view const part : {region, std::string_view("s3"), std::string_view("aws4_request")})
    key = HmacSha256(key, part);
  std::string const signature = absl::BytesToHexString(HmacSha256(key, to_sign));

  request.headers.emplace_back("Host", host);
  request.headers.emplace_back("X-Amz-Content-Sha256", hash);
  request.headers.emplace_back("X-Amz-Date", time);
  request.headers.emplace_back("Authorization",
                               Secret(Cat({kAlgorithm, " Credential=", credentials.access_key_id, "/", scope,
                                           ", SignedHeaders=", kSignedHeaders, ", Signature=", signature})));
}

}  // namespace fediversity::garage
