#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_EMULATOR_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_EMULATOR_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/common/fault_plan.h"
#include "tests/emulators/common/http_server.h"
#include "tests/emulators/garage/store.h"

namespace fediversity::emulators::garage {

// Something that goes wrong (tests/emulators/common/fault_plan.h).
struct Fault {
  enum class Action {
    kAnswerBefore,  // the answer below, and nothing else happens
    kAnswerAfter,   // the request has its effect, and yet the answer is this one
    kCutBefore,     // the connection ends without an answer and without an effect
    kCutAfter,      // it ends without an answer after the effect
    kDelay,         // the request takes `delay` longer
    kMeanwhile,     // `meanwhile` happens just before
  };

  Action action = Action::kAnswerBefore;
  std::string method = {};
  std::string path = ".*";  // as in LoggedRequest::path: "/v2/CreateBucket", "s3:/media/.*"
  int nth = 1;
  int times = 1;
  int status = 500;
  std::string code = {};  // the one that Garage gives with the status, where it is empty
  std::string message = "Internal error: emulated failure";
  std::chrono::milliseconds delay{0};
  std::function<void()> on_strike = {};  // called before anything of it happens; must not ask the emulator
  std::function<void(Store& store)> meanwhile = {};
};

// A request as it was received.
struct LoggedRequest {
  std::string method;
  std::string path;  // without the query; on the S3 port behind "s3:", on that of websites behind "web:"
  std::string query;
  std::string body;
  std::string who;  // the id of the key, of the token, or "config"; "" before that is known
  int status = 0;   // 0 where the connection was cut
};

// A Garage cluster of one node on 127.0.0.1 that behaves as recorded calls of real servers say: the admin API v2, what
// of S3 empties a bucket or puts something into one, and websites. Signatures of S3 requests are not verified, and the
// hash that makes calls to a real server take 20 ms is not computed. Thread-safe.
//
//   GarageEmulator garage({});
//   Client client(garage.Url(), garage.token());
//   ...
//   garage.AddFault({.action = Fault::Action::kCutAfter, .path = "/v2/CreateBucket"});
//   EXPECT_EQ(garage.Count("POST", "/v2/CreateBucket"), 1);
//
// What is needed besides is offered over HTTP, too, under /emulator/ (see control_api.h).
class GarageEmulator {
 public:
  explicit GarageEmulator(Store::Settings settings, int port = 0);
  ~GarageEmulator();
  GarageEmulator(const GarageEmulator&) = delete;
  GarageEmulator& operator=(const GarageEmulator&) = delete;

  // "http://127.0.0.1:4711", of the admin API.
  std::string Url() const { return UrlOf(*admin_); }
  std::string S3Url() const { return UrlOf(*s3_); }
  // Serves a bucket to those who give one of its aliases as the host.
  std::string WebUrl() const { return UrlOf(*web_); }
  // The token of the configuration, which may do everything.
  std::string token() const;
  // A token that may only do some calls.
  std::string MakeToken(const std::vector<std::string>& scope);

  // Looks at what the cluster holds, or changes it, while no request is served.
  template <typename Act>
  auto With(Act act) {
    std::lock_guard const lock(mutex_);
    return act(store_);
  }

  // How long each request takes.
  void SetLatency(std::chrono::milliseconds latency);
  void AddFault(Fault fault);
  void ClearFaults();

  std::vector<LoggedRequest> requests() const;
  void ForgetRequests();
  // How many requests there were of a method ("" for any) with a path that a regular expression matches as a whole.
  int Count(const std::string& method, const std::string& path) const;

 private:
  // Answers a request of which the path is known, and says who sent it.
  using Serve = HttpAnswer (*)(Store& store, const HttpRequest& request, std::string& who);

  static std::string UrlOf(const HttpServer& server) {
    return "http://127.0.0.1:" + std::to_string(server.port());
  }
  HttpAnswer Answer(std::string_view prefix, const HttpRequest& request, Serve serve);
  void Sleep(std::chrono::milliseconds time, std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  Store store_;
  FaultPlan<Fault> faults_;
  std::chrono::milliseconds latency_{0};
  std::vector<LoggedRequest> requests_;
  std::unique_ptr<HttpServer> admin_;  // these last: they call into all others
  std::unique_ptr<HttpServer> s3_;
  std::unique_ptr<HttpServer> web_;
};

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_EMULATOR_H_
