// The server, the key or the configuration is not as it should be: state is never lost, and each error says where
// it happened and what to do.

#include <atomic>
#include <future>
#include <string>
#include <thread>

#include "provider/base/unknown_setting.h"
#include "resources/dns/record_set.h"
#include "tests/resources/dns/record_set_fixture.h"
#include "tests/support/named/frame_relay.h"

namespace fediversity::resources {
namespace {

using ::fediversity::testing::ErrorOn;
using ::fediversity::testing::FrameRelay;
using ::fediversity::testing::WarningOn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Value;

TEST_F(RecordSetTest, WrongSecretKeepsTheState) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  Value const before = host_.state();
  dns::Rfc2136Settings settings = server_->Settings();
  std::string const wrong = testing::MakeNamedKey("tofu").secret;
  settings.update.tsig->secret = Secret(wrong);
  Configure(settings);

  auto const expect_error = [this, &wrong] {
    EXPECT_THAT(diagnostics(),
                ElementsAre(ErrorOn("", "answer is not trusted (BADSIG)", "the secrets differ")));
    EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "", "zone example.test, key tofu (hmac-sha256)")));
    EXPECT_FALSE(testing::Mentions(diagnostics(), wrong));
    EXPECT_FALSE(testing::Mentions(diagnostics(), server_->key().secret));
  };
  EXPECT_FALSE(host_.Refresh());
  expect_error();
  EXPECT_EQ(host_.state(), before);
  EXPECT_FALSE(Apply({.ttl = 60}));
  expect_error();
  EXPECT_EQ(host_.state(), before);
  EXPECT_FALSE(host_.Destroy());
  expect_error();
  EXPECT_EQ(host_.state(), before);
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1");
}

TEST_F(RecordSetTest, WrongSecretCreatesNothing) {
  dns::Rfc2136Settings settings = server_->Settings();
  settings.update.tsig->secret = Secret(testing::MakeNamedKey("tofu").secret);
  Configure(settings);
  EXPECT_EQ(Planned({}), Action::kCreate) << "planning asks no server";
  EXPECT_FALSE(Apply({}));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "BADSIG", "")));
  EXPECT_FALSE(host_.exists());
  EXPECT_EQ(server_->Holds("www", "A"), "absent");
}

TEST_F(RecordSetTest, KeyThatTheServerDoesNotKnow) {
  dns::Rfc2136Settings settings = server_->Settings();
  settings.update.tsig->name = "stranger";
  Configure(settings);
  EXPECT_FALSE(Apply({}));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "BADKEY", "key \"stranger\"")));
}

TEST_F(RecordSetTest, ServerThatIsDownKeepsTheState) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  Value const before = host_.state();
  server_->named().Stop();
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(),
              ElementsAre(ErrorOn("", "the DNS server cannot be reached", "Check its name, its port")));
  EXPECT_EQ(host_.state(), before);
  EXPECT_FALSE(Apply({.ttl = 60}));
  EXPECT_EQ(host_.state(), before);
  EXPECT_FALSE(host_.Destroy());
  EXPECT_EQ(host_.state(), before);

  ASSERT_EQ(server_->named().Restart(), absl::OkStatus());
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Planned({.ttl = 300}), Action::kNoOp);
}

TEST_F(RecordSetTest, ZoneThatTheServerDoesNotHoldKeepsTheState) {
  Value const state = With(With(Config({.zone = "example.org", .ttl = 300}), "adopt", Value::Bool(false)),
                           "fqdn", Value::String("www.example.org."));
  CancelToken const never;
  auto const read = schema::ReadResource(*resource_, {state, ""}, {.cancel = never});
  EXPECT_TRUE(read.diagnostics.has_errors());
  EXPECT_TRUE(testing::Mentions(read.diagnostics.list(), "zone example.org"));
  EXPECT_EQ(read.state, state);
}

TEST_F(RecordSetTest, PlanNeedsOnlyTheRightToTransfer) {
  auto const reader =
      testing::ZoneServer::Start({.records = "www A 192.0.2.1\n",
                                  .statements = "allow-transfer { key tofu; }; allow-update { none; };"});
  ASSERT_TRUE(reader.ok()) << reader.status();
  Configure((*reader)->Settings());
  ASSERT_TRUE(host_.Import({.id = "example.test/www/A"})) << host_.Errors();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Planned({.ttl = 300}), Action::kNoOp);
  EXPECT_EQ(Planned({.ttl = 60}), Action::kUpdate);
  Value const before = host_.state();
  EXPECT_FALSE(Apply({.ttl = 60}));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "REFUSED", "allow-update")));
  EXPECT_EQ(host_.state(), before);
}

TEST_F(RecordSetTest, WithoutTheRightToTransferSetsAreReadOneByOne) {
  auto const writer =
      testing::ZoneServer::Start({.records = "www A 192.0.2.1\n",
                                  .statements = "allow-transfer { none; }; allow-update { key tofu; };"});
  ASSERT_TRUE(writer.ok()) << writer.status();
  Configure((*writer)->Settings());
  ASSERT_TRUE(host_.Import({.id = "example.test/www/A"})) << host_.Errors();
  EXPECT_EQ(Planned({.ttl = 300}), Action::kNoOp);
  ASSERT_TRUE(Apply({.ttl = 60})) << host_.Errors();
  EXPECT_EQ((*writer)->Holds("www", "A"), "60 192.0.2.1");
  ASSERT_EQ((*writer)->Remove("www", "A"), absl::OkStatus());
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_FALSE(host_.exists());
}

TEST(RecordSetWithoutServerTest, PlansAndSaysWhatToConfigureAtApply) {
  Backends backends;
  auto const resource = MakeDnsRecordSet(backends.dns, backends.journal);
  oracle::Host host(*resource);
  auto const plan = host.MakePlan(Config({}));
  ASSERT_TRUE(plan.has_value()) << host.Errors();
  EXPECT_FALSE(host.Apply(*plan));
  EXPECT_THAT(host.diagnostics(), ElementsAre(ErrorOn("", "DNS is not configured", "Add `dns = {")));
  EXPECT_FALSE(host.exists());
  EXPECT_THAT(host.faults(), IsEmpty());
}

TEST_F(RecordSetTest, ProviderThatIsNotConfiguredKeepsTheState) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  Value const before = host_.state();
  backends_.dns.Reset();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "DNS is not configured", "DNS_UPDATE_SERVER")));
  EXPECT_FALSE(Apply({.ttl = 60}));
  EXPECT_FALSE(host_.Destroy());
  EXPECT_EQ(host_.state(), before);
}

TEST_F(RecordSetTest, UnknownSettingKeepsEveryStateAndWarnsOnce) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  Value const state = host_.state();
  backends_.dns.Refuse(
      [setting = std::make_shared<UnknownSetting>("dns.tsig.secret")] { return setting->ToStatus(); });
  constexpr int kThreads = 4;
  constexpr int kReads = 25;
  std::atomic<int> warnings = 0;
  std::atomic<int> kept = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      CancelToken const never;
      for (int j = 0; j < kReads; ++j) {
        auto const read = schema::ReadResource(*resource_, {state, ""}, {.cancel = never});
        if (read.state == state && !read.diagnostics.has_errors()) ++kept;
        for (const schema::Diagnostic& entry : read.diagnostics.list()) {
          EXPECT_THAT(entry,
                      WarningOn("", "`dns.tsig.secret` is not known yet", "as they were when last read"));
          ++warnings;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(warnings, 1);
  EXPECT_EQ(kept, kThreads * kReads);
}

TEST_F(RecordSetTest, UnknownSettingIsAnErrorForAWrite) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  Value const before = host_.state();
  backends_.dns.Refuse(
      [setting = std::make_shared<UnknownSetting>("dns.server")] { return setting->ToStatus(); });
  EXPECT_EQ(Planned({.ttl = 60}), Action::kUpdate);
  EXPECT_FALSE(Apply({.ttl = 60}));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "`dns.server` is not known yet", "-target")));
  EXPECT_FALSE(host_.Destroy());
  EXPECT_EQ(host_.state(), before);
}

bool IsUpdate(const std::string& message) { return message.size() > 2 && ((message[2] >> 3) & 15) == 5; }

// Interrupts a run as soon as the server would have seen a request, which gets no answer.
class Interrupted {
 public:
  Interrupted(std::uint16_t port, bool updates_only)
      : updates_only_(updates_only),
        relay_(port, {.request = [this](std::string& message) { return Take(message); }}),
        waiter_([this] {
          asked_.get_future().wait();
          cancel_.Cancel();
        }) {}
  ~Interrupted() {
    if (!was_asked_.exchange(true)) asked_.set_value();
    waiter_.join();
  }

  std::uint16_t port() const { return relay_.port(); }
  schema::CallContext call() const { return {.cancel = cancel_}; }

 private:
  FrameRelay::Action Take(const std::string& message) {
    if (updates_only_ && !IsUpdate(message)) return FrameRelay::Action::kForward;
    if (!was_asked_.exchange(true)) asked_.set_value();
    return FrameRelay::Action::kDrop;
  }

  bool const updates_only_;
  std::atomic<bool> was_asked_ = false;
  std::promise<void> asked_;
  CancelToken cancel_;
  FrameRelay relay_;
  std::thread waiter_;
};

TEST_F(RecordSetTest, InterruptEndsAReadAndKeepsTheState) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  Interrupted run(server_->named().port(), /*updates_only=*/false);
  Configure(server_->Settings(run.port()));
  auto const read = schema::ReadResource(*resource_, {host_.state(), ""}, run.call());
  EXPECT_THAT(read.diagnostics.list(), ElementsAre(ErrorOn("", "was cut short", "")));
  EXPECT_EQ(read.state, host_.state());
}

TEST_F(RecordSetTest, InterruptEndsAChangeAndKeepsTheState) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  auto const plan = host_.MakePlan(Config({.ttl = 60}));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  Interrupted run(server_->named().port(), /*updates_only=*/true);
  Configure(server_->Settings(run.port()));
  auto const applied = schema::ApplyResource(
      *resource_, {.prior = plan->before, .planned = plan->after, .config = plan->config}, run.call());
  EXPECT_THAT(applied.diagnostics.list(),
              ElementsAre(ErrorOn("", "was cut short", "Whether the server made the change is unknown")));
  EXPECT_EQ(applied.state, host_.state());
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1");
}

TEST_F(RecordSetTest, TimeoutOfTheUsersEndsAChangeAndKeepsTheState) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  FrameRelay relay(server_->named().port(),
                   {.answer = [](std::string&) { return FrameRelay::Action::kDrop; }});
  Configure(server_->Settings(relay.port()));
  Value const timeouts = Value::Map({{"create", Value::Null()},
                                     {"delete", Value::Null()},
                                     {"read", Value::Null()},
                                     {"update", Value::String("100ms")}});
  auto const plan = host_.MakePlan(With(Config({.ttl = 60}), "timeouts", timeouts));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  Value const before = host_.state();
  EXPECT_FALSE(host_.Apply(*plan));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "changing www.example.test A was cut short",
                                                 "made the change is unknown")));
  EXPECT_EQ(host_.state(), before);
}

TEST_F(RecordSetTest, InterruptEndsACreation) {
  auto const plan = host_.MakePlan(Config({}));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  Interrupted run(server_->named().port(), /*updates_only=*/true);
  Configure(server_->Settings(run.port()));
  auto const applied = schema::ApplyResource(
      *resource_, {.prior = plan->before, .planned = plan->after, .config = plan->config}, run.call());
  EXPECT_THAT(applied.diagnostics.list(),
              ElementsAre(ErrorOn("", "was cut short", "Whether the server made the change is unknown")));
  EXPECT_TRUE(applied.state.is_null());
}

}  // namespace
}  // namespace fediversity::resources
