#ifndef FEDIVERSITY_PROVIDER_HTTP_CURL_CHANNEL_H_
#define FEDIVERSITY_PROVIDER_HTTP_CURL_CHANNEL_H_

#include <chrono>
#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "provider/base/call_limits.h"
#include "provider/http/curl_handle.h"
#include "provider/http/request.h"
#include "provider/http/response.h"
#include "provider/http/route.h"
#include "provider/http/tls.h"

namespace fediversity::http {

// One connection to the service of a route, opened when first needed and again whenever it is gone, stale or was
// left in the middle of something; never two at once. Sends one request at a time. Not thread-safe.
class CurlChannel {
 public:
  // `route` must outlive the channel, and its trust be loaded if it uses TLS.
  static absl::StatusOr<std::unique_ptr<CurlChannel>> Create(const Route& route);

  // The contract is that of Transport::Send(). The request has passed CheckRequest().
  absl::StatusOr<Response> Send(const Request& request, const CallLimits& limits);

 private:
  struct Transfer;

  CurlChannel(const Route& route, CurlEasy easy, CurlMulti multi);
  absl::Status Configure(Transfer& transfer);
  absl::StatusOr<CURLcode> Run(const CallLimits& limits);
  void Collect(Transfer& transfer) const;
  absl::Status Failure(const Transfer& transfer, CURLcode code) const;

  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* pointer);
  static std::size_t OnRead(char* data, std::size_t size, std::size_t count, void* pointer);
  static int OnSeek(void* pointer, curl_off_t offset, int origin);
  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* pointer);
  static int OnSend(void* pointer, char* address, char* local_address, int port, int local_port);
  static CURLcode OnTls(CURL* easy, void* context, void* channel);

  const Route& route_;
  CertificateCheck check_;  // before the handles, whose connections refer to it
  CurlMulti multi_;
  CurlEasy easy_;
  std::chrono::steady_clock::time_point last_used_;
};

}  // namespace fediversity::http

#endif  // FEDIVERSITY_PROVIDER_HTTP_CURL_CHANNEL_H_
