#ifndef FEDIVERSITY_TESTS_PROVIDER_RPC_HOST_H_
#define FEDIVERSITY_TESTS_PROVIDER_RPC_HOST_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "provider/base/subprocess.h"
#include "tests/provider/rpc/host_certificate.h"

namespace fediversity::rpc {

// How a host starts a plugin: the environment that OpenTofu gives, with what a test changes.
Command PluginCommand(const std::string& program, const std::string& client_certificate);
// Sets, or with nullopt takes away, a variable of the command.
void SetVariable(Command& command, const std::string& name, std::optional<std::string> value);

// The next line that comes out of `fd`, without its newline; what is there at the end of the stream otherwise.
absl::StatusOr<std::string> ReadLine(int fd, absl::Duration patience = absl::Seconds(60));
// Everything up to the end of the stream. DeadlineExceeded where somebody keeps it open.
absl::StatusOr<std::string> ReadToEnd(int fd, absl::Duration patience = absl::Seconds(60));

// The fields of a handshake line.
std::vector<std::string> SplitHandshake(std::string_view line);

// A connection with mutual TLS. An empty `host` shows no certificate.
std::shared_ptr<grpc::Channel> ConnectTls(std::string_view socket_path, const std::string& server_base64,
                                          const HostCertificate& host);
std::shared_ptr<grpc::Channel> ConnectPlain(std::string_view socket_path);

// Ends calls that take too long, so that a failing test does not hang.
std::unique_ptr<grpc::ClientContext> Patient(absl::Duration patience = absl::Seconds(60));

// A plugin that runs, and a connection to it.
struct Running {
  Running(Subprocess started, std::vector<std::string> fields, std::shared_ptr<grpc::Channel> connection);
  Running(Running&&) = default;
  Running& operator=(Running&&) = default;
  // Asks it to end first, so that it removes its socket.
  ~Running();

  Subprocess process;
  std::vector<std::string> handshake;
  std::shared_ptr<grpc::Channel> channel;
  const std::string& socket() const { return handshake[3]; }
};
absl::StatusOr<Running> Launch(const Command& command, const HostCertificate& host);
absl::StatusOr<Running> Launch(const std::string& program);

// Asks the plugin to end, as hosts do.
grpc::Status AskToEnd(const std::shared_ptr<grpc::Channel>& channel);

// Waits for the program's end.
absl::StatusOr<ExitStatus> WaitForEnd(Subprocess& process, absl::Duration patience = absl::Seconds(60));

// Calls the test plugin's function; its answer's JSON.
absl::StatusOr<std::string> CallTestFunction(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& name, const std::string& argument = "");

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_TESTS_PROVIDER_RPC_HOST_H_
