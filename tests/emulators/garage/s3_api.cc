#include "tests/emulators/garage/s3_api.h"

#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/common/pattern.h"
#include "tests/emulators/common/percent.h"
#include "tests/emulators/garage/call.h"
#include "tests/emulators/garage/names.h"
#include "tests/emulators/garage/s3_objects.h"
#include "tests/emulators/garage/xml.h"

namespace fediversity::emulators::garage {
namespace {

// The key that signed the request; else the refusal.
std::variant<Reply, const Key*> Authenticate(Store& store, const HttpRequest& request) {
  static const Pattern kSigned(
      "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, ?"
      "SignedHeaders=[^,]+, ?Signature=[0-9a-f]{64}");
  std::string const header = request.Header("Authorization");
  if (header.empty()) return Denied("Garage does not support anonymous access yet");
  if (!header.starts_with("AWS4-HMAC-SHA256 ")) return BadRequest("Unsupported authorization method");
  if (request.Header("X-Amz-Content-Sha256").empty()) {
    return BadRequest("Missing X-Amz-Content-Sha256 field");
  }
  auto const parts = kSigned.Groups(header);
  if (parts.empty()) return BadRequest("Invalid authorization header");
  if (parts[2] != store.settings.region) {
    auto const scope = [&](const std::string& region) {
      return Cat({"'", parts[1], "/", region, "/s3/aws4_request'"});
    };
    return Reply{.status = 400,
                 .code = "AuthorizationHeaderMalformed",
                 .message = Cat({"Authorization header malformed, unexpected scope: ", scope(parts[2]),
                                 ", expected: ", scope(store.settings.region)})};
  }
  const Key* const key = store.FindKey(parts[0]);
  if (key == nullptr) return Denied("No such key: " + parts[0]);
  if (store.IsOver(key->expiration)) return Denied("Access key " + key->id + " has expired");
  return key;
}

// By the key's own name for it, else by an alias, else by its id.
Bucket* Resolve(Store& store, const Key& key, const std::string& name) {
  auto const own = key.aliases.find(name);
  if (own != key.aliases.end() && !own->second.empty()) return store.FindBucket(own->second);
  if (Bucket* const named = store.FindByAlias(name)) return named;
  return store.FindBucket(name);
}

struct Operation {
  std::string_view method;
  bool on_object = false;
  std::string_view parameter;  // that tells it from others; "" for none
  bool writes = false;
  HttpAnswer (*serve)(Store& store, Bucket& bucket, const S3Call& call) = nullptr;
};

// The first that fits.
constexpr Operation kOperations[] = {
    {"GET", false, "list-type", false, ListObjects},
    {"GET", false, "uploads", false, ListUploads},
    {"POST", false, "delete", true, DeleteObjects},
    {"POST", true, "uploads", true, StartUpload},
    {"PUT", true, "uploadId", true, PutPart},
    {"DELETE", true, "uploadId", true, AbortUpload},
    {"PUT", true, "", true, PutObject},
    {"GET", true, "", false, GetObject},
    {"DELETE", true, "", true, DeleteObject},
};

HttpAnswer Serve(Store& store, const HttpRequest& request, const Key& key) {
  auto const question = std::min(request.target.find('?'), request.target.size());
  std::string const path = request.target.substr(1, question - 1);
  auto const slash = std::min(path.find('/'), path.size());
  S3Call const call{.request = request,
                    .bucket_name = PercentDecode(path.substr(0, slash), false),
                    .object = PercentDecode(path.substr(std::min(slash + 1, path.size())), false),
                    .query = Query(request.target.substr(std::min(question + 1, request.target.size())))};
  auto const refuse = [&](const Reply& reply) { return S3Error(reply, request, store); };
  Bucket* const bucket = Resolve(store, key, call.bucket_name);
  if (bucket == nullptr) return refuse(NoSuchBucket(call.bucket_name));
  auto const operation = std::ranges::find_if(kOperations, [&](const Operation& known) {
    return known.method == request.method && known.on_object == !call.object.empty() &&
           (known.parameter.empty() || call.query.Has(known.parameter));
  });
  if (operation == std::end(kOperations)) {
    return refuse({.status = 501, .code = "NotImplemented", .message = "Unimplemented action: not emulated"});
  }
  auto const grant = bucket->grants.find(key.id);
  Permissions const may = grant == bucket->grants.end() ? Permissions{} : grant->second;
  if (operation->writes ? !may.write : !may.read) {
    return refuse(Denied("Operation is not allowed for this key."));
  }
  return operation->serve(store, *bucket, call);
}

}  // namespace

HttpAnswer S3Error(const Reply& reply, const HttpRequest& request, const Store& store) {
  return {
      .status = reply.status,
      .body = Cat(
          {R"(<?xml version="1.0" encoding="UTF-8"?>)",
           Element("Error", Cat({TextElement("Code", reply.code), TextElement("Message", reply.message),
                                 TextElement("Resource", request.target.substr(0, request.target.find('?'))),
                                 TextElement("Region", store.settings.region)}))}),
      .content_type = "application/xml"};
}

HttpAnswer ServeS3(Store& store, const HttpRequest& request, std::string& who) {
  auto const authenticated = Authenticate(store, request);
  if (const Reply* const refused = std::get_if<Reply>(&authenticated)) {
    return S3Error(*refused, request, store);
  }
  const Key& key = *std::get<const Key*>(authenticated);
  who = key.id;
  return Serve(store, request, key);
}

}  // namespace fediversity::emulators::garage
