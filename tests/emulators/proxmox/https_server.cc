#include "tests/emulators/proxmox/https_server.h"

#include <httplib.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string_view>

namespace fediversity::emulators {
namespace {

// cpp-httplib knows only the standard reason phrases and always answers: what the handler wants goes through headers,
// which the stream takes out again.
constexpr std::string_view kReason = "Emulated-Reason: ";
constexpr std::string_view kCut = "Emulated-Cut: ";

// One TLS connection, on a blocking socket.
class TlsStream final : public httplib::Stream {
 public:
  TlsStream(SSL* ssl, int socket) : ssl_(ssl), socket_(socket) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return !cut_; }
  ssize_t read(char* data, std::size_t size) override {
    int const got = SSL_read(ssl_, data, static_cast<int>(size));
    return got > 0 ? got : -1;
  }
  ssize_t write(const char* data, std::size_t size) override {
    if (cut_) return -1;
    std::string text(data, size);
    if (text.starts_with("HTTP/1.1 ")) Rewrite(text);
    if (cut_) {
      shutdown(socket_, SHUT_RDWR);
      return -1;
    }
    for (std::size_t at = 0; at < text.size();) {
      int const put = SSL_write(ssl_, text.data() + at, static_cast<int>(text.size() - at));
      if (put <= 0) return -1;
      at += static_cast<std::size_t>(put);
    }
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = "127.0.0.1";
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  socket_t socket() const override { return socket_; }

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
    std::string const reason = TakeHeader(head, kReason);
    constexpr std::size_t kPhraseStart = std::string_view("HTTP/1.1 200 ").size();
    auto const line_end = head.find("\r\n");
    if (!reason.empty()) head.replace(kPhraseStart, line_end - kPhraseStart, reason);
  }

  SSL* ssl_;
  int socket_;
  bool cut_ = false;
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

class HttpsServer::Listener final : public httplib::Server {
 public:
  Listener(const testing::TestCertificate& certificate, HttpsServer::Handler handler)
      : context_(SSL_CTX_new(TLS_server_method())),
        handler_(std::move(handler)) {
    SSL_CTX_use_certificate(context_, certificate.certificate());
    SSL_CTX_use_PrivateKey(context_, certificate.key());
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
    Get(".*", plain).Post(".*", with_body).Put(".*", with_body).Delete(".*", with_body);
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

 private:
  static HttpRequest Head(const httplib::Request& request) {
    return {.method = request.method,
            .target = request.target,
            .content_type = request.get_header_value("Content-Type"),
            .authorization = request.get_header_value("Authorization"),
            .cookie = request.get_header_value("Cookie"),
            .csrf = request.get_header_value("CSRFPreventionToken"),
            .body = ""};
  }

  void Serve(const HttpRequest& request, httplib::Response& response) {
    HttpAnswer const answer = handler_(request);
    response.status = answer.status;
    response.set_header("Emulated-Reason", answer.reason);
    if (answer.cut) response.set_header("Emulated-Cut", "1");
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
    }
    ++connections_;
    SSL* const ssl = SSL_new(context_);
    SSL_set_fd(ssl, socket);
    if (SSL_accept(ssl) == 1) {
      TlsStream stream(ssl, socket);
      bool closed = false;
      while (!closed && stream.is_writable() && HasRequest(ssl)) {
        if (!process_request(stream, false, closed, nullptr)) break;
      }
      SSL_shutdown(ssl);
    }
    SSL_free(ssl);
    {
      std::lock_guard const lock(mutex_);
      sockets_.erase(socket);
    }
    close(socket);
    return true;
  }

  // Waits for the next request; false at the end of the connection.
  static bool HasRequest(SSL* ssl) {
    char first = 0;
    return SSL_peek(ssl, &first, 1) == 1;
  }

  SSL_CTX* context_;
  HttpsServer::Handler handler_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::set<int> sockets_;
  std::atomic<int> connections_ = 0;
};

HttpsServer::HttpsServer(const testing::TestCertificate& certificate, int port, Handler handler)
    : listener_(std::make_unique<Listener>(certificate, std::move(handler))) {
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

HttpsServer::~HttpsServer() {
  listener_->EndConnections();
  listener_->stop();
  thread_.join();
}

int HttpsServer::connections() const { return listener_->connections(); }

}  // namespace fediversity::emulators
