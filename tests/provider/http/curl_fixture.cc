#include "tests/provider/http/curl_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace fediversity::http {

fediversity::testing::Answer Ok(const fediversity::testing::ServedRequest& /*request*/) {
  return {.body = "{}"};
}

Environment EnvironmentOf(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    auto const found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string UnresolvableHost() { return std::string(64, 'a') + ".test"; }

TemporaryFile::TemporaryFile(std::string_view content)
    : path_(::testing::TempDir() + "fediversity-http-XXXXXX") {
  int const fd = mkstemp(path_.data());
  EXPECT_GE(fd, 0);
  EXPECT_EQ(write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
  close(fd);
}

TemporaryFile::~TemporaryFile() { unlink(path_.c_str()); }

std::string TemporaryFile::Read() const {
  std::ifstream stream(path_, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

RefusingPort::RefusingPort() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd_, generic, size), 0);
  EXPECT_EQ(getsockname(fd_, generic, &size), 0);
  port_ = ntohs(address.sin_port);
}

RefusingPort::~RefusingPort() { close(fd_); }

std::unique_ptr<CurlTransport> CurlTest::Open(const ConnectionOptions& options,
                                              std::map<std::string, std::string> environment) {
  auto transport = CurlTransport::Create(options, EnvironmentOf(std::move(environment)));
  EXPECT_TRUE(transport.ok()) << transport.status();
  return transport.ok() ? *std::move(transport) : nullptr;
}

absl::StatusOr<Response> CurlTest::SendOnce(const ConnectionOptions& options, const Request& request,
                                            std::map<std::string, std::string> environment) {
  return Open(options, std::move(environment))->Send(request, Limits());
}

}  // namespace fediversity::http
