#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "provider/backends/garage/api.h"
#include "provider/backends/garage/http_api.h"
#include "provider/backends/garage/s3_client.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/endpoint.h"
#include "provider/http/open_transport.h"

namespace fediversity::garage {
namespace {

constexpr std::string_view kUnix = "unix:";

http::ConnectionOptions Connection(std::string_view endpoint, const Settings& settings) {
  http::ConnectionOptions options{
      .url = std::string(endpoint),
      .tls = settings.tls,
      .max_connections = settings.max_connections,
      .timeout = settings.timeout,
  };
  if (endpoint.substr(0, kUnix.size()) == kUnix) {
    options.url = "http://localhost";
    options.unix_socket = std::string(endpoint.substr(kUnix.size()));
  }
  return options;
}

// What libcurl would put into the Host header, which is signed.
std::string HostOf(const http::Endpoint& endpoint) {
  constexpr std::uint16_t kHttp = 80;
  constexpr std::uint16_t kHttps = 443;
  std::string host = endpoint.Authority();
  if (endpoint.port == (endpoint.tls ? kHttps : kHttp)) host.erase(host.rfind(':'));
  return host;
}

absl::StatusOr<std::unique_ptr<S3Client>> MakeS3(const Settings& settings, const Environment& environment,
                                                 const Logger& logger, Clock& clock) {
  if (settings.s3_endpoint.empty()) return nullptr;
  http::ConnectionOptions const connection = Connection(settings.s3_endpoint, settings);
  ASSIGN_OR_RETURN(http::Endpoint const endpoint, http::ParseEndpoint(connection.url));
  if (!endpoint.base_path.empty()) {
    return absl::InvalidArgumentError(
        ToAbsl(Cat({"the S3 endpoint has a path\nS3 is at the root of its host: use ",
                    endpoint.Url().substr(0, endpoint.Url().size() - endpoint.base_path.size()), "."})));
  }
  ASSIGN_OR_RETURN(auto transport, http::OpenTransport({.name = "garage.s3", .connection = connection},
                                                       environment, logger, clock));
  return std::make_unique<S3Client>(std::move(transport), HostOf(endpoint), settings.region, clock);
}

absl::Status CheckToken(const Secret& token) {
  const std::string& text = token.Reveal();
  for (char const byte : text) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(byte))) {
      return absl::InvalidArgumentError(
          "not an admin token of Garage\nIt holds a blank, a line break or another character that no token has. A file "
          "may end in a line break: use trimspace(file(...)).");
    }
  }
  if (text.empty()) return absl::InvalidArgumentError("the admin token of Garage is empty");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Api>> MakeApi(const Settings& settings, const Environment& environment,
                                             const Logger& logger, Clock& clock) {
  if (settings.endpoint.empty()) return absl::InvalidArgumentError("no endpoint of Garage is given");
  if (settings.page_size < 1) return absl::InvalidArgumentError("a page needs an entry");
  RETURN_IF_ERROR(CheckToken(settings.token));
  ASSIGN_OR_RETURN(
      auto transport,
      http::OpenTransport({.name = "garage", .connection = Connection(settings.endpoint, settings)},
                          environment, logger, clock));
  ASSIGN_OR_RETURN(auto s3, MakeS3(settings, environment, logger, clock));
  return std::make_unique<HttpApi>(std::move(transport), settings.token, std::move(s3),
                                   HttpApi::Options{.service = settings.endpoint,
                                                    .page_size = settings.page_size,
                                                    .parallel = settings.max_connections},
                                   clock);
}

}  // namespace fediversity::garage
