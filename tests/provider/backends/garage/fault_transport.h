#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_GARAGE_FAULT_TRANSPORT_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_GARAGE_FAULT_TRANSPORT_H_

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "provider/http/delivery.h"
#include "provider/http/transport.h"

namespace fediversity::garage {

// What happens to a call in place of its answer.
struct Fault {
  bool carried_out = false;  // whether the server gets it, before or in place of what follows
  // An answer of this status; 0: none at all, for the connection breaks.
  int status = 0;
  std::string body = {};
};

// Keeps the names of the calls that pass through, and spoils those that a test names. Thread-safe.
class FaultTransport final : public http::Transport {
 public:
  explicit FaultTransport(std::unique_ptr<http::Transport> inner) : inner_(std::move(inner)) {}

  // Spoils the next calls of that name, one for each fault.
  void Spoil(const std::string& call, std::vector<Fault> faults) {
    std::lock_guard const lock(mutex_);
    faults_[call] = std::move(faults);
  }
  // "CreateBucket", "AddBucketAlias", ...; of S3 the method, such as "POST".
  std::vector<std::string> calls() const {
    std::lock_guard const lock(mutex_);
    return calls_;
  }
  int Count(const std::string& call) const {
    std::lock_guard const lock(mutex_);
    return static_cast<int>(std::count(calls_.begin(), calls_.end(), call));
  }
  void Forget() {
    std::lock_guard const lock(mutex_);
    calls_.clear();
  }

  absl::StatusOr<http::Response> Send(const http::Request& request, const CallLimits& limits) override {
    bool const admin = request.path.size() == 2 && request.path[0] == "v2";
    std::string const call = admin ? request.path[1] : std::string(http::NameOf(request.method));
    Fault fault;
    {
      std::lock_guard const lock(mutex_);
      calls_.push_back(call);
      auto const spoilt = faults_.find(call);
      if (spoilt == faults_.end() || spoilt->second.empty()) {
        fault.carried_out = true;
        fault.status = kNoFault;
      } else {
        fault = spoilt->second.front();
        spoilt->second.erase(spoilt->second.begin());
      }
    }
    if (fault.carried_out) {
      auto answer = inner_->Send(request, limits);
      if (fault.status == kNoFault) return answer;
    }
    if (fault.status != 0)
      return http::Response{.status = fault.status, .body = fault.body, .url = "http://test/"};
    return http::WithDelivery(absl::UnavailableError("the connection broke\nThat is what the test is about."),
                              fault.carried_out ? http::Delivery::kUnknown : http::Delivery::kNotSent);
  }

 private:
  static constexpr int kNoFault = -1;

  std::unique_ptr<http::Transport> inner_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Fault>> faults_;
  std::vector<std::string> calls_;
};

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_GARAGE_FAULT_TRANSPORT_H_
