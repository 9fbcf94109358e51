#include "provider/rpc/plugin_services.h"

#include <atomic>
#include <utility>
#include <vector>

namespace fediversity::rpc {
namespace {

class ShutdownReactor final : public grpc::ServerUnaryReactor {
 public:
  explicit ShutdownReactor(const std::function<void()>& shutdown) : shutdown_(shutdown) {
    Finish(grpc::Status::OK);
  }
  void OnDone() override {
    shutdown_();
    delete this;
  }

 private:
  const std::function<void()>& shutdown_;
};

// Both kinds of stream: finished once, by the host, by cancellation or by us. Owns itself until gRPC is done
// with it; OpenStreams may hold it for longer.
template <typename Reactor>
class IdleStream : public Reactor, public OpenStream {
 public:
  void End() override {
    if (!finished_.exchange(true)) this->Finish(grpc::Status::OK);
  }
  void OnCancel() override { End(); }
  void OnDone() override {
    std::shared_ptr<OpenStream> const keep = std::move(self_);
    streams_->Remove(keep);
  }

  template <typename Stream>
  static Stream* Open(OpenStreams& streams) {
    auto stream = std::make_shared<Stream>();
    stream->streams_ = &streams;
    stream->self_ = stream;
    streams.Add(stream);
    return stream.get();
  }

 private:
  std::atomic<bool> finished_ = false;
  OpenStreams* streams_ = nullptr;
  std::shared_ptr<OpenStream> self_;
};

class StdioStream final : public IdleStream<grpc::ServerWriteReactor<plugin::StdioData>> {};

class BrokerStream final : public IdleStream<grpc::ServerBidiReactor<plugin::ConnInfo, plugin::ConnInfo>> {
 public:
  BrokerStream() { StartRead(&received_); }
  void OnReadDone(bool ok) override {
    if (ok) {
      StartRead(&received_);
    } else {
      End();
    }
  }

 private:
  plugin::ConnInfo received_;
};

}  // namespace

grpc::ServerUnaryReactor* ControllerService::Shutdown(grpc::CallbackServerContext*, const plugin::Empty*,
                                                      plugin::Empty*) {
  return new ShutdownReactor(shutdown_);
}

void OpenStreams::Add(std::shared_ptr<OpenStream> stream) {
  std::unique_lock lock(mutex_);
  if (!ended_) {
    streams_.insert(std::move(stream));
    return;
  }
  lock.unlock();
  stream->End();
}

void OpenStreams::Remove(const std::shared_ptr<OpenStream>& stream) {
  std::lock_guard const lock(mutex_);
  streams_.erase(stream);
}

void OpenStreams::EndAll() {
  std::vector<std::shared_ptr<OpenStream>> open;
  {
    std::lock_guard const lock(mutex_);
    ended_ = true;
    open.assign(streams_.begin(), streams_.end());
  }
  // Not under the lock: ending a stream may run its OnDone, which removes it.
  for (const auto& stream : open) stream->End();
}

grpc::ServerWriteReactor<plugin::StdioData>* StdioService::StreamStdio(grpc::CallbackServerContext*,
                                                                       const google::protobuf::Empty*) {
  return StdioStream::Open<StdioStream>(streams_);
}

grpc::ServerBidiReactor<plugin::ConnInfo, plugin::ConnInfo>* BrokerService::StartStream(
    grpc::CallbackServerContext*) {
  return BrokerStream::Open<BrokerStream>(streams_);
}

}  // namespace fediversity::rpc
