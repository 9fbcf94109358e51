#ifndef FEDIVERSITY_PROVIDER_RPC_HANDSHAKE_H_
#define FEDIVERSITY_PROVIDER_RPC_HANDSHAKE_H_

// go-plugin's process contract before the first RPC: what the host says in the environment, and the one line
// that the plugin answers on its standard output.

#include <span>
#include <string>
#include <string_view>

#include "provider/base/environment.h"

namespace fediversity::rpc {

inline constexpr std::string_view kCookieName = "TF_PLUGIN_MAGIC_COOKIE";
inline constexpr std::string_view kCookie =
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

// What the host asks for.
struct HostRequest {
  bool cookie_matches = false;
  std::string protocol_versions;   // "5,6", in any order
  std::string client_certificate;  // PEM; empty: plaintext
  std::string socket_directory;    // empty: ours to choose
  std::string socket_group;        // name or number; empty: none
  std::string temporary_directory;
  bool asks_for_multiplexing = false;
};
HostRequest ReadHostRequest(const Environment& environment);

// The highest of `ours` that the comma-separated `offered` names. Where there is none the lowest of ours: the
// host then tells the user about the mismatch. `ours` is not empty.
int PickVersion(std::span<const int> ours, std::string_view offered);

struct HandshakeLine {
  int protocol_version = 0;
  std::string socket_path;
  std::string certificate;  // empty: plaintext
  // Whether to answer the question for several connections over one socket, which is always no.
  bool answer_multiplexing = false;
};
// Ends in a newline.
std::string FormatHandshake(const HandshakeLine& line);

// The value that a shell gives to TF_REATTACH_PROVIDERS so that hosts use a running process: JSON.
std::string FormatReattach(std::string_view registry_address, int protocol_version, int pid,
                           std::string_view socket_path);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_HANDSHAKE_H_
