#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_CLIENT_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_CLIENT_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/base/call_limits.h"
#include "provider/base/secret.h"
#include "provider/http/field.h"
#include "provider/http/transport.h"

namespace fediversity::garage {

// One call of version 2 of the admin API.
struct Call {
  std::string name;  // "GetBucketInfo"
  // What it is for, as the start of an error: "Bucket 0123: reading it".
  std::string what;
  std::vector<http::Field> query = {};
  std::optional<nlohmann::json> body = {};  // makes it a write
  bool idempotent = false;                  // of a write: may be sent twice
  std::vector<Secret> secrets = {};         // of the body, for messages that repeat them
};

// Sends calls with the token and makes answers and errors out of what comes back. Thread-safe.
class Client {
 public:
  Client(std::unique_ptr<http::Transport> transport, const Secret& token);

  // The errors are those of Api, with a cause (error.h). A refused token is asked about itself, so that the error
  // says what is wrong with it: one more request.
  absl::StatusOr<nlohmann::json> Send(const Call& call, const CallLimits& limits);
  absl::StatusOr<nlohmann::json> Get(std::string name, std::vector<http::Field> query, std::string what,
                                     const CallLimits& limits);

 private:
  absl::StatusOr<nlohmann::json> SendOnce(const Call& call, const CallLimits& limits);
  absl::Status ExplainRefusal(const Call& call, const absl::Status& refusal, const CallLimits& limits);

  std::unique_ptr<http::Transport> transport_;
  Secret const bearer_;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_CLIENT_H_
