#include "tests/support/http_server/http_server.h"

#include <httplib.h>
#include <strings.h>

#include <cstdio>
#include <cstdlib>

namespace fediversity::testing {
namespace {

std::unique_ptr<httplib::Server> MakeServer(const TestCertificate* certificate) {
  if (certificate == nullptr) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(certificate->certificate(), certificate->key());
}

}  // namespace

std::string ServedRequest::Header(const std::string& name) const {
  for (const auto& [key, value] : headers) {
    if (strcasecmp(key.c_str(), name.c_str()) == 0) return value;
  }
  return {};
}

std::string ServedRequest::Query(const std::string& name) const {
  auto const found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

HttpServer::HttpServer(Handler handler, const TestCertificate* certificate)
    : handler_(std::move(handler)),
      tls_(certificate != nullptr),
      server_(MakeServer(certificate)) {
  auto const serve = [this](const httplib::Request& request, httplib::Response& response) {
    Serve(request, response);
  };
  server_->Get(".*", serve).Post(".*", serve).Put(".*", serve).Patch(".*", serve).Delete(".*", serve);
  // A kept connection holds a thread, and clients keep as many as they like.
  constexpr std::size_t kThreads = 32;
  server_->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  constexpr std::size_t kManyRequests = 1'000'000;
  server_->set_keep_alive_max_count(kManyRequests);
  server_->set_tcp_nodelay(true);
  port_ = server_->bind_to_any_port("127.0.0.1");
  if (port_ < 0) {
    std::fprintf(stderr, "cannot listen on 127.0.0.1\n");
    std::abort();
  }
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  while (!server_->is_running()) std::this_thread::yield();  // stop() has no effect earlier
}

HttpServer::~HttpServer() {
  server_->stop();
  thread_.join();
}

std::string HttpServer::UrlOf(const std::string& host) const {
  return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

std::vector<ServedRequest> HttpServer::requests() const {
  std::lock_guard const lock(mutex_);
  return requests_;
}

int HttpServer::connections() const {
  std::lock_guard const lock(mutex_);
  return static_cast<int>(remote_ports_.size());
}

void HttpServer::Serve(const httplib::Request& request, httplib::Response& response) {
  ServedRequest served{
      .method = request.method, .path = request.path, .target = request.target, .body = request.body};
  served.headers.insert(request.headers.begin(), request.headers.end());
  served.query.insert(request.params.begin(), request.params.end());
  {
    std::lock_guard const lock(mutex_);
    requests_.push_back(served);
    remote_ports_.insert(request.remote_port);
  }
  Answer const answer = handler_(served);
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  response.set_content(answer.body, answer.content_type);
}

}  // namespace fediversity::testing
