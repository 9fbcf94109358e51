#include "tests/emulators/garage/s3_objects.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>

#include "provider/base/text.h"
#include "tests/emulators/common/pattern.h"
#include "tests/emulators/common/percent.h"
#include "tests/emulators/garage/s3_api.h"
#include "tests/emulators/garage/timestamp.h"
#include "tests/emulators/garage/xml.h"

namespace fediversity::emulators::garage {
namespace {

constexpr std::size_t kVersionBytes = 32;
constexpr int kNoContent = 204;

HttpAnswer Xml(std::string_view root, std::string_view content) {
  return {.body = Document(root, content), .content_type = "application/xml"};
}

// The MD5 of a content, in quotes.
std::string Etag(const std::string& content) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(content.data(), content.size(), digest, &size, EVP_md5(), nullptr);
  std::string text = "\"";
  for (unsigned int at = 0; at < size; ++at) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", digest[at]);
    text += digits;
  }
  return text + "\"";
}

// A listing goes on after this object: ']' and its name in base64.
std::string TokenOf(const std::string& object) {
  std::string text(4 * ((object.size() + 2) / 3) + 1, '\0');
  int const size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(object.data()), static_cast<int>(object.size()));
  return "]" + text.substr(0, static_cast<std::size_t>(size));
}

std::string FromToken(std::string_view token) {
  token.remove_prefix(std::min<std::size_t>(1, token.size()));
  std::string object(token.size() + 1, '\0');
  int const size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(object.data()),
                      reinterpret_cast<const unsigned char*>(token.data()), static_cast<int>(token.size()));
  if (size < 0) return {};
  auto const padding = static_cast<std::size_t>(std::count(token.begin(), token.end(), '='));
  return object.substr(0, static_cast<std::size_t>(size) - padding);
}

HttpAnswer NoSuchUpload(const Store& store, const S3Call& call) {
  return S3Error({.status = 404, .code = "NoSuchUpload", .message = "Upload not found"}, call.request, store);
}

// Why a bucket takes no more, or "".
std::string OverQuota(const Bucket& bucket, const std::string& object, const std::string& content) {
  auto const old = bucket.objects.find(object);
  bool const is_new = old == bucket.objects.end();
  if (bucket.max_objects.has_value() && is_new && bucket.objects.size() >= *bucket.max_objects) {
    return "Object quota is reached, maximum objects for this bucket: " + std::to_string(*bucket.max_objects);
  }
  std::uint64_t const kept = bucket.Bytes() - (is_new ? 0 : old->second.size());
  if (bucket.max_size.has_value() && kept + content.size() > *bucket.max_size) {
    return Cat({"Bucket size quota is reached, maximum total size of objects for this bucket: ",
                std::to_string(*bucket.max_size), ". The bucket is already ", std::to_string(kept),
                " bytes, and this object would add ", std::to_string(content.size()), " bytes."});
  }
  return {};
}

}  // namespace

HttpAnswer ListObjects(Store& store, Bucket& bucket, const S3Call& call) {
  static const Pattern kNumber("\\d{1,4}");
  constexpr std::size_t kMost = 1000;
  std::string const prefix = call.query.Get("prefix").value_or("");
  std::string const wanted = call.query.Get("max-keys").value_or(std::to_string(kMost));
  std::size_t const most =
      kNumber.Matches(wanted) ? std::min(static_cast<std::size_t>(std::stoi(wanted)), kMost) : kMost;
  std::string after = call.query.Get("start-after").value_or("");
  auto const token = call.query.Get("continuation-token");
  if (token.has_value()) after = FromToken(*token);
  bool const encoded = call.query.Get("encoding-type") == "url";
  std::string rows;
  std::size_t count = 0;
  std::string last;
  bool truncated = false;
  for (auto at = bucket.objects.upper_bound(after); at != bucket.objects.end(); ++at) {
    if (!at->first.starts_with(prefix)) continue;
    truncated = count == most;
    if (truncated) break;
    ++count;
    last = at->first;
    rows += Element("Contents", Cat({TextElement("Key", encoded ? PercentEncode(last) : last),
                                     TextElement("LastModified", FormatTime(store.Now())),
                                     TextElement("ETag", Etag(at->second)),
                                     TextElement("Size", std::to_string(at->second.size())),
                                     TextElement("StorageClass", "STANDARD")}));
  }
  return Xml("ListBucketResult", Cat({TextElement("Name", call.bucket_name), TextElement("Prefix", prefix),
                                      encoded ? TextElement("EncodingType", "url") : "",
                                      token.has_value() ? TextElement("ContinuationToken", *token) : "",
                                      truncated ? TextElement("NextContinuationToken", TokenOf(last)) : "",
                                      TextElement("KeyCount", std::to_string(count)),
                                      TextElement("MaxKeys", std::to_string(most)),
                                      TextElement("IsTruncated", truncated ? "true" : "false"), rows}));
}

HttpAnswer DeleteObjects(Store& store, Bucket& bucket, const S3Call& call) {
  auto const quiet = TextsOf(call.request.body, "Quiet");
  std::string rows;
  for (const std::string& object : TextsOf(call.request.body, "Key")) {
    std::string row = TextElement("Key", object);
    if (bucket.objects.erase(object) > 0) {
      row += TextElement("VersionId", store.Hex(kVersionBytes)) +
             TextElement("DeleteMarkerVersionId", store.Hex(kVersionBytes));
    }
    if (quiet.empty() || quiet.front() != "true") rows += Element("Deleted", row);
  }
  return Xml("DeleteResult", rows);
}

HttpAnswer PutObject(Store& store, Bucket& bucket, const S3Call& call) {
  const std::string& content = call.request.body;
  if (std::string const why = OverQuota(bucket, call.object, content); !why.empty()) {
    return S3Error(Denied(why), call.request, store);
  }
  bucket.objects[call.object] = content;
  return {.body = "", .content_type = "", .headers = {{"ETag", Etag(content)}}};
}

HttpAnswer GetObject(Store& store, Bucket& bucket, const S3Call& call) {
  auto const found = bucket.objects.find(call.object);
  if (found == bucket.objects.end()) {
    return S3Error({.status = 404, .code = "NoSuchKey", .message = "Key not found"}, call.request, store);
  }
  return {.body = found->second,
          .content_type = "application/octet-stream",
          .headers = {{"ETag", Etag(found->second)}}};
}

HttpAnswer DeleteObject(Store&, Bucket& bucket, const S3Call& call) {
  bucket.objects.erase(call.object);
  return {.status = kNoContent, .body = "", .content_type = ""};
}

HttpAnswer StartUpload(Store& store, Bucket& bucket, const S3Call& call) {
  std::string const id = store.Hex(kVersionBytes);
  bucket.uploads[id] = {.key = call.object, .started = store.Now(), .parts = {}};
  return Xml("InitiateMultipartUploadResult",
             Cat({TextElement("Bucket", call.bucket_name), TextElement("Key", call.object),
                  TextElement("UploadId", id)}));
}

HttpAnswer PutPart(Store& store, Bucket& bucket, const S3Call& call) {
  static const Pattern kNumber("[1-9]\\d{0,4}");
  auto const found = bucket.uploads.find(*call.query.Get("uploadId"));
  if (found == bucket.uploads.end() || found->second.key != call.object) return NoSuchUpload(store, call);
  std::string const number = call.query.Get("partNumber").value_or("");
  if (!kNumber.Matches(number)) {
    return S3Error(BadRequest("Missing argument `partNumber` for endpoint"), call.request, store);
  }
  found->second.parts[std::stoi(number)] = call.request.body;
  return {.body = "", .content_type = "", .headers = {{"ETag", Etag(call.request.body)}}};
}

HttpAnswer AbortUpload(Store& store, Bucket& bucket, const S3Call& call) {
  auto const found = bucket.uploads.find(*call.query.Get("uploadId"));
  if (found == bucket.uploads.end() || found->second.key != call.object) return NoSuchUpload(store, call);
  bucket.uploads.erase(found);
  return {.status = kNoContent, .body = "", .content_type = ""};
}

HttpAnswer ListUploads(Store&, Bucket& bucket, const S3Call& call) {
  constexpr std::string_view kDummy = "<DisplayName>Dummy Key</DisplayName><ID>GKDummyKey</ID>";
  std::string rows;
  for (const auto& [id, upload] : bucket.uploads) {
    rows += Element(
        "Upload", Cat({TextElement("Initiated", FormatTime(upload.started)), Element("Initiator", kDummy),
                       TextElement("Key", upload.key), TextElement("UploadId", id), Element("Owner", kDummy),
                       TextElement("StorageClass", "STANDARD")}));
  }
  return Xml("ListMultipartUploadsResult",
             Cat({TextElement("Bucket", call.bucket_name), TextElement("Prefix", ""),
                  TextElement("MaxUploads", "1000"), TextElement("IsTruncated", "false"), rows}));
}

}  // namespace fediversity::emulators::garage
