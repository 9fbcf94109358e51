#ifndef FEDIVERSITY_PROVIDER_RPC_SERVE_H_
#define FEDIVERSITY_PROVIDER_RPC_SERVE_H_

#include <grpcpp/grpcpp.h>

#include <functional>
#include <string>

#include "provider/base/environment.h"
#include "provider/base/log.h"

namespace fediversity::rpc {

struct ServeOptions {
  // Where hosts look the provider up.
  std::string registry_address = "registry.opentofu.org/fediversity/fediversity";
  // Serves without a host that started it, and prints what to put into TF_REATTACH_PROVIDERS.
  bool debug = false;
  Logger logger;
  // Called before `on_end` where the host has died: nobody hears the answers of what still runs.
  std::function<void()> on_host_gone;
  // Called once when the process is about to end: running calls should come to an end. From the thread of
  // Serve, while calls may still be running.
  std::function<void()> on_end;
};

// Serves `provider` as a go-plugin host expects it: handshake on standard output, mutual TLS, the services
// beside the provider's own, and an end when the host asks, dies or a signal comes. Before it serves, anything
// wrong is one line that the host shows to the user. Answers the exit code of the process.
//
// Has to be called before any thread is started, and once: it changes signal handling and standard output. Where
// calls do not come to an end it ends the process itself.
int Serve(const ServeOptions& options, grpc::Service& provider, const Environment& environment);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_SERVE_H_
