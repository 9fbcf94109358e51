#include "tests/provider/rpc/host.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "proto/plugin/grpc_controller.grpc.pb.h"
#include "proto/tfplugin6.grpc.pb.h"
#include "provider/base/poll_limits.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::rpc {
namespace {

constexpr std::size_t kHandshakeFields = 6;

// Reads until `done` says so or the stream ends. Byte by byte: what comes after belongs to the next reader.
template <typename Done>
absl::StatusOr<std::string> ReadUntil(int fd, absl::Duration patience, Done done) {
  absl::Time const deadline = absl::Now() + patience;
  CancelToken const never;
  std::string text;
  while (!done(text)) {
    std::array<pollfd, 1> fds = {pollfd{fd, POLLIN, 0}};
    RETURN_IF_ERROR(PollWithin(fds, never, deadline, "reading from the plugin"));
    char byte = 0;
    ssize_t const got = read(fd, &byte, 1);
    if (got == 0) return text;
    if (got < 0 && errno != EAGAIN && errno != EINTR)
      return absl::ErrnoToStatus(errno, "reading from the plugin");
    if (got == 1) text += byte;
  }
  return text;
}

}  // namespace

Command PluginCommand(const std::string& program, const std::string& client_certificate) {
  Command command;
  command.arguments = {program};
  command.environment = {
      {"TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"},
      {"PLUGIN_MIN_PORT", "10000"},
      {"PLUGIN_MAX_PORT", "25000"},
      {"PLUGIN_PROTOCOL_VERSIONS", "5,6"},
      {"PLUGIN_CLIENT_CERT", client_certificate}};
  return command;
}

void SetVariable(Command& command, const std::string& name, std::optional<std::string> value) {
  std::erase_if(command.environment, [&name](const auto& entry) { return entry.first == name; });
  command.environment.emplace_back(name, std::move(value));
}

absl::StatusOr<std::string> ReadLine(int fd, absl::Duration patience) {
  ASSIGN_OR_RETURN(std::string line,
                   ReadUntil(fd, patience, [](const std::string& text) { return text.ends_with('\n'); }));
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

absl::StatusOr<std::string> ReadToEnd(int fd, absl::Duration patience) {
  return ReadUntil(fd, patience, [](const std::string&) { return false; });
}

std::vector<std::string> SplitHandshake(std::string_view line) { return absl::StrSplit(ToAbsl(line), '|'); }

std::shared_ptr<grpc::Channel> ConnectTls(std::string_view socket_path, const std::string& server_base64,
                                          const HostCertificate& host) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = PemFromBase64(server_base64);
  options.pem_cert_chain = host.pem;
  options.pem_private_key = host.private_key_pem;
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(Cat({"unix:", socket_path}), grpc::SslCredentials(options), arguments);
}

std::shared_ptr<grpc::Channel> ConnectPlain(std::string_view socket_path) {
  return grpc::CreateChannel(Cat({"unix:", socket_path}), grpc::InsecureChannelCredentials());
}

std::unique_ptr<grpc::ClientContext> Patient(absl::Duration patience) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(patience));
  return context;
}

Running::Running(Subprocess started, std::vector<std::string> fields,
                 std::shared_ptr<grpc::Channel> connection)
    : process(std::move(started)),
      handshake(std::move(fields)),
      channel(std::move(connection)) {}

Running::~Running() { process.Terminate(absl::Seconds(30)); }

absl::StatusOr<Running> Launch(const Command& command, const HostCertificate& host) {
  ASSIGN_OR_RETURN(Subprocess process, Subprocess::Start(command));
  ASSIGN_OR_RETURN(std::string const line, ReadLine(process.output()));
  std::vector<std::string> fields = SplitHandshake(line);
  if (fields.size() < kHandshakeFields) return absl::InternalError(ToAbsl(Cat({"no handshake: ", line})));
  auto channel = fields[5].empty() ? ConnectPlain(fields[3]) : ConnectTls(fields[3], fields[5], host);
  return Running(std::move(process), std::move(fields), std::move(channel));
}

absl::StatusOr<Running> Launch(const std::string& program) {
  HostCertificate const host = MakeHostCertificate();
  return Launch(PluginCommand(program, host.pem), host);
}

grpc::Status AskToEnd(const std::shared_ptr<grpc::Channel>& channel) {
  plugin::Empty empty;
  return plugin::GRPCController::NewStub(channel)->Shutdown(Patient().get(), empty, &empty);
}

absl::StatusOr<ExitStatus> WaitForEnd(Subprocess& process, absl::Duration patience) {
  return process.Wait(CancelToken(), absl::Now() + patience);
}

absl::StatusOr<std::string> CallTestFunction(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& name, const std::string& argument) {
  tfplugin6::CallFunction::Request request;
  request.set_name(name);
  request.add_arguments()->set_json(argument);
  tfplugin6::CallFunction::Response response;
  grpc::Status const status =
      tfplugin6::Provider::NewStub(channel)->CallFunction(Patient().get(), request, &response);
  if (!status.ok())
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  return response.result().json();
}

}  // namespace fediversity::rpc
