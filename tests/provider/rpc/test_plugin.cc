// A plugin whose functions do what the tests of the process need: block, start programs, write to its output.

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/tfplugin6.grpc.pb.h"
#include "provider/base/cancel.h"
#include "provider/base/clock.h"
#include "provider/base/environment.h"
#include "provider/base/log.h"
#include "provider/base/subprocess.h"
#include "provider/rpc/serve.h"

namespace fediversity::rpc {
namespace {

class TestProvider final : public tfplugin6::Provider::Service {
 public:
  explicit TestProvider(CancelToken& cancel) : cancel_(cancel) {}

  grpc::Status CallFunction(grpc::ServerContext*, const tfplugin6::CallFunction::Request* request,
                            tfplugin6::CallFunction::Response* response) override {
    const std::string& name = request->name();
    const std::string& argument = request->arguments(0).json();
    std::string* const answer = response->mutable_result()->mutable_json();
    if (name == "size") {
      *answer = std::to_string(argument.size());
    } else if (name == "print") {
      std::fputs(argument.c_str(), stdout);
      std::fflush(stdout);
    } else if (name == "run") {
      auto const result =
          RunCommand({.arguments = {"sh", "-c", argument}}, "", cancel_, absl::InfiniteFuture());
      if (!result.ok()) return {grpc::StatusCode::INTERNAL, std::string(result.status().message())};
      *answer = result->output;
    } else if (name == "block") {
      Enter();
      SystemClock().Sleep(absl::Minutes(10), cancel_, "blocking").IgnoreError();
      *answer = "was ended";
    } else if (name == "meet") {
      Enter();
      *answer = Await(std::stoi(argument)) ? "met" : "alone";
    } else if (name == "await") {
      *answer = Await(std::stoi(argument)) ? "there" : "missing";
    } else if (name == "stick") {
      Enter();
      CancelToken const never;
      SystemClock().Sleep(absl::Minutes(10), never, "sticking").IgnoreError();
    } else {
      return {grpc::StatusCode::NOT_FOUND, name};
    }
    return grpc::Status::OK;
  }

 private:
  void Enter() {
    std::lock_guard const lock(mutex_);
    ++entered_;
    change_.notify_all();
  }

  // Whether `number` calls have entered, now or within a minute.
  bool Await(int number) {
    std::unique_lock lock(mutex_);
    return change_.wait_for(lock, std::chrono::minutes(1), [&] { return entered_ >= number; });
  }

  CancelToken& cancel_;
  std::mutex mutex_;
  std::condition_variable change_;
  int entered_ = 0;
};

int Main(int argc, char** argv) {
  CancelToken cancel;
  TestProvider provider(cancel);
  Environment const environment = ProcessEnvironment();
  ServeOptions options;
  options.debug = argc > 1 && std::string(argv[1]) == "-debug";
  options.logger = Logger(STDERR_FILENO, LogLevelFromEnvironment("fediversity", environment), "provider");
  options.on_end = [&cancel] { cancel.Cancel(); };
  return Serve(options, provider, environment);
}

}  // namespace
}  // namespace fediversity::rpc

int main(int argc, char** argv) { return fediversity::rpc::Main(argc, argv); }
