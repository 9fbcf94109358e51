#include "provider/rpc/running_calls.h"

#include <string_view>

namespace fediversity::rpc {
namespace {

constexpr std::string_view kProviderMethods = "/tfplugin6.Provider/";

// Lives as long as the call that it was made for.
class CountedCall final : public grpc::experimental::Interceptor {
 public:
  explicit CountedCall(RunningCalls& calls) : calls_(calls) { calls_.Enter(); }
  CountedCall(const CountedCall&) = delete;
  CountedCall& operator=(const CountedCall&) = delete;
  ~CountedCall() override { calls_.Leave(); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override { methods->Proceed(); }

 private:
  RunningCalls& calls_;
};

class UncountedCall final : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override { methods->Proceed(); }
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit Factory(RunningCalls& calls) : calls_(calls) {}

  // gRPC takes ownership.
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    if (std::string_view(info->method()).starts_with(kProviderMethods)) return new CountedCall(calls_);
    return new UncountedCall;
  }

 private:
  RunningCalls& calls_;
};

}  // namespace

void RunningCalls::Enter() {
  std::lock_guard const lock(mutex_);
  ++running_;
}

void RunningCalls::Leave() {
  std::lock_guard const lock(mutex_);
  if (--running_ == 0) none_.notify_all();
}

void RunningCalls::AwaitNone(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  none_.wait_for(lock, patience, [this] { return running_ == 0; });
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> CountProviderCalls(
    RunningCalls& calls) {
  return std::make_unique<Factory>(calls);
}

}  // namespace fediversity::rpc
