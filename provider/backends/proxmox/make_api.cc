#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "provider/backends/proxmox/api.h"
#include "provider/backends/proxmox/failover.h"
#include "provider/backends/proxmox/http_api.h"
#include "provider/backends/proxmox/silent_nodes.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/curl_transport.h"
#include "provider/http/endpoint.h"
#include "provider/http/logging.h"
#include "provider/http/retrying.h"

namespace fediversity::proxmox {
namespace {

constexpr std::string_view kBasePath = "/api2/json";

// "https://pve.example:8006/api2/json", out of the node's URL with or without the path of the API.
absl::StatusOr<std::string> ApiUrl(const std::string& text) {
  ASSIGN_OR_RETURN(http::Endpoint endpoint, http::ParseEndpoint(text));
  if (!absl::EndsWith(endpoint.base_path, ToAbsl(kBasePath))) endpoint.base_path += kBasePath;
  return endpoint.Url();
}

absl::Status CheckCredentials(const Credentials& credentials) {
  if (const auto* const token = std::get_if<ApiToken>(&credentials)) {
    const std::string& text = token->text.Reveal();
    std::size_t const realm = text.find('@');
    std::size_t const name = text.find('!', realm == text.npos ? 0 : realm);
    std::size_t const secret = text.find('=', name == text.npos ? 0 : name);
    if (realm != text.npos && name != text.npos && secret != text.npos && realm > 0) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "not an API token of Proxmox\nExpected is user@realm!name=secret, such as "
        "\"root@pam!tofu=01234567-89ab-cdef-0123-456789abcdef\".");
  }
  if (const auto* const login = std::get_if<Login>(&credentials)) {
    if (login->username.find('@') != std::string::npos) return absl::OkStatus();
    return absl::InvalidArgumentError(
        ToAbsl(Cat({"the Proxmox user lacks its realm\nThe username \"", ValidUtf8(login->username),
                    "\" has to be written as user@realm, such as \"root@pam\"."})));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Api>> MakeApi(const Settings& settings, const Environment& environment,
                                             const Logger& logger, Clock& clock) {
  if (settings.endpoints.empty()) return absl::InvalidArgumentError("no endpoint of Proxmox is given");
  RETURN_IF_ERROR(CheckCredentials(settings.credentials));
  std::vector<std::unique_ptr<http::Transport>> endpoints;
  for (const std::string& endpoint : settings.endpoints) {
    ASSIGN_OR_RETURN(std::string url, ApiUrl(endpoint));
    http::ConnectionOptions const options{.url = std::move(url),
                                          .tls = settings.tls,
                                          .max_connections = settings.max_connections,
                                          .timeout = settings.timeout};
    ASSIGN_OR_RETURN(std::unique_ptr<http::Transport> connection,
                     http::CurlTransport::Create(options, environment));
    endpoints.push_back(
        std::make_unique<http::LoggingTransport>(std::move(connection), logger.Named("http.proxmox"), clock));
  }
  auto failover = std::make_unique<FailoverTransport>(std::move(endpoints));
  auto retrying = std::make_unique<http::RetryingTransport>(std::move(failover), http::RetryPolicy{}, clock);
  return std::make_unique<HttpApi>(settings.endpoints.front(),
                                   std::make_unique<SilentNodes>(std::move(retrying), clock),
                                   settings.credentials, clock);
}

}  // namespace fediversity::proxmox
