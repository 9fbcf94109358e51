#include "provider/rpc/handshake.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "provider/base/text.h"

namespace fediversity::rpc {
namespace {

// Version of go-plugin's own contract.
constexpr int kCoreVersion = 1;

}  // namespace

HostRequest ReadHostRequest(const Environment& environment) {
  auto read = [&environment](std::string_view name) { return environment(std::string(name)).value_or(""); };
  HostRequest request;
  request.cookie_matches = read(kCookieName) == kCookie;
  request.protocol_versions = read("PLUGIN_PROTOCOL_VERSIONS");
  // A host that was itself started by a plugin host inherits a certificate that is not its own.
  if (read("TF_DISABLE_PLUGIN_TLS").empty()) request.client_certificate = read("PLUGIN_CLIENT_CERT");
  request.socket_directory = read("PLUGIN_UNIX_SOCKET_DIR");
  request.socket_group = read("PLUGIN_UNIX_SOCKET_GROUP");
  request.temporary_directory = read("TMPDIR");
  request.asks_for_multiplexing = !read("PLUGIN_MULTIPLEX_GRPC").empty();
  return request;
}

int PickVersion(std::span<const int> ours, std::string_view offered) {
  int best = 0;
  for (absl::string_view const word : absl::StrSplit(ToAbsl(offered), ',')) {
    int version = 0;
    if (!absl::SimpleAtoi(word, &version)) continue;
    if (std::find(ours.begin(), ours.end(), version) != ours.end()) best = std::max(best, version);
  }
  return best > 0 ? best : *std::min_element(ours.begin(), ours.end());
}

std::string FormatHandshake(const HandshakeLine& line) {
  std::string text = absl::StrCat(kCoreVersion, "|", line.protocol_version, "|unix|", line.socket_path,
                                  "|grpc|", line.certificate);
  if (line.answer_multiplexing) text += "|false";
  text += '\n';
  return text;
}

std::string FormatReattach(std::string_view registry_address, int protocol_version, int pid,
                           std::string_view socket_path) {
  // Test: the host neither ends the process nor asks it to end.
  nlohmann::ordered_json const reattach = {
      {std::string(registry_address),
       {{"Protocol", "grpc"},
        {"ProtocolVersion", protocol_version},
        {"Pid", pid},
        {"Test", true},
        {"Addr", {{"Network", "unix"}, {"String", ValidUtf8(socket_path)}}}}}};
  return reattach.dump();
}

}  // namespace fediversity::rpc
