#include "provider/backends/proxmox/cause.h"
#include "provider/backends/proxmox/decode.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/backends/proxmox/upload_body.h"
#include "provider/backends/proxmox/write_timeout.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {

using nlohmann::json;

namespace {

// What gives access to a URL: user and password, and the query, in which signatures stand.
std::vector<Secret> SecretsOf(std::string_view url) {
  std::vector<Secret> secrets;
  std::size_t const scheme = url.find("://");
  std::string_view authority = url.substr(scheme == url.npos ? 0 : scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (std::size_t const at = authority.rfind('@'); at != authority.npos)
    secrets.emplace_back(std::string(authority.substr(0, at)));
  std::string_view const whole = url.substr(0, url.find('#'));
  if (std::size_t const query = whole.find('?'); query != whole.npos)
    secrets.emplace_back(std::string(whole.substr(query + 1)));
  return secrets;
}

}  // namespace

absl::StatusOr<std::vector<Storage>> HttpApi::ListStorages(std::string_view node, const CallLimits& limits) {
  std::string const what = Cat({"node ", node, ": listing its storages"});
  ASSIGN_OR_RETURN(json const data, client_.Get({"nodes", std::string(node), "storage"}, what, limits));
  return DecodeStorages(data, node, what);
}

absl::StatusOr<std::shared_ptr<const std::vector<Volume>>> HttpApi::ListVolumes(std::string_view node,
                                                                                std::string_view storage,
                                                                                std::string_view content,
                                                                                const CallLimits& limits) {
  return volumes_.Get(node, storage, content, limits);
}

absl::Status HttpApi::TryUrl(std::string_view node, std::string_view url, bool verify_certificates,
                             const CallLimits& limits) {
  Parameters parameters = {{"url", url}};
  if (!verify_certificates) parameters.emplace_back("verify-certificates", "0");
  return client_
      .Send({.path = {"nodes", std::string(node), "query-url-metadata"},
             .parameters = std::move(parameters),
             .what = Cat({"node ", node, ": asking what the URL gives"}),
             .secrets = SecretsOf(url)},
            limits)
      .status();
}

absl::StatusOr<TaskResult> HttpApi::DownloadUrl(const DownloadRequest& request, const CallLimits& limits) {
  Parameters parameters = {
      {"url", request.url}, {"content", request.content}, {"filename", request.filename}};
  if (request.checksum.has_value()) {
    parameters.emplace_back("checksum-algorithm", request.checksum->algorithm);
    parameters.emplace_back("checksum", request.checksum->value);
  }
  if (!request.compression.empty()) parameters.emplace_back("compression", request.compression);
  if (!request.verify_certificates) parameters.emplace_back("verify-certificates", "0");
  return Run({.method = http::Method::kPost,
              .path = {"nodes", request.node, "storage", request.storage, "download-url"},
              .parameters = std::move(parameters),
              .what = Cat({"storage ", request.storage, " on node ", request.node, ": downloading ",
                           request.filename}),
              .timeout = kWriteTimeout,
              .secrets = SecretsOf(request.url)},
             OnAbandon::kStop, Locks::kAny, limits);
}

absl::StatusOr<TaskResult> HttpApi::Upload(const UploadRequest& request, const CallLimits& limits) {
  ASSIGN_OR_RETURN(http::Body body, UploadBody(request));
  return Run({.method = http::Method::kPost,
              .path = {"nodes", request.node, "storage", request.storage, "upload"},
              .what = Cat(
                  {"storage ", request.storage, " on node ", request.node, ": uploading ", request.filename}),
              // As long as it takes: the operation has its own deadline.
              .timeout = absl::InfiniteDuration(),
              .body = std::move(body)},
             OnAbandon::kLeave, Locks::kAny, limits);
}

absl::StatusOr<TaskResult> HttpApi::DeleteVolume(std::string_view node, std::string_view volid,
                                                 const CallLimits& limits) {
  std::string const storage(volid.substr(0, volid.find(':')));
  if (storage.size() == volid.size() || storage.empty()) {
    return absl::InvalidArgumentError(ToAbsl(Cat(
        {"\"", ValidUtf8(volid), "\" is no volume\nExpected is something like \"local:iso/image.iso\"."})));
  }
  auto result = Run({.method = http::Method::kDelete,
                     .path = {"nodes", std::string(node), "storage", storage, "content", std::string(volid)},
                     .what = Cat({"deleting the volume ", volid}),
                     .timeout = kWriteTimeout},
                    OnAbandon::kLeave, Locks::kAny, limits);
  if (CauseOf(result.status()) == Cause::kNoSuchThing) return TaskResult{};
  return result;
}

}  // namespace fediversity::proxmox
