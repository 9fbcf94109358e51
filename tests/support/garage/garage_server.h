#ifndef FEDIVERSITY_TESTS_SUPPORT_GARAGE_GARAGE_SERVER_H_
#define FEDIVERSITY_TESTS_SUPPORT_GARAGE_GARAGE_SERVER_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/base/secret.h"
#include "provider/base/subprocess.h"

namespace fediversity::testing {

// The Garage that tests run: FEDIVERSITY_GARAGE, else the one on PATH, else the one that ./dev keeps in its cache;
// nullopt where there is none.
std::optional<std::string> FindGarage();

// A real Garage server on free ports of 127.0.0.1, with its data in a folder of its own that goes with it. Stopped at
// its end, and by the system where the test's process is killed.
class GarageServer {
 public:
  struct Options {
    int replication_factor = 1;
    bool unix_sockets = false;  // for the admin and the S3 API, in its folder
  };

  // Answers once the admin API does. The server has no layout yet.
  static absl::StatusOr<std::unique_ptr<GarageServer>> Start(const Options& options);
  // One that is alone and ready to be used.
  static absl::StatusOr<std::unique_ptr<GarageServer>> StartAlone(const Options& options);
  static absl::StatusOr<std::unique_ptr<GarageServer>> StartAlone() { return StartAlone(Options{}); }
  ~GarageServer();
  GarageServer(const GarageServer&) = delete;
  GarageServer& operator=(const GarageServer&) = delete;

  // "http://127.0.0.1:4711", or "unix:/tmp/.../admin".
  const std::string& admin_endpoint() const { return admin_endpoint_; }
  const std::string& s3_endpoint() const { return s3_endpoint_; }
  // The token of its configuration, which may do everything.
  const Secret& token() const { return token_; }
  const std::string& region() const { return region_; }
  const std::string& node_id() const { return node_id_; }
  // "0123...@127.0.0.1:4711", for other nodes.
  std::string NodeAddress() const { return node_id_ + "@" + rpc_address_; }

  // An admin call of the test's own: a GET, or a POST of `body`. An error for anything but 200.
  absl::StatusOr<nlohmann::json> Call(const std::string& name, const nlohmann::json& body = nullptr) const;
  // Stops the process as a power cut would; nothing answers any more.
  void Kill() { process_.reset(); }
  // What it has logged, for messages of failed tests.
  std::string Log() const;

 private:
  explicit GarageServer(std::string folder);
  absl::Status Launch(const std::string& garage, const Options& options);
  absl::Status WaitUntilItAnswers();

  std::string folder_;
  std::string admin_endpoint_, s3_endpoint_, rpc_address_, node_id_;
  std::string const region_ = "test-region";
  Secret token_;
  std::optional<Subprocess> process_;
};

// Servers that are one cluster with full copies on each.
class GarageCluster {
 public:
  static absl::StatusOr<std::unique_ptr<GarageCluster>> Start(int nodes);

  GarageServer& node(std::size_t number) { return *nodes_[number]; }

 private:
  std::vector<std::unique_ptr<GarageServer>> nodes_;
};

}  // namespace fediversity::testing

#endif  // FEDIVERSITY_TESTS_SUPPORT_GARAGE_GARAGE_SERVER_H_
