#include "tests/emulators/proxmox/test_client.h"

#include <httplib.h>

#include "tests/emulators/common/percent.h"

namespace fediversity::emulators {
namespace {

std::string Form(const Params& params) {
  std::string form;
  for (const auto& [name, value] : params) {
    if (!form.empty()) form += "&";
    form += PercentEncode(name) + "=" + PercentEncode(value);
  }
  return form;
}

}  // namespace

TestClient::TestClient(ProxmoxEmulator& emulator)
    : TestClient(emulator, {.authorization = "PVEAPIToken=" + emulator.root_token()}) {}

TestAnswer TestClient::Send(const std::string& method, const std::string& path, const Params& params) const {
  if (method != "GET" && method != "DELETE") {
    return SendBody(method, path, Form(params), "application/x-www-form-urlencoded");
  }
  return SendBody(method, params.empty() ? path : path + "?" + Form(params), "", "");
}

TestAnswer TestClient::SendBody(const std::string& method, const std::string& path, const std::string& body,
                                const std::string& type) const {
  httplib::SSLClient client("127.0.0.1", emulator_.port());
  client.enable_server_certificate_verification(false);  // its own, made a moment ago in this process
  client.set_url_encode(false);
  client.set_tcp_nodelay(true);
  httplib::Request request;
  request.method = method;
  request.path = root_ + path;
  request.body = body;
  if (!type.empty()) request.set_header("Content-Type", type);
  if (!credentials_.authorization.empty()) request.set_header("Authorization", credentials_.authorization);
  if (!credentials_.cookie.empty()) request.set_header("Cookie", credentials_.cookie);
  if (!credentials_.csrf.empty()) request.set_header("CSRFPreventionToken", credentials_.csrf);
  auto const result = client.send(request);
  if (!result) return {};
  return {.status = result->status,
          .reason = result->reason,
          .body = result->body.empty() ? Json() : Json::parse(result->body, nullptr, false)};
}

TestAnswer TestClient::SendTo(const std::string& api, const std::string& method, const std::string& path,
                              const Params& params) const {
  TestClient other = *this;
  other.root_ = api;
  return other.Send(method, path, params);
}

std::string TestClient::Run(const std::string& method, const std::string& path, const Params& params) const {
  TestAnswer const started = Send(method, path, params);
  if (started.status != 200 || !started.data().is_string()) {
    return std::to_string(started.status) + " " + started.reason + " " + started.body.dump();
  }
  emulator_.FinishTasks();
  std::string const upid = started.data().get<std::string>();
  std::string const node = Split(upid, ':')[1];
  return Get("/nodes/" + node + "/tasks/" + PercentEncode(upid) + "/status")
      .data()
      .value("exitstatus", "running");
}

Json TestClient::Config(int vmid, const Params& params) const {
  std::string const node = emulator_.With([](Cluster& cluster) { return cluster.nodes.front().name; });
  return Get("/nodes/" + node + "/qemu/" + std::to_string(vmid) + "/config", params).data();
}

TestClient TestClient::As(const std::string& user, const std::string& password) const {
  Json const ticket = Post("/access/ticket", {{"username", user}, {"password", password}}).data();
  return {emulator_,
          {.authorization = "",
           .cookie = "PVEAuthCookie=" + PercentEncode(ticket.value("ticket", "")),
           .csrf = ticket.value("CSRFPreventionToken", "")}};
}

}  // namespace fediversity::emulators
