#include "tests/provider/backends/proxmox/fake_service.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

std::string PathOf(const http::Request& request) {
  std::string path;
  for (const std::string& segment : request.path) path += "/" + segment;
  return path;
}

http::Response ResponseOf(int status, std::string_view reason, std::string body) {
  return {.status = status, .reason = std::string(reason), .body = std::move(body)};
}

}  // namespace

Reply Data(std::string_view data) { return ResponseOf(200, "OK", Cat({"{\"data\":", data, "}"})); }

Reply Failure(int status, std::string_view message) {
  json const body = {{"data", nullptr}, {"message", Cat({message, "\n"})}};
  return ResponseOf(status, message, body.dump());
}

Reply Bare(int status, std::string_view reason) { return ResponseOf(status, reason, ""); }

Reply BadParameters(std::string_view errors) {
  return ResponseOf(
      400, "Parameter verification failed.",
      Cat({"{\"data\":null,\"message\":\"Parameter verification failed.\\n\",\"errors\":", errors, "}"}));
}

Reply Lost() {
  return http::WithDelivery(absl::UnavailableError("the connection to pve broke"), http::Delivery::kUnknown);
}

Reply NotSent() {
  return http::WithDelivery(absl::UnavailableError("cannot connect to pve"), http::Delivery::kNotSent);
}

std::string LineOf(const http::Request& request, bool query) {
  std::string line = Cat({http::NameOf(request.method), " ", PathOf(request)});
  char separator = '?';
  for (const http::Field& field : query ? request.query : std::vector<http::Field>{}) {
    line += separator + field.name() + "=" + field.Reveal();
    separator = '&';
  }
  if (request.body.has_value() && !request.body->bytes.Reveal().empty()) {
    line += " " + request.body->bytes.Reveal();
  }
  return line;
}

void FakeService::On(const std::string& request, std::vector<Reply> replies) {
  std::lock_guard const lock(mutex_);
  replies_[request] = {replies.begin(), replies.end()};
}

void FakeService::OnCall(const std::string& request, Handler handler) {
  std::lock_guard const lock(mutex_);
  handlers_[request] = std::move(handler);
}

absl::StatusOr<http::Response> FakeService::Send(const http::Request& request, const CallLimits& limits) {
  Handler handler;
  {
    std::lock_guard const lock(mutex_);
    lines_.push_back(LineOf(request));
    requests_.push_back(request);
    std::string const plain = Cat({http::NameOf(request.method), " ", PathOf(request)});
    std::string const full = lines_.back();
    if (auto const found = handlers_.find(plain); found != handlers_.end()) {
      handler = found->second;
    } else {
      auto replies = replies_.find(full);
      if (replies == replies_.end()) replies = replies_.find(plain);
      if (replies == replies_.end()) {
        ADD_FAILURE() << "unexpected request: " << full;
        return absl::InternalError("unexpected request");
      }
      Reply reply = replies->second.front();
      if (replies->second.size() > 1) replies->second.pop_front();
      if (reply.ok()) reply->url = "https://pve:8006/api2/json" + PathOf(request);
      return reply;
    }
  }
  return handler(request, limits);
}

std::vector<std::string> FakeService::lines() const {
  std::lock_guard const lock(mutex_);
  return lines_;
}

std::vector<http::Request> FakeService::requests() const {
  std::lock_guard const lock(mutex_);
  return requests_;
}

int FakeService::Count(std::string_view start) const {
  std::lock_guard const lock(mutex_);
  return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), [start](const std::string& line) {
    return line.compare(0, start.size(), start) == 0;
  }));
}

void FakeService::Forget() {
  std::lock_guard const lock(mutex_);
  lines_.clear();
  requests_.clear();
}

}  // namespace fediversity::proxmox
