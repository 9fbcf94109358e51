#ifndef FEDIVERSITY_PROVIDER_RPC_RUNNING_CALLS_H_
#define FEDIVERSITY_PROVIDER_RPC_RUNNING_CALLS_H_

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_interceptor.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace fediversity::rpc {

// Counts the provider's calls from their arrival until their answer has been sent, so that the process can wait
// for them. gRPC's own orderly shutdown waits for hosts to close their connections as well. Thread-safe.
class RunningCalls {
 public:
  void Enter();
  void Leave();
  // Returns at the latest after `patience`.
  void AwaitNone(std::chrono::milliseconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int running_ = 0;
};

// Has the server count. The calls outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> CountProviderCalls(
    RunningCalls& calls);

}  // namespace fediversity::rpc

#endif  // FEDIVERSITY_PROVIDER_RPC_RUNNING_CALLS_H_
