#include "provider/http/retrying.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::http {
namespace {

bool MayRepeat(const Request& request, const absl::StatusOr<Response>& result) {
  if (!result.ok()) {
    if (!absl::IsUnavailable(result.status())) return false;
    return IsRepeatable(request) || DeliveryOf(result.status()) == Delivery::kNotSent;
  }
  constexpr int kTooManyRequests = 429;
  bool const passing =
      CodeOf(result->status) == absl::StatusCode::kUnavailable || result->status == kTooManyRequests;
  return passing && IsRepeatable(request);
}

// Seconds or a date (RFC 9110, section 10.2.3); zero where there is neither.
absl::Duration RetryAfter(const absl::StatusOr<Response>& result, absl::Time now) {
  if (!result.ok()) return absl::ZeroDuration();
  std::optional<std::string_view> const text = result->headers.Find("Retry-After");
  if (!text.has_value()) return absl::ZeroDuration();
  unsigned int seconds = 0;
  if (absl::SimpleAtoi(ToAbsl(*text), &seconds)) return absl::Seconds(seconds);
  absl::Time date;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", ToAbsl(*text), &date, nullptr))
    return absl::ZeroDuration();
  return std::max(date - now, absl::ZeroDuration());
}

// The last failure with the number of tries behind it.
absl::StatusOr<Response> AfterAttempts(absl::StatusOr<Response> result, int attempts) {
  if (!absl::IsUnavailable(result.status()) || attempts == 1) return result;
  std::string const message = absl::StrCat(result.status().message(), "\nIt was tried ", attempts, " times.");
  return WithDelivery(absl::Status(result.status().code(), message), DeliveryOf(result.status()));
}

}  // namespace

RetryingTransport::RetryingTransport(std::unique_ptr<Transport> inner, RetryPolicy policy, Clock& clock)
    : inner_(std::move(inner)),
      policy_(policy),
      clock_(clock),
      random_(std::random_device()()) {}

absl::StatusOr<Response> RetryingTransport::Send(const Request& request, const CallLimits& limits) {
  absl::Time const begun = clock_.Now();
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<Response> result = inner_->Send(request, limits);
    if (attempt >= policy_.max_attempts || !MayRepeat(request, result))
      return AfterAttempts(std::move(result), attempt);
    absl::Time const now = clock_.Now();
    absl::Duration const asked = RetryAfter(result, now);
    absl::Duration const wait = std::max(asked, Draw(attempt));
    bool const too_late = now - begun >= policy_.patience || now + wait >= limits.deadline;
    if (asked > policy_.longest_retry_after || too_late) {
      return AfterAttempts(std::move(result), attempt);
    }
    std::string const what = Cat({PrintableLine(request), ": waiting to try again"});
    absl::Status const waited = clock_.Sleep(wait, limits.cancel, what);
    if (!waited.ok()) {
      return WithDelivery(waited, result.ok() ? Delivery::kUnknown : DeliveryOf(result.status()));
    }
  }
}

absl::Duration RetryingTransport::Draw(int attempt) {
  // Doubled no further than it matters, so that nothing overflows.
  absl::Duration const top =
      std::min(policy_.longest_wait, policy_.shortest_wait * (1 << std::min(attempt, 16)));
  std::lock_guard const lock(mutex_);
  double const share = std::uniform_real_distribution<double>(0, 1)(random_);
  return policy_.shortest_wait + share * std::max(top - policy_.shortest_wait, absl::ZeroDuration());
}

}  // namespace fediversity::http
