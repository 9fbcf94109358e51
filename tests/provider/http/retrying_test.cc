#include "provider/http/retrying.h"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

#include "provider/http/delivery.h"
#include "tests/provider/http/scripted_transport.h"

namespace fediversity::http {
namespace {

using ::testing::HasSubstr;

constexpr RetryPolicy kPolicy = {.max_attempts = 4};

// A clock that keeps the length of each sleep.
class RecordingClock final : public Clock {
 public:
  absl::Time Now() const override { return inner_.Now(); }
  absl::Status Sleep(absl::Duration duration, const CancelToken& cancel, std::string_view what) override {
    sleeps.push_back(duration);
    if (before_sleep) before_sleep();
    return inner_.Sleep(duration, cancel, what);
  }

  void Advance(absl::Duration duration) { inner_.Advance(duration); }

  std::vector<absl::Duration> sleeps;
  std::function<void()> before_sleep;

 private:
  ManualClock inner_{absl::FromUnixSeconds(1'700'000'000)};
};

// Breaks each time, after a long wait.
class SlowTransport final : public Transport {
 public:
  SlowTransport(RecordingClock& clock, absl::Duration wait) : clock_(clock), wait_(wait) {}

  absl::StatusOr<Response> Send(const Request& /*request*/, const CallLimits& /*limits*/) override {
    ++attempts;
    clock_.Advance(wait_);
    return Response{.status = 596};
  }

  int attempts = 0;

 private:
  RecordingClock& clock_;
  absl::Duration const wait_;
};

struct Outcome {
  absl::StatusOr<Response> result;
  int attempts;
};

class Retrying : public ::testing::Test {
 protected:
  Outcome Send(std::vector<absl::StatusOr<Response>> script, const Request& request,
               absl::Time deadline = absl::InfiniteFuture(), RetryPolicy policy = kPolicy) {
    auto scripted = std::make_unique<ScriptedTransport>(std::move(script));
    ScriptedTransport& seen = *scripted;
    RetryingTransport transport(std::move(scripted), policy, clock_);
    auto result = transport.Send(request, {cancel_, deadline});
    return {std::move(result), seen.attempts()};
  }

  RecordingClock clock_;
  CancelToken cancel_;
};

absl::StatusOr<Response> Broken() { return absl::UnavailableError("broke"); }
absl::StatusOr<Response> NotSent() {
  return WithDelivery(absl::UnavailableError("refused"), Delivery::kNotSent);
}
absl::StatusOr<Response> Answered(int status) { return Response{.status = status}; }
absl::StatusOr<Response> Answered(int status, std::string retry_after) {
  Response response{.status = status};
  response.headers.Add("Retry-After", std::move(retry_after));
  return response;
}

Request const kRead{.path = {"a"}};
Request const kWrite{.method = Method::kPost, .path = {"a"}};

TEST_F(Retrying, ReadsAreRepeatedUntilTheyWork) {
  Outcome const outcome = Send({Broken(), Answered(503), Answered(200)}, kRead);
  ASSERT_TRUE(outcome.result.ok());
  EXPECT_EQ(outcome.result->status, 200);
  EXPECT_EQ(outcome.attempts, 3);
}

TEST_F(Retrying, WaitsGrowWithinTheirBounds) {
  Send(std::vector<absl::StatusOr<Response>>(12, Broken()), kRead, absl::InfiniteFuture(),
       {.max_attempts = 12});
  ASSERT_EQ(clock_.sleeps.size(), 11);
  absl::Duration top = absl::Milliseconds(200);
  for (absl::Duration const sleep : clock_.sleeps) {
    EXPECT_GE(sleep, absl::Milliseconds(100));
    EXPECT_LE(sleep, top);
    top = std::min(2 * top, absl::Seconds(1));
  }
}

TEST_F(Retrying, GivesUpAfterTheAttemptsAllowed) {
  Outcome const failed = Send(std::vector<absl::StatusOr<Response>>(9, Broken()), kRead);
  EXPECT_EQ(failed.attempts, 4);
  EXPECT_TRUE(absl::IsUnavailable(failed.result.status()));
  EXPECT_THAT(std::string(failed.result.status().message()), HasSubstr("broke\nIt was tried 4 times"));
  Outcome const answered = Send(std::vector<absl::StatusOr<Response>>(9, Answered(502)), kRead);
  EXPECT_EQ(answered.attempts, 4);
  ASSERT_TRUE(answered.result.ok());
  EXPECT_EQ(answered.result->status, 502);
}

TEST_F(Retrying, WritesAreRepeatedOnlyIfNothingWasSent) {
  EXPECT_EQ(Send({NotSent(), Answered(200)}, kWrite).attempts, 2);
  EXPECT_EQ(Send({Broken(), Answered(200)}, kWrite).attempts, 1);
  EXPECT_EQ(Send({NotSent(), Broken(), Answered(200)}, kWrite).attempts, 2);
  for (int const status : {408, 429, 502, 503, 504, 596}) {
    EXPECT_EQ(Send({Answered(status), Answered(200)}, kWrite).attempts, 1) << status;
  }
}

TEST_F(Retrying, WritesMarkedIdempotentCountAsReads) {
  Request request = kWrite;
  request.idempotent = true;
  EXPECT_EQ(Send({Broken(), Answered(503), Answered(200)}, request).attempts, 3);
}

TEST_F(Retrying, DefiniteAnswersStand) {
  for (int const status : {200, 301, 400, 401, 403, 404, 409, 500, 501}) {
    EXPECT_EQ(Send({Answered(status), Answered(200)}, kRead).attempts, 1) << status;
  }
  for (absl::Status const& status :
       {absl::FailedPreconditionError("TLS"), absl::DeadlineExceededError("late"),
        absl::CancelledError("stop"), absl::InternalError("?")}) {
    EXPECT_EQ(Send({absl::StatusOr<Response>(status), Answered(200)}, kRead).attempts, 1) << status;
  }
}

TEST_F(Retrying, WaitsAsLongAsTheServiceAsks) {
  EXPECT_EQ(Send({Answered(429, "7"), Answered(200)}, kRead).attempts, 2);
  ASSERT_EQ(clock_.sleeps.size(), 1);
  EXPECT_EQ(clock_.sleeps[0], absl::Seconds(7));
  std::string const date =
      absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", clock_.Now() + absl::Seconds(9), absl::UTCTimeZone());
  EXPECT_EQ(Send({Answered(503, date), Answered(200)}, kRead).attempts, 2);
  ASSERT_EQ(clock_.sleeps.size(), 2);
  EXPECT_EQ(clock_.sleeps[1], absl::Seconds(9));
}

TEST_F(Retrying, ALongerPauseIsNotWaitedFor) {
  Outcome const outcome = Send({Answered(429, "3600"), Answered(200)}, kRead);
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_EQ(outcome.result->status, 429);
  EXPECT_TRUE(clock_.sleeps.empty());
}

TEST_F(Retrying, OddPausesAreIgnored) {
  for (const char* const text :
       {"", "-5", "soon", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT", "99999999999999999999"}) {
    clock_.sleeps.clear();
    EXPECT_EQ(Send({Answered(503, text), Answered(200)}, kRead).attempts, 2) << text;
    ASSERT_EQ(clock_.sleeps.size(), 1);
    EXPECT_LE(clock_.sleeps[0], absl::Milliseconds(200)) << text;
  }
}

TEST_F(Retrying, TheLastResultStandsWhereTimeIsUp) {
  Outcome const outcome = Send({Broken(), Answered(200)}, kRead, clock_.Now() + absl::Milliseconds(50));
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_TRUE(absl::IsUnavailable(outcome.result.status()));
}

TEST_F(Retrying, WhatTakesLongToFailIsNotTriedAgainAndAgain) {
  for (auto const& [wait, attempts] :
       {std::pair(absl::Seconds(30), 1), std::pair(absl::Seconds(12), 2), std::pair(absl::Seconds(2), 4)}) {
    auto slow = std::make_unique<SlowTransport>(clock_, wait);
    const SlowTransport& seen = *slow;
    RetryingTransport transport(std::move(slow), kPolicy, clock_);
    auto const result = transport.Send(kRead, {cancel_});
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 596);
    EXPECT_EQ(seen.attempts, attempts) << wait;
  }
}

TEST_F(Retrying, CancellingEndsTheWait) {
  clock_.before_sleep = [this] { cancel_.Cancel(); };
  Outcome const outcome = Send({NotSent(), Answered(200)}, kWrite);
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_TRUE(absl::IsCancelled(outcome.result.status()));
  EXPECT_EQ(DeliveryOf(outcome.result.status()), Delivery::kNotSent);
}

TEST_F(Retrying, KeepsWhatIsKnownOfTheDelivery) {
  Outcome const outcome = Send(std::vector<absl::StatusOr<Response>>(9, NotSent()), kWrite);
  EXPECT_EQ(outcome.attempts, 4);
  EXPECT_EQ(DeliveryOf(outcome.result.status()), Delivery::kNotSent);
}

}  // namespace
}  // namespace fediversity::http
