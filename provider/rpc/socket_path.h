#ifndef FEDIVERSITY_PROVIDER_RPC_SOCKET_PATH_H_
#define FEDIVERSITY_PROVIDER_RPC_SOCKET_PATH_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/rpc/handshake.h"

namespace fediversity::rpc {

// A path for the socket that nothing uses yet, with a random name: a killed process leaves its socket behind.
// In the directory that the host names, else in TMPDIR, else, also where TMPDIR is missing or too long for a
// socket address, in /tmp.
absl::StatusOr<std::string> ChooseSocketPath(const HostRequest& request);

// `path` as gRPC wants to be told where to listen.
std::string ListeningAddress(std::string_view path);

// Gives the socket to a group, which may then connect. An empty group changes nothing.
absl::Status ShareWithGroup(const std::string& path, const std::string& group);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_SOCKET_PATH_H_
