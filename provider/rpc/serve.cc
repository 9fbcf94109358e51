#include "provider/rpc/serve.h"

#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/health_check_service_interface.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/base/whole_io.h"
#include "provider/rpc/certificate.h"
#include "provider/rpc/handshake.h"
#include "provider/rpc/lifetime.h"
#include "provider/rpc/plugin_services.h"
#include "provider/rpc/running_calls.h"
#include "provider/rpc/socket_path.h"

namespace fediversity::rpc {
namespace {

using std::chrono::milliseconds;

constexpr std::array<int, 1> kProtocolVersions = {6};
constexpr const char* kHealthName = "plugin";
constexpr mode_t kOwnerOnly = 0177;

absl::Status WriteOutput(std::string_view text) {
  if (WriteWhole(STDOUT_FILENO, text)) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "cannot write to standard output");
}

struct Credentials {
  std::shared_ptr<grpc::ServerCredentials> grpc;
  std::string handshake_text;  // empty: plaintext
};

absl::StatusOr<Credentials> MakeCredentials(const std::string& client_certificate) {
  if (client_certificate.empty()) return Credentials{grpc::InsecureServerCredentials(), ""};
  if (absl::Status const status = CheckCertificate(client_certificate); !status.ok()) {
    return absl::InvalidArgumentError(ToAbsl(Cat({"PLUGIN_CLIENT_CERT: ", ToStd(status.message())})));
  }
  ASSIGN_OR_RETURN(ServerCertificate const own, MakeServerCertificate());
  grpc::SslServerCredentialsOptions ssl(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  ssl.pem_root_certs = client_certificate;
  ssl.pem_key_cert_pairs.push_back({own.private_key_pem.Reveal(), own.pem});
  return Credentials{grpc::SslServerCredentials(ssl), own.handshake_text};
}

// How long running calls may take to come to an end by themselves, by what ends the process.
milliseconds GraceFor(EndReason reason) {
  switch (reason) {
    case EndReason::kHostAsked: return milliseconds(200);  // the host kills after two seconds
    case EndReason::kHostGone:
      return milliseconds(2'000);  // nobody waits, but what runs should not be cut in the middle
    case EndReason::kSignal: break;
  }
  return milliseconds(10'000);  // the host is still there, and an answer keeps what was made in its state
}

std::string_view NameOf(EndReason reason) {
  switch (reason) {
    case EndReason::kHostAsked: return "the host asked";
    case EndReason::kHostGone: return "the host has ended";
    case EndReason::kSignal: break;
  }
  return "signal";
}

class PluginServer {
 public:
  PluginServer(const ServeOptions& options, Lifetime& lifetime)
      : options_(options),
        controller_([&lifetime] { lifetime.HostAsksToEnd(); }),
        stdio_(streams_),
        broker_(streams_) {}
  PluginServer(const PluginServer&) = delete;
  PluginServer& operator=(const PluginServer&) = delete;
  ~PluginServer() {
    if (!path_.empty()) unlink(path_.c_str());
  }

  // Listens and answers the handshake line's parts.
  absl::StatusOr<HandshakeLine> Start(grpc::Service& provider, const HostRequest& request) {
    ASSIGN_OR_RETURN(Credentials const credentials, MakeCredentials(request.client_certificate));
    ASSIGN_OR_RETURN(path_, ChooseSocketPath(request));

    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(ListeningAddress(path_), credentials.grpc);
    builder.SetMaxReceiveMessageSize(-1);
    builder.SetMaxSendMessageSize(-1);
    // One poller to start with; a thread is added while calls occupy those there are.
    builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
    for (grpc::Service* service :
         {&provider, static_cast<grpc::Service*>(&controller_), static_cast<grpc::Service*>(&stdio_),
          static_cast<grpc::Service*>(&broker_)}) {
      builder.RegisterService(service);
    }
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(CountProviderCalls(calls_));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    mode_t const before = umask(kOwnerOnly);
    server_ = builder.BuildAndStart();
    umask(before);
    if (server_ == nullptr) return absl::InternalError(ToAbsl(Cat({"cannot listen on ", path_})));
    RETURN_IF_ERROR(ShareWithGroup(path_, request.socket_group));
    server_->GetHealthCheckService()->SetServingStatus(kHealthName, true);
    return HandshakeLine{.protocol_version = PickVersion(kProtocolVersions, request.protocol_versions),
                         .socket_path = path_,
                         .certificate = credentials.handshake_text,
                         .answer_multiplexing = request.asks_for_multiplexing};
  }

  // Ends calls and the server. Where a call does not return, the process ends here.
  void End(EndReason reason) {
    options_.logger.Debug("ending", {{"reason", NameOf(reason)}});
    if (reason == EndReason::kHostGone && options_.on_host_gone) options_.on_host_gone();
    if (options_.on_end) options_.on_end();
    streams_.EndAll();
    calls_.AwaitNone(GraceFor(reason));
    std::promise<void> ended;
    std::future<void> const has_ended = ended.get_future();
    std::thread closer([this, &ended] {
      server_->Shutdown(std::chrono::system_clock::now());
      ended.set_value();
    });
    constexpr milliseconds kAfterCancellation(1'000);
    if (has_ended.wait_for(kAfterCancellation) != std::future_status::ready) {
      options_.logger.Error("a call does not come to an end; the process ends without it");
      unlink(path_.c_str());
      _exit(EXIT_SUCCESS);
    }
    closer.join();
    server_.reset();
  }

 private:
  const ServeOptions& options_;
  RunningCalls calls_;
  OpenStreams streams_;
  ControllerService controller_;
  StdioService stdio_;
  BrokerService broker_;
  std::string path_;
  std::unique_ptr<grpc::Server> server_;
};

absl::Status Announce(const ServeOptions& options, const HandshakeLine& line) {
  if (options.debug) {
    return WriteOutput(
        Cat({"The provider is running. To use it, set:\n\n\tTF_REATTACH_PROVIDERS='",
             FormatReattach(options.registry_address, line.protocol_version, getpid(), line.socket_path),
             "'\n"}));
  }
  RETURN_IF_ERROR(WriteOutput(FormatHandshake(line)));
  // The host reads no more lines; stray output must not fill its pipe.
  if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    return absl::ErrnoToStatus(errno, "cannot redirect standard output");
  return absl::OkStatus();
}

absl::Status Run(const ServeOptions& options, grpc::Service& provider, const HostRequest& request) {
  ASSIGN_OR_RETURN(Lifetime lifetime, Lifetime::Begin(options.debug));
  PluginServer server(options, lifetime);
  ASSIGN_OR_RETURN(HandshakeLine const line, server.Start(provider, request));
  if (absl::Status const status = Announce(options, line); !status.ok()) {
    server.End(EndReason::kHostGone);
    return status;
  }
  options.logger.Debug("serving", {{"socket", line.socket_path}, {"tls", !line.certificate.empty()}});
  server.End(lifetime.Wait());
  return absl::OkStatus();
}

}  // namespace

int Serve(const ServeOptions& options, grpc::Service& provider, const Environment& environment) {
  HostRequest request = ReadHostRequest(environment);
  if (options.debug) {
    // The host connects without credentials of its own: the socket is its owner's only.
    request.client_certificate.clear();
  } else if (!request.cookie_matches) {
    std::fputs(
        "This program is a plugin of OpenTofu and Terraform, which start it themselves. To use it, name it in\n"
        "required_providers; --help tells what it can do by itself.\n",
        stderr);
    return EXIT_FAILURE;
  }
  absl::Status const status = Run(options, provider, request);
  if (status.ok()) return EXIT_SUCCESS;
  // The host shows an output line that is no handshake to the user.
  std::string const reason = Cat({"The fediversity provider cannot start: ", ToStd(status.message()), "\n"});
  WriteOutput(reason).IgnoreError();
  options.logger.Error(ToStd(status.message()));
  return EXIT_FAILURE;
}

}  // namespace fediversity::rpc
