#include "provider/backends/garage/s3_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "provider/backends/garage/error.h"
#include "provider/backends/garage/names.h"
#include "provider/backends/garage/signing.h"
#include "provider/backends/garage/xml.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/percent.h"

namespace fediversity::garage {
namespace {

absl::Status NotS3(std::string_view what, std::string_view problem) {
  return absl::InternalError(
      ToAbsl(Cat({what, ": the answer is not one of S3\n", problem,
                  ". Check that `s3_endpoint` is the S3 API of a Garage server, by default port 3900."})));
}

absl::StatusOr<XmlElement> Parse(std::string_view body, std::string_view name, std::string_view what) {
  auto document = ParseXml(body);
  if (!document.ok()) return NotS3(what, Cat({"It is ", ToStd(document.status().message())}));
  if (document->name != name) return NotS3(what, Cat({"It has no ", name}));
  return document;
}

}  // namespace

S3Client::S3Client(std::unique_ptr<http::Transport> transport, std::string host, std::string region,
                   Clock& clock)
    : transport_(std::move(transport)),
      host_(std::move(host)),
      region_(std::move(region)),
      clock_(clock) {}

absl::StatusOr<std::vector<std::string>> S3Client::ListObjects(std::string_view bucket_id,
                                                               const KeyCredentials& credentials,
                                                               const CallLimits& limits) {
  std::string const what = OfBucket(bucket_id, "listing its objects");
  http::Request request{.path = {std::string(bucket_id)},
                        .query = {{"list-type", "2"}, {"encoding-type", "url"}}};
  ASSIGN_OR_RETURN(std::string const body, Send(std::move(request), what, credentials, limits));
  return DecodeObjectList(body, what);
}

absl::Status S3Client::DeleteObjects(std::string_view bucket_id, const std::vector<std::string>& keys,
                                     const KeyCredentials& credentials, const CallLimits& limits) {
  std::string const what = OfBucket(bucket_id, "deleting its objects");
  std::string list;
  for (const std::string& key : keys) {
    if (IsXmlText(key)) {
      list += Cat({"<Object><Key>", EscapeXml(key), "</Key></Object>"});
      continue;
    }
    // Control characters cannot be written in XML, but in a path.
    http::Request request{
        .method = http::Method::kDelete, .path = {std::string(bucket_id), key}, .idempotent = true};
    RETURN_IF_ERROR(Send(std::move(request), what, credentials, limits).status());
  }
  if (list.empty()) return absl::OkStatus();
  http::Request request{
      .method = http::Method::kPost,
      .path = {std::string(bucket_id)},
      .query = {{"delete", ""}},
      .body = http::Body{"application/xml", Secret(Cat({"<Delete><Quiet>true</Quiet>", list, "</Delete>"}))},
      .idempotent = true};
  ASSIGN_OR_RETURN(std::string const body, Send(std::move(request), what, credentials, limits));
  return DecodeDeletion(body, what);
}

absl::StatusOr<std::string> S3Client::Send(http::Request request, const std::string& what,
                                           const KeyCredentials& credentials, const CallLimits& limits) {
  SignV4(request, host_, region_, credentials, clock_.Now());
  absl::StatusOr<http::Response> response = transport_->Send(request, limits);
  if (!response.ok()) {
    return Reworded(response.status(), response.status().code(),
                    Cat({what, ": ", ToStd(response.status().message())}));
  }
  if (response->status / 100 == 2) return std::move(response->body);
  return S3ErrorOf(request, *response, what);
}

absl::StatusOr<std::vector<std::string>> DecodeObjectList(std::string_view body, std::string_view what) {
  ASSIGN_OR_RETURN(XmlElement const list, Parse(body, "ListBucketResult", what));
  bool const encoded = list.TextOf("EncodingType") == "url";
  std::vector<std::string> keys;
  for (const XmlElement& entry : list.children) {
    if (entry.name != "Contents") continue;
    std::string_view const key = entry.TextOf("Key");
    auto decoded = encoded ? http::PercentDecode(key) : std::optional<std::string>(key);
    if (!decoded.has_value() || decoded->empty()) return NotS3(what, "It names an object by no key");
    keys.push_back(*std::move(decoded));
  }
  return keys;
}

absl::Status DecodeDeletion(std::string_view body, std::string_view what) {
  ASSIGN_OR_RETURN(XmlElement const result, Parse(body, "DeleteResult", what));
  std::size_t failed = 0;
  std::string first;
  for (const XmlElement& entry : result.children) {
    if (entry.name != "Error" || entry.TextOf("Code") == "NoSuchKey") continue;
    if (failed++ == 0) {
      first = Cat({OneLine(entry.TextOf("Key")), ": ", OneLine(entry.TextOf("Code")), ": ",
                   OneLine(entry.TextOf("Message"))});
    }
  }
  if (failed == 0) return absl::OkStatus();
  return absl::InternalError(
      ToAbsl(Cat({what, ": the server could not delete ", absl::StrCat(failed),
                  failed == 1 ? " object" : " objects", "\nOf the first it says: ", first})));
}

absl::Status S3ErrorOf(const http::Request& request, const http::Response& response, std::string_view what) {
  auto const document = ParseXml(response.body);
  if (!document.ok() || document->name != "Error") {
    absl::Status const status = http::ToStatus(request, response);
    // What is in front of the server cannot know what is gone.
    absl::StatusCode const code =
        absl::IsNotFound(status) ? absl::StatusCode::kFailedPrecondition : status.code();
    return {code,
            ToAbsl(Cat(
                {what, ": ", ToStd(status.message()),
                 "\nThis is no answer of S3. Check that `s3_endpoint` is the S3 API of a Garage server."}))};
  }
  std::string const name = OneLine(document->TextOf("Code"));
  std::string text = Cat({what, ": ", name, ": ", OneLine(document->TextOf("Message")), "\n"});
  absl::StatusCode code = http::CodeOf(response.status);
  if (name == "AuthorizationHeaderMalformed") {
    text += Cat({"The region has to be that of `s3_region` in the server's configuration, which is \"",
                 OneLine(document->TextOf("Region")), "\": set it as `region`.\n"});
  }
  if (code == absl::StatusCode::kNotFound && name != "NoSuchBucket")
    code = absl::StatusCode::kFailedPrecondition;
  text += Cat(
      {http::NameOf(request.method), " ", response.url, " answered ", absl::StrCat(response.status), "."});
  return {code, http::WithoutSecrets(std::move(text), request)};
}

}  // namespace fediversity::garage
