#include "tests/emulators/garage/emulator.h"

#include <algorithm>
#include <utility>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/garage/admin_api.h"
#include "tests/emulators/garage/control_api.h"
#include "tests/emulators/garage/s3_api.h"
#include "tests/emulators/garage/web_api.h"

namespace fediversity::emulators::garage {
namespace {

HttpAnswer AnswerOf(const Fault& fault, std::string_view prefix, const HttpRequest& request,
                    const Store& store) {
  std::string const code = fault.code.empty() ? CodeOf(fault.status) : fault.code;
  Reply const reply{.status = fault.status, .code = code, .message = fault.message};
  return prefix.empty() ? ToHttp(reply, request, store) : S3Error(reply, request, store);
}

}  // namespace

GarageEmulator::GarageEmulator(Store::Settings settings, int port) : store_(std::move(settings)) {
  admin_ = std::make_unique<HttpServer>(nullptr, port, [this](const HttpRequest& request) {
    return request.target.starts_with("/emulator/") ? ServeControl(*this, request)
                                                    : Answer("", request, ServeAdmin);
  });
  s3_ = std::make_unique<HttpServer>(
      nullptr, 0, [this](const HttpRequest& request) { return Answer("s3:", request, ServeS3); });
  web_ = std::make_unique<HttpServer>(
      nullptr, 0, [this](const HttpRequest& request) { return Answer("web:", request, ServeWebsite); });
}

GarageEmulator::~GarageEmulator() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    stopped_.notify_all();
  }
  admin_.reset();
  s3_.reset();
  web_.reset();
}

std::string GarageEmulator::token() const {
  std::lock_guard const lock(mutex_);
  return store_.config_token;
}

std::string GarageEmulator::MakeToken(const std::vector<std::string>& scope) {
  return With([&](Store& store) {
    constexpr std::size_t kBytes = 12;
    Token token{.id = store.Hex(kBytes),
                .secret = "",
                .created = store.Now(),
                .name = "made by a test",
                .scope = scope};
    token.secret = token.id + "." + store.Hex(kBytes);
    return (store.tokens[token.id] = token).secret;
  });
}

void GarageEmulator::SetLatency(std::chrono::milliseconds latency) {
  std::lock_guard const lock(mutex_);
  latency_ = latency;
}

void GarageEmulator::AddFault(Fault fault) {
  std::lock_guard const lock(mutex_);
  faults_.Add(std::move(fault));
}

void GarageEmulator::ClearFaults() {
  std::lock_guard const lock(mutex_);
  faults_.Clear();
}

std::vector<LoggedRequest> GarageEmulator::requests() const {
  std::lock_guard const lock(mutex_);
  return requests_;
}

void GarageEmulator::ForgetRequests() {
  std::lock_guard const lock(mutex_);
  requests_.clear();
}

int GarageEmulator::Count(const std::string& method, const std::string& path) const {
  Pattern const pattern(path);
  std::lock_guard const lock(mutex_);
  return static_cast<int>(std::ranges::count_if(requests_, [&](const LoggedRequest& request) {
    return (method.empty() || request.method == method) && pattern.Matches(request.path);
  }));
}

void GarageEmulator::Sleep(std::chrono::milliseconds time, std::unique_lock<std::mutex>& lock) {
  stopped_.wait_for(lock, time, [this] { return stopping_; });
}

HttpAnswer GarageEmulator::Answer(std::string_view prefix, const HttpRequest& request, Serve serve) {
  using Kind = Fault::Action;
  auto const question = std::min(request.target.find('?'), request.target.size());
  std::unique_lock lock(mutex_);
  if (latency_.count() > 0) Sleep(latency_, lock);
  std::size_t const index = requests_.size();
  requests_.push_back({.method = request.method,
                       .path = std::string(prefix) + request.target.substr(0, question),
                       .query = request.target.substr(std::min(question + 1, request.target.size())),
                       .body = request.body,
                       .who = ""});
  auto const fault = faults_.Take(request.method, requests_[index].path);
  std::string who;
  auto const record = [&](const HttpAnswer& answer) {
    if (index < requests_.size()) {  // else forgotten meanwhile
      requests_[index].who = who;
      requests_[index].status = answer.cut ? 0 : answer.status;
    }
    return answer;
  };
  if (fault.has_value() && fault->on_strike) fault->on_strike();
  if (fault.has_value() && fault->delay.count() > 0) Sleep(fault->delay, lock);
  if (fault.has_value() && fault->action == Kind::kCutBefore) return record({.cut = true});
  if (fault.has_value() && fault->action == Kind::kAnswerBefore) {
    return record(AnswerOf(*fault, prefix, request, store_));
  }
  if (fault.has_value() && fault->action == Kind::kMeanwhile) fault->meanwhile(store_);
  HttpAnswer const answer = serve(store_, request, who);
  if (fault.has_value() && fault->action == Kind::kCutAfter) return record({.cut = true});
  if (fault.has_value() && fault->action == Kind::kAnswerAfter) {
    return record(AnswerOf(*fault, prefix, request, store_));
  }
  return record(answer);
}

}  // namespace fediversity::emulators::garage
