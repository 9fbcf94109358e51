#include "tests/support/garage/garage_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/base/cancel.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"
#include "provider/http/curl_transport.h"
#include "tests/support/program.h"
#include "tests/support/wait_until.h"

namespace fediversity::testing {
namespace {

using nlohmann::json;

// Fixed, for nobody but the tests' own nodes on this machine can reach the port.
constexpr const char* kRpcSecret = "5ec0e7c0ffee5ec0e7c0ffee5ec0e7c0ffee5ec0e7c0ffee5ec0e7c0ffee0000";
constexpr absl::Duration kLongestStart = absl::Seconds(30);

std::string FreePort() {
  UniqueFd const fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return "0";
  }
  return absl::StrCat(ntohs(address.sin_port));
}

absl::StatusOr<http::Response> Ask(const std::string& endpoint, const http::Request& request) {
  http::ConnectionOptions options{.url = endpoint, .connect_timeout = absl::Seconds(5)};
  if (endpoint.starts_with("unix:")) {
    options.url = "http://localhost";
    options.unix_socket = endpoint.substr(5);
  }
  ASSIGN_OR_RETURN(auto transport,
                   http::CurlTransport::Create(options, [](const std::string&) { return std::nullopt; }));
  CancelToken const cancel;
  return transport->Send(request, {cancel, absl::Now() + kLongestStart});
}

absl::Status WaitFor(std::string_view what, const std::function<bool()>& condition) {
  if (WaitUntil(condition)) return absl::OkStatus();
  return absl::DeadlineExceededError(ToAbsl(Cat({"Garage: ", what})));
}

bool IsHealthy(const GarageServer& server, int nodes) {
  auto const health = server.Call("GetClusterHealth");
  return health.ok() && health->value("status", "") == "healthy" &&
         health->value("storageNodesUp", 0) == nodes &&
         health->value("partitionsAllOk", 0) == health->value("partitions", -1);
}

absl::Status ApplyLayout(const GarageServer& server, const std::vector<const GarageServer*>& nodes) {
  json roles = json::array();
  for (const GarageServer* const node : nodes) {
    constexpr std::int64_t kCapacity = 1'000'000'000;
    roles.push_back({{"id", node->node_id()},
                     {"zone", absl::StrCat("zone", roles.size())},
                     {"capacity", kCapacity},
                     {"tags", {"test"}}});
  }
  RETURN_IF_ERROR(server.Call("UpdateClusterLayout", {{"roles", roles}}).status());
  RETURN_IF_ERROR(server.Call("ApplyClusterLayout", {{"version", 1}}).status());
  for (const GarageServer* const node : nodes) {
    RETURN_IF_ERROR(WaitFor("the layout is not taken up",
                            [&] { return IsHealthy(*node, static_cast<int>(nodes.size())); }));
  }
  return absl::OkStatus();
}

}  // namespace

std::optional<std::string> FindGarage() { return FindProgram("garage", "FEDIVERSITY_GARAGE"); }

GarageServer::GarageServer(std::string folder) : folder_(std::move(folder)), token_("obviously-fake-token") {}

GarageServer::~GarageServer() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::StatusOr<std::unique_ptr<GarageServer>> GarageServer::Start(const Options& options) {
  auto const garage = FindGarage();
  if (!garage.has_value()) {
    return absl::NotFoundError("no Garage: set FEDIVERSITY_GARAGE, or let ./dev test build one");
  }
  // A port that was free a moment ago may be taken by now.
  constexpr int kAttempts = 5;
  absl::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::string folder = (std::filesystem::temp_directory_path() / "fediversity-garage-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return absl::InternalError("cannot make a folder for Garage");
    std::unique_ptr<GarageServer> server(new GarageServer(folder));
    status = server->Launch(*garage, options);
    if (status.ok()) return server;
  }
  return status;
}

absl::StatusOr<std::unique_ptr<GarageServer>> GarageServer::StartAlone(const Options& options) {
  ASSIGN_OR_RETURN(auto server, Start(options));
  RETURN_IF_ERROR(ApplyLayout(*server, {server.get()}));
  return server;
}

absl::Status GarageServer::Launch(const std::string& garage, const Options& options) {
  rpc_address_ = "127.0.0.1:" + FreePort();
  std::string admin = folder_ + "/admin";
  std::string s3 = folder_ + "/s3";
  if (!options.unix_sockets) {
    admin = "127.0.0.1:" + FreePort();
    s3 = "127.0.0.1:" + FreePort();
  }
  std::string const scheme = options.unix_sockets ? "unix:" : "http://";
  admin_endpoint_ = scheme + admin;
  s3_endpoint_ = scheme + s3;
  std::ofstream(folder_ + "/garage.toml")
      << "metadata_dir = \"" << folder_ << "/meta\"\ndata_dir = \"" << folder_ << "/data\"\n"
      << "metadata_fsync = false\ndata_fsync = false\n"
      << "replication_factor = " << options.replication_factor << "\n"
      << "rpc_bind_addr = \"" << rpc_address_ << "\"\nrpc_public_addr = \"" << rpc_address_ << "\"\n"
      << "rpc_secret = \"" << kRpcSecret << "\"\n"
      << "[s3_api]\ns3_region = \"" << region_ << "\"\napi_bind_addr = \"" << s3
      << "\"\nroot_domain = \".s3.localhost\"\n"
      << "[admin]\napi_bind_addr = \"" << admin << "\"\nadmin_token = \"" << token_.Reveal() << "\"\n";
  // Into a file, for nobody reads a pipe.
  std::string const command = Cat({"exec setpriv --pdeathsig KILL \"$0\" -c '", folder_,
                                   "/garage.toml' server >'", folder_, "/log' 2>&1"});
  ASSIGN_OR_RETURN(process_, Subprocess::Start({.arguments = {"/bin/sh", "-c", command, garage},
                                                .environment = {{"RUST_LOG", "garage=warn"}}}));
  return WaitUntilItAnswers();
}

absl::Status GarageServer::WaitUntilItAnswers() {
  bool ended = false;
  auto const answers = [&] {
    CancelToken const cancel;
    ended = process_->Wait(cancel, absl::InfinitePast()).ok();
    if (ended) return true;
    auto const status = Call("GetClusterStatus");
    if (!status.ok()) return false;
    for (const json& node : (*status)["nodes"]) {
      if (node.value("addr", "") == rpc_address_) node_id_ = node.value("id", "");
    }
    return !node_id_.empty();
  };
  RETURN_IF_ERROR(WaitFor("it does not answer", answers));
  if (ended) return absl::InternalError(ToAbsl(Cat({"Garage ended:\n", Log()})));
  return absl::OkStatus();
}

absl::StatusOr<json> GarageServer::Call(const std::string& name, const json& body) const {
  http::Request request{.method = body.is_null() ? http::Method::kGet : http::Method::kPost,
                        .path = {"v2", name},
                        .headers = {{"Authorization", Secret("Bearer " + token_.Reveal())}}};
  if (!body.is_null()) request.body = http::JsonBody(body.dump());
  ASSIGN_OR_RETURN(http::Response const response, Ask(admin_endpoint_, request));
  if (response.status != 200) return http::ToStatus(request, response, response.body);
  return json::parse(response.body, nullptr, false);
}

std::string GarageServer::Log() const {
  std::ifstream stream(folder_ + "/log", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

absl::StatusOr<std::unique_ptr<GarageCluster>> GarageCluster::Start(int nodes) {
  auto cluster = std::make_unique<GarageCluster>();
  std::vector<const GarageServer*> members;
  json addresses = json::array();
  for (int i = 0; i < nodes; ++i) {
    ASSIGN_OR_RETURN(auto server, GarageServer::Start({.replication_factor = nodes}));
    addresses.push_back(server->NodeAddress());
    members.push_back(server.get());
    cluster->nodes_.push_back(std::move(server));
  }
  const GarageServer& first = *members.front();
  RETURN_IF_ERROR(first.Call("ConnectClusterNodes", addresses).status());
  RETURN_IF_ERROR(ApplyLayout(first, members));
  return cluster;
}

}  // namespace fediversity::testing
