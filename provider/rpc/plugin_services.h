#ifndef FEDIVERSITY_PROVIDER_RPC_PLUGIN_SERVICES_H_
#define FEDIVERSITY_PROVIDER_RPC_PLUGIN_SERVICES_H_

// The services that go-plugin hosts expect beside the provider's own. They use gRPC's callback interface, so
// that the streams which a host keeps open all the time occupy no thread.

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include "proto/plugin/grpc_broker.grpc.pb.h"
#include "proto/plugin/grpc_controller.grpc.pb.h"
#include "proto/plugin/grpc_stdio.grpc.pb.h"

namespace fediversity::rpc {

// Calls `shutdown` once the answer to Shutdown has been sent.
class ControllerService final : public plugin::GRPCController::CallbackService {
 public:
  explicit ControllerService(std::function<void()> shutdown) : shutdown_(std::move(shutdown)) {}

  grpc::ServerUnaryReactor* Shutdown(grpc::CallbackServerContext* context, const plugin::Empty* request,
                                     plugin::Empty* response) override;

 private:
  std::function<void()> shutdown_;
};

// A stream that stays open until somebody ends it.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Idempotent, from any thread.
  virtual void End() = 0;
};

// The streams that are open now. Thread-safe; outlives its streams.
class OpenStreams {
 public:
  void Add(std::shared_ptr<OpenStream> stream);
  void Remove(const std::shared_ptr<OpenStream>& stream);
  // Ends them, and every one that is added later.
  void EndAll();

 private:
  std::mutex mutex_;
  bool ended_ = false;
  std::set<std::shared_ptr<OpenStream>> streams_;
};

// Standard output and error go to the host through the process's own pipes; nothing is sent here.
class StdioService final : public plugin::GRPCStdio::CallbackService {
 public:
  explicit StdioService(OpenStreams& streams) : streams_(streams) {}

  grpc::ServerWriteReactor<plugin::StdioData>* StreamStdio(grpc::CallbackServerContext* context,
                                                           const google::protobuf::Empty* request) override;

 private:
  OpenStreams& streams_;
};

// Takes what the host says about further connections and offers none.
class BrokerService final : public plugin::GRPCBroker::CallbackService {
 public:
  explicit BrokerService(OpenStreams& streams) : streams_(streams) {}

  grpc::ServerBidiReactor<plugin::ConnInfo, plugin::ConnInfo>* StartStream(
      grpc::CallbackServerContext* context) override;

 private:
  OpenStreams& streams_;
};

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_PLUGIN_SERVICES_H_
