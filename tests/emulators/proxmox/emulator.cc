#include "tests/emulators/proxmox/emulator.h"

#include <algorithm>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/proxmox/control_api.h"
#include "tests/emulators/proxmox/request.h"

namespace fediversity::emulators {
namespace {

HttpAnswer ToHttp(const Reply& reply) {
  return {.status = reply.status,
          .reason = reply.reason,
          .body = reply.body.is_null() ? "" : reply.body.dump(-1, ' ', false, Json::error_handler_t::replace),
          .content_type = "application/json;charset=UTF-8"};
}

}  // namespace

ProxmoxEmulator::ProxmoxEmulator(Cluster::Settings settings, int port)
    : certificate_(testing::TestCertificate::Options{.names = "IP:127.0.0.1,DNS:localhost"}),
      cluster_(std::move(settings)),
      router_(cluster_.settings.version) {
  std::string const secret = cluster_.NewUuid();
  root_password_ = cluster_.NewUuid();
  root_token_ = "root@pam!tofu=" + secret;
  cluster_.access.users["root@pam"] = {.password = root_password_,
                                       .tokens = {{"tofu", {.secret = secret, .separated = false}}}};
  server_ = std::make_unique<HttpServer>(
      &certificate_, port, [this](const HttpRequest& request) { return Serve(request); },
      cluster_.settings.idle_timeout);
}

ProxmoxEmulator::~ProxmoxEmulator() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  server_.reset();
}

std::string ProxmoxEmulator::MakeToken(const std::string& user, const std::string& name,
                                       const std::string& role, const std::string& path) {
  std::lock_guard const lock(mutex_);
  std::string const secret = cluster_.NewUuid();
  cluster_.access.users[user].tokens[name] = {.secret = secret, .separated = false};
  cluster_.access.acl.push_back({.path = path, .who = user, .role = role});
  return user + "!" + name + "=" + secret;
}

void ProxmoxEmulator::Refresh() {
  With([](Cluster& cluster) { cluster.Refresh(); });
}

void ProxmoxEmulator::Advance(std::chrono::milliseconds time) {
  With([time](Cluster& cluster) {
    cluster.Advance(time);
    cluster.Settle();
  });
}

void ProxmoxEmulator::FinishTasks() {
  With([](Cluster& cluster) {
    while (auto const due = cluster.tasks.NextDue()) {
      auto const missing = std::chrono::ceil<std::chrono::milliseconds>(*due - cluster.Now());
      if (missing.count() > 0) cluster.Advance(missing);
      cluster.Settle();
    }
  });
}

void ProxmoxEmulator::SetNodeOnline(const std::string& node, bool online) {
  With([&](Cluster& cluster) {
    if (Node* const found = cluster.FindNode(node)) found->online = online;
  });
}

void ProxmoxEmulator::SetRequestLatency(std::chrono::milliseconds latency) {
  std::lock_guard const lock(mutex_);
  request_latency_ = latency;
}

void ProxmoxEmulator::SetTaskLatency(std::chrono::milliseconds latency) {
  std::lock_guard const lock(mutex_);
  cluster_.tasks.set_latency(latency);
}

void ProxmoxEmulator::AddFault(Fault fault) {
  std::lock_guard const lock(mutex_);
  faults_.Add(std::move(fault));
}

void ProxmoxEmulator::ClearFaults() {
  std::lock_guard const lock(mutex_);
  faults_.Clear();
}

std::vector<LoggedRequest> ProxmoxEmulator::requests() const {
  std::lock_guard const lock(mutex_);
  return requests_;
}

void ProxmoxEmulator::ForgetRequests() {
  std::lock_guard const lock(mutex_);
  requests_.clear();
}

int ProxmoxEmulator::Count(const std::string& method, const std::string& path) const {
  Pattern const pattern(path);
  std::lock_guard const lock(mutex_);
  return static_cast<int>(std::ranges::count_if(requests_, [&](const LoggedRequest& request) {
    return (method.empty() || request.method == method) && pattern.Matches(request.path);
  }));
}

std::vector<std::string> ProxmoxEmulator::Volumes() {
  return With([](Cluster& cluster) {
    std::vector<std::string> ids;
    ids.reserve(cluster.volumes().size());
    for (const auto& [key, volume] : cluster.volumes()) ids.push_back(volume.id);
    return ids;
  });
}

std::vector<int> ProxmoxEmulator::Vmids() {
  return With([](Cluster& cluster) {
    std::vector<int> ids;
    ids.reserve(cluster.vms.size());
    for (const auto& [vmid, vm] : cluster.vms) ids.push_back(vmid);
    return ids;
  });
}

void ProxmoxEmulator::Sleep(std::chrono::milliseconds time, std::unique_lock<std::mutex>& lock) {
  auto const end = std::chrono::steady_clock::now() + time;
  changed_.wait_until(lock, end, [&] { return stopping_ || std::chrono::steady_clock::now() >= end; });
}

bool ProxmoxEmulator::WaitForVm(int vmid, std::unique_lock<std::mutex>& lock) {
  Instant const deadline = cluster_.Now() + cluster_.settings.lock_timeout;
  for (;;) {
    cluster_.Settle();
    const Task* const holder = cluster_.tasks.Holder(vmid);
    if (holder == nullptr) return true;
    if (stopping_ || cluster_.Now() >= deadline) return false;
    Instant const next = holder->hangs ? deadline : std::min(holder->due, deadline);
    changed_.wait_for(lock, next - cluster_.Now());
  }
}

HttpAnswer ProxmoxEmulator::Serve(const HttpRequest& request) {
  if (request.target.starts_with("/emulator/")) return ServeControl(*this, request);
  return ServeApi(request);
}

HttpAnswer ProxmoxEmulator::ServeApi(const HttpRequest& request) {
  using Action = Fault::Action;
  std::optional<Reply> refused;
  Call call = ReadCall(request, refused);
  std::unique_lock lock(mutex_);
  if (request_latency_.count() > 0) Sleep(request_latency_, lock);
  std::size_t const index = requests_.size();
  requests_.push_back({.method = call.method, .path = call.path, .params = call.params});
  auto const fault = faults_.Take(call.method, call.path);
  auto const record = [&](const Call& done, int status) {
    if (index >= requests_.size()) return;  // forgotten meanwhile
    requests_[index].who = done.who.Name();
    requests_[index].status = status;
  };
  if (fault.has_value() && fault->on_strike) fault->on_strike();
  if (fault.has_value() && fault->delay.count() > 0) Sleep(fault->delay, lock);
  if (fault.has_value() && fault->action == Action::kCutBefore) return {.cut = true};
  if (fault.has_value() && fault->action == Action::kAnswerBefore) {
    record(call, fault->status);
    return ToHttp(ReplyOf(*fault));
  }
  if (fault.has_value() && fault->action >= Action::kFailTask) cluster_.tasks.set_next_fault(fault);
  cluster_.Settle();
  Reply reply = refused.has_value() ? *refused : Answer(call, request, lock);
  cluster_.tasks.set_next_fault(std::nullopt);
  changed_.notify_all();
  if (fault.has_value() && fault->action == Action::kCutAfter) return {.cut = true};
  if (fault.has_value() && fault->action == Action::kCutInside) {
    HttpAnswer answer = ToHttp(reply);
    answer.cut_inside = true;
    return answer;
  }
  if (fault.has_value() && fault->action == Action::kAnswerAfter) reply = ReplyOf(*fault);
  record(call, reply.status);
  return ToHttp(IsForExtJs(request) ? ForExtJs(std::move(reply)) : reply);
}

Reply ProxmoxEmulator::Answer(Call& call, const HttpRequest& request, std::unique_lock<std::mutex>& lock) {
  if (call.path == "/access/ticket" && call.method == "POST") return Login(call);
  auto const outcome = cluster_.access.Authenticate(request.Header("Authorization"), request.Header("Cookie"),
                                                    request.Header("CSRFPreventionToken"),
                                                    call.method != "GET", cluster_.Wall());
  if (!outcome.who.has_value()) return Bare(401, outcome.refusal);
  call.who = *outcome.who;
  return router_.Handle(cluster_, call, [&](int vmid) { return WaitForVm(vmid, lock); });
}

Reply ProxmoxEmulator::Login(const Call& call) {
  std::string user = call.Get("username");
  if (call.Has("realm") && user.find('@') == std::string::npos) user += "@" + call.Get("realm");
  auto const ticket = cluster_.access.Login(user, call.Get("password"), cluster_.Wall());
  if (!ticket.has_value()) return Error(401, "authentication failure\n");
  return Data({{"ticket", ticket->text},
               {"CSRFPreventionToken", ticket->csrf},
               {"username", user},
               {"cap", Json::object()}});
}

}  // namespace fediversity::emulators
