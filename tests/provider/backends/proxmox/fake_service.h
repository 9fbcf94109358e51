#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_FAKE_SERVICE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_FAKE_SERVICE_H_

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "provider/http/delivery.h"
#include "provider/http/transport.h"

namespace fediversity::proxmox {

using Reply = absl::StatusOr<http::Response>;

// 200 with `data`, which is JSON.
Reply Data(std::string_view data);
// What Proxmox says of a failure: in the reason phrase and in the body.
Reply Failure(int status, std::string_view message);
// Only a reason phrase, as of authentication, proxying and old versions.
Reply Bare(int status, std::string_view reason);
// 400 with reasons by parameter, which are JSON.
Reply BadParameters(std::string_view errors);
// No answer: the request may have been carried out, or it certainly was not.
Reply Lost();
Reply NotSent();

// Answers requests from what a test has laid down for each, and keeps them as lines:
//
//   GET /nodes/pve/qemu/100/config?current=1
//   PUT /nodes/pve/qemu/100/config cores=2&digest=abc
//
// A request that nothing was laid down for fails the test. Thread-safe.
class FakeService final : public http::Transport {
 public:
  using Handler = std::function<Reply(const http::Request&, const CallLimits&)>;

  // Answers "GET /version", with or without its query, by each of `replies` in turn and the last one ever after.
  void On(const std::string& request, std::vector<Reply> replies);
  void On(const std::string& request, Reply reply) { On(request, std::vector<Reply>{std::move(reply)}); }
  void OnCall(const std::string& request, Handler handler);

  absl::StatusOr<http::Response> Send(const http::Request& request, const CallLimits& limits) override;

  std::vector<std::string> lines() const;
  std::vector<http::Request> requests() const;
  // How many lines begin so.
  int Count(std::string_view start) const;
  void Forget();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Reply>> replies_;
  std::map<std::string, Handler> handlers_;
  std::vector<std::string> lines_;
  std::vector<http::Request> requests_;
};

// "PUT /path a=b", without what follows a '?' only if `query` is false.
std::string LineOf(const http::Request& request, bool query = true);

}  // namespace fediversity::proxmox

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_PROXMOX_FAKE_SERVICE_H_
