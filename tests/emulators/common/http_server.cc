#include "tests/emulators/common/http_server.h"

#include <httplib.h>
#include <openssl/ssl.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

#include "tests/emulators/common/connection.h"
#include "tests/support/http_server/open_socket.h"

namespace fediversity::emulators {
namespace {

// cpp-httplib knows only the standard reason phrases and always answers: what the handler wants goes through headers,
// which the stream takes out again.
constexpr std::string_view kReason = "Emulated-Reason: ";
constexpr std::string_view kCut = "Emulated-Cut: ";
constexpr std::string_view kCutInside = "Emulated-Cut-Inside: ";

// What cpp-httplib reads a request from and writes its answer to.
class AnswerStream final : public httplib::Stream {
 public:
  explicit AnswerStream(Connection& connection) : connection_(connection) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return !cut_; }
  ssize_t read(char* data, std::size_t size) override { return connection_.Read(data, size); }
  ssize_t write(const char* data, std::size_t size) override {
    if (cut_) return -1;
    std::string text(data, size);
    bool const is_head = text.starts_with("HTTP/1.1 ");
    if (is_head) Rewrite(text);
    if (cut_inside_ && !is_head) {
      connection_.Write(text.data(), text.size() / 2);
      cut_ = true;
    }
    if (cut_) {
      connection_.Cut();
      return -1;
    }
    return connection_.Write(text.data(), text.size()) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  socket_t socket() const override { return connection_.socket(); }

 private:
  static std::string TakeHeader(std::string& head, std::string_view name) {
    auto const at = head.find("\r\n" + std::string(name));
    if (at == std::string::npos) return {};
    auto const start = at + 2 + name.size();
    auto const end = head.find("\r\n", start);
    std::string value = head.substr(start, end - start);
    head.erase(at, end - at);
    return value;
  }

  void Rewrite(std::string& head) {
    cut_ = !TakeHeader(head, kCut).empty();
    cut_inside_ = !TakeHeader(head, kCutInside).empty();
    std::string const reason = TakeHeader(head, kReason);
    constexpr std::size_t kPhraseStart = std::string_view("HTTP/1.1 200 ").size();
    auto const line_end = head.find("\r\n");
    if (!reason.empty()) head.replace(kPhraseStart, line_end - kPhraseStart, reason);
  }

  Connection& connection_;
  bool cut_ = false;
  bool cut_inside_ = false;
};

// A thread for each connection: a kept one would else hold a worker of the pool.
class ThreadPerConnection final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> task) override {
    std::lock_guard const lock(mutex_);
    ++running_;
    std::thread([this, task = std::move(task)] {
      task();
      std::lock_guard const done(mutex_);
      --running_;
      ended_.notify_all();
    }).detach();
  }
  void shutdown() override {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  int running_ = 0;
};

}  // namespace

class HttpServer::Listener final : public httplib::Server {
 public:
  Listener(const testing::TestCertificate* certificate, HttpServer::Handler handler,
           std::chrono::milliseconds idle)
      : context_(certificate != nullptr ? SSL_CTX_new(TLS_server_method()) : nullptr),
        handler_(std::move(handler)),
        idle_(idle) {
    if (certificate != nullptr) {
      SSL_CTX_use_certificate(context_, certificate->certificate());
      SSL_CTX_use_PrivateKey(context_, certificate->key());
    }
    auto const plain = [this](const httplib::Request& request, httplib::Response& response) {
      HttpRequest received = Head(request);
      received.body = request.body;
      Serve(received, response);
    };
    auto const with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& read) {
      HttpRequest received = Head(request);
      auto const append = [&received](const char* data, std::size_t size) {
        (received.parts.empty() ? received.body : received.parts.back().content).append(data, size);
        return true;
      };
      if (request.is_multipart_form_data()) {
        read(
            [&received](const httplib::MultipartFormData& part) {
              received.parts.push_back({.name = part.name, .filename = part.filename, .content = ""});
              return true;
            },
            append);
      } else {
        read(append);
      }
      Serve(received, response);
    };
    Get(".*", plain).Options(".*", plain);
    Post(".*", with_body).Put(".*", with_body).Delete(".*", with_body).Patch(".*", with_body);
    new_task_queue = [] { return new ThreadPerConnection; };
    set_tcp_nodelay(true);
  }
  ~Listener() override { SSL_CTX_free(context_); }

  void EndConnections() {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    for (int const socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  int connections() const { return connections_; }
  int TakeMostOpen() {
    std::lock_guard const lock(mutex_);
    return std::exchange(most_open_, 0);
  }

 private:
  static HttpRequest Head(const httplib::Request& request) {
    HttpRequest head{.method = request.method, .target = request.target, .headers = {}, .body = ""};
    for (const auto& [name, value] : request.headers) head.headers.emplace_back(name, value);
    return head;
  }

  void Serve(const HttpRequest& request, httplib::Response& response) {
    HttpAnswer const answer = handler_(request);
    response.status = answer.status;
    if (!answer.reason.empty()) response.set_header("Emulated-Reason", answer.reason);
    if (answer.cut) response.set_header("Emulated-Cut", "1");
    if (answer.cut_inside) response.set_header("Emulated-Cut-Inside", "1");
    for (const auto& [name, value] : answer.headers) response.set_header(name, value);
    response.set_content(answer.body, answer.content_type);
  }

  bool process_and_close_socket(socket_t socket) override {
    {
      std::lock_guard const lock(mutex_);
      if (stopping_) {
        close(socket);
        return false;
      }
      sockets_.insert(socket);
      // Those whose client is gone have a thread that has yet to see it.
      auto const open = std::ranges::count_if(sockets_, testing::IsOpenSocket);
      most_open_ = std::max(most_open_, static_cast<int>(open));
    }
    ++connections_;
    Connection connection(socket, context_);
    if (connection.Open()) {
      AnswerStream stream(connection);
      bool closed = false;
      while (!closed && stream.is_writable() && connection.HasMore(idle_)) {
        if (!process_request(stream, false, closed, nullptr)) break;
      }
    }
    std::lock_guard const lock(mutex_);
    sockets_.erase(socket);  // before it is closed: the number may be given to another one then
    return true;
  }

  SSL_CTX* context_;
  HttpServer::Handler handler_;
  std::chrono::milliseconds idle_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::set<int> sockets_;
  int most_open_ = 0;
  std::atomic<int> connections_ = 0;
};

HttpServer::HttpServer(const testing::TestCertificate* certificate, int port, Handler handler,
                       std::chrono::milliseconds idle)
    : listener_(std::make_unique<Listener>(certificate, std::move(handler), idle)) {
  if (port == 0) {
    port_ = listener_->bind_to_any_port("127.0.0.1");
  } else if (listener_->bind_to_port("127.0.0.1", port)) {
    port_ = port;
  }
  if (port_ <= 0) {
    std::fprintf(stderr, "cannot listen on port %d of 127.0.0.1\n", port);
    std::abort();
  }
  thread_ = std::thread([this] { listener_->listen_after_bind(); });
  while (!listener_->is_running()) std::this_thread::yield();  // stop() has no effect earlier
}

HttpServer::~HttpServer() {
  listener_->EndConnections();
  listener_->stop();
  thread_.join();
}

std::string HttpRequest::Header(const std::string& name) const {
  auto const found = std::ranges::find_if(
      headers, [&](const auto& header) { return strcasecmp(header.first.c_str(), name.c_str()) == 0; });
  return found == headers.end() ? "" : found->second;
}

int HttpServer::connections() const { return listener_->connections(); }

int HttpServer::TakeMostOpen() { return listener_->TakeMostOpen(); }

}  // namespace fediversity::emulators
