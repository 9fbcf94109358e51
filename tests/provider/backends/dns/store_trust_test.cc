// What happens between us and the server: keys, clocks, lost connections, cancellation.

#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/stream.h"
#include "provider/base/unique_fd.h"
#include "tests/provider/backends/dns/store_fixture.h"
#include "tests/support/named/frame_relay.h"

namespace fediversity::dns {
namespace {

using Action = testing::FrameRelay::Action;
using ::testing::HasSubstr;
using ::testing::Not;

bool IsUpdate(const std::string& message) { return (message[2] >> 3 & 15) == 5; }

TEST_F(StoreTest, EveryAlgorithmWorks) {
  for (std::string const algorithm :
       {"hmac-md5", "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"}) {
    options_ = {};
    key_ = testing::MakeNamedKey("tofu", algorithm);
    StartServer();
    RecordSet const set = Set("www", "A", 60, {"192.0.2.1"});
    EXPECT_EQ(Show(Store()->Create(set, limits_)), "60 192.0.2.1") << algorithm;
    EXPECT_EQ(Show(Store()->Read(set.key, limits_)), "60 192.0.2.1") << algorithm;
  }
}

class WrongKeyTest : public StoreTest {
 protected:
  // Reads and writes fail alike, and never say what the secret is.
  void ExpectUntrusted(const Rfc2136Settings& settings, const std::function<absl::Time()>& clock,
                       std::string_view text) {
    std::unique_ptr<RecordStore> const store = Store(settings, clock);
    absl::Status const read = store->Read(Key("ns", "A"), limits_).status();
    EXPECT_FAILS(read, kUnauthenticated, std::string(text));
    absl::Status const write = store->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_).status();
    EXPECT_FAILS(write, kUnauthenticated, std::string(text));
    EXPECT_FAILS(write, kUnauthenticated, "Server 127.0.0.1:");
    EXPECT_FAILS(write, kUnauthenticated, "zone example.test, key ");
    EXPECT_THAT(read.ToString() + write.ToString(), Not(HasSubstr(settings.update.tsig->secret.Reveal())));
    EXPECT_FAILS(Store()->Read(Key("www", "A"), limits_), kNotFound, "");
  }
};

TEST_F(WrongKeyTest, UnknownKey) {
  StartServer();
  Rfc2136Settings settings = Settings();
  settings.update.tsig->name = "unknown";
  ExpectUntrusted(settings, absl::Now, "(BADKEY)");
}

TEST_F(WrongKeyTest, WrongAlgorithm) {
  StartServer();
  Rfc2136Settings settings = Settings();
  settings.update.tsig->algorithm = "hmac-sha512";
  ExpectUntrusted(settings, absl::Now, "both sides need the same name and algorithm");
}

TEST_F(WrongKeyTest, WrongSecret) {
  StartServer();
  Rfc2136Settings settings = Settings();
  settings.update.tsig->secret = Secret(testing::MakeNamedKey("other").secret);
  ExpectUntrusted(settings, absl::Now, "the secrets differ");
}

TEST_F(WrongKeyTest, ClockAheadOrBehind) {
  StartServer();
  ExpectUntrusted(
      Settings(), [] { return absl::Now() + absl::Hours(1); }, "behind ours");
  ExpectUntrusted(
      Settings(), [] { return absl::Now() - absl::Hours(1); }, "ahead of ours");
  ExpectUntrusted(
      Settings(), [] { return absl::Now() - absl::Hours(1); }, "(BADTIME)");
}

TEST_F(StoreTest, ClockOffsetIsTold) {
  StartServer();
  absl::StatusOr<RecordSet> const result =
      Store(Settings(), [] { return absl::Now() - absl::Hours(1); })->Read(Key("ns", "A"), limits_);
  EXPECT_THAT(std::string(result.status().message()),
              ::testing::ContainsRegex("clock is (1h|59m59s|1h0m1s) ahead"));
}

TEST_F(StoreTest, KeyWithoutTheRightIsToldFromABadKey) {
  StartServer("", "allow-update { none; }; allow-transfer { key tofu; };");
  absl::StatusOr<RecordSet> const result = Store()->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_);
  EXPECT_FAILS(result, kPermissionDenied, "creating www.example.test A: the DNS server answered REFUSED");
  EXPECT_FAILS(result, kPermissionDenied, "does not let key tofu make this update (BIND: allow-update");
}

TEST_F(StoreTest, UpdateWithoutAKeyIsRefused) {
  StartServer();
  Rfc2136Settings settings = Settings();
  settings.update.tsig.reset();
  EXPECT_FAILS(Store(settings)->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_), kPermissionDenied,
               "requests without a key");
}

// The relay's hook takes the answer of the first update away, as a lost connection does.
class LostAnswerTest : public StoreTest, public ::testing::WithParamInterface<Action> {
 protected:
  void StartRelay(int lost = 1) {
    relay_ = std::make_unique<testing::FrameRelay>(
        server_->port(), testing::FrameRelay::Hooks{.request =
                                                        [this](std::string& message) {
                                                          // Prerequisites alone are reads.
                                                          if (IsUpdate(message) && Get16(message, 8) > 0) {
                                                            writes_.push_back(message);
                                                            lose_next_ =
                                                                static_cast<int>(writes_.size()) <= lost_;
                                                          }
                                                          return Action::kForward;
                                                        },
                                                    .answer =
                                                        [this](std::string& message) {
                                                          bool const lose = lose_next_ && IsUpdate(message);
                                                          if (lose) lose_next_ = false;
                                                          return lose ? GetParam() : Action::kForward;
                                                        }});
    lost_ = lost;
    Rfc2136Settings settings = Settings(relay_->port());
    settings.timeout = absl::Seconds(1);
    settings.use_transfer = false;
    store_ = Store(settings);
  }

  // The writes that passed the relay, which ends with this.
  const std::vector<std::string>& Writes() {
    relay_.reset();
    return writes_;
  }

  int lost_ = 1;
  std::vector<std::string> writes_;
  bool lose_next_ = false;
  std::unique_ptr<testing::FrameRelay> relay_;
  std::unique_ptr<RecordStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Ways, LostAnswerTest, ::testing::Values(Action::kDrop, Action::kDisconnect),
                         [](const auto& way) {
                           return way.param == Action::kDrop ? "Dropped" : "Disconnected";
                         });

TEST_P(LostAnswerTest, CreateIsRepeatedAndJudgedByWhatIsThere) {
  StartServer();
  StartRelay();
  EXPECT_EQ(Show(store_->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_)), "60 192.0.2.1");
  ASSERT_EQ(Writes().size(), 2U);
  EXPECT_EQ(Writes()[0], Writes()[1]) << "byte by byte the same";
}

TEST_P(LostAnswerTest, CreateOnAnExistingSetStillFails) {
  StartServer("www A 192.0.2.9\n");
  StartRelay();
  EXPECT_FAILS(store_->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_), kAlreadyExists, "192.0.2.9");
}

TEST_P(LostAnswerTest, ReplaceIsRepeatedAndJudgedByWhatIsThere) {
  StartServer("www A 192.0.2.1\n");
  StartRelay();
  EXPECT_EQ(
      Show(store_->Replace(Set("www", "A", 300, {"192.0.2.1"}), Set("www", "A", 60, {"192.0.2.2"}), limits_)),
      "60 192.0.2.2");
  EXPECT_EQ(Writes().size(), 2U);
}

TEST_P(LostAnswerTest, DeleteIsRepeatedAndJudgedByWhatIsThere) {
  StartServer("www A 192.0.2.1\n");
  StartRelay();
  EXPECT_EQ(store_->Delete(Set("www", "A", 300, {"192.0.2.1"}), limits_), absl::OkStatus());
  EXPECT_EQ(Writes().size(), 2U);
}

TEST_P(LostAnswerTest, TwiceLostOutcomeIsUnknownAndSaidSo) {
  StartServer();
  StartRelay(2);
  EXPECT_FAILS(store_->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_), kUnavailable,
               "Whether the server made the change is unknown");
  EXPECT_EQ(Writes().size(), 2U) << "and not a third time";
}

TEST_F(StoreTest, DoubtfulSetIsReadFromTheServerAfterALostWrite) {
  StartServer();
  std::atomic<bool> lose = false;
  testing::FrameRelay relay(server_->port(), {.answer = [&lose](std::string& message) {
                              return lose && IsUpdate(message) ? Action::kDisconnect : Action::kForward;
                            }});
  std::unique_ptr<RecordStore> const store = Store(Settings(relay.port()));
  RecordSet const set = Set("www", "A", 60, {"192.0.2.1"});
  EXPECT_FAILS(store->Read(set.key, limits_), kNotFound, "");
  lose = true;
  EXPECT_FAILS(store->Create(set, limits_), kUnavailable, "unknown");
  lose = false;
  EXPECT_EQ(Show(store->Read(set.key, limits_)), "60 192.0.2.1");
}

TEST_F(StoreTest, OneConnectionCarriesEverythingAndIsOpenedAnewWhereItWasClosed) {
  StartServer();
  testing::FrameRelay relay(server_->port(), {});
  std::unique_ptr<RecordStore> const store = Store(Settings(relay.port()));
  EXPECT_EQ(relay.connections(), 0) << "nothing before the first use";
  std::vector<std::thread> threads;
  threads.reserve(10);
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) {
        RecordSet const set =
            Set(Cat({"n", std::to_string(t), "-", std::to_string(i)}), "A", 60, {"192.0.2.1"});
        EXPECT_EQ(Show(store->Create(set, limits_)), "60 192.0.2.1");
        EXPECT_EQ(Show(store->Read(set.key, limits_)), "60 192.0.2.1");
        EXPECT_EQ(store->Delete(set, limits_), absl::OkStatus());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(relay.connections(), 1);
  relay.DisconnectAll();
  EXPECT_EQ(Show(store->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_)), "60 192.0.2.1");
  EXPECT_EQ(relay.connections(), 2);
  EXPECT_EQ(server_->CountInLog("adding an RR at 'www.example.test' A"), 1) << "no write was repeated";
}

TEST_F(StoreTest, RacingChangesLoseNoUpdate) {
  StartServer("counter TXT 0\n");
  std::unique_ptr<RecordStore> const store = Store();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      std::unique_ptr<RecordStore> const own = Store();
      for (int done = 0; done < 10;) {
        Rfc2136Settings direct = Settings();
        direct.use_transfer = false;
        absl::StatusOr<RecordSet> const now = Store(direct)->Read(Key("counter", "TXT"), limits_);
        if (!now.ok()) continue;
        std::string const text = FormatRdata(now->records[0]);
        int const count = std::stoi(text.substr(1)) + 1;
        absl::StatusOr<RecordSet> const result =
            own->Replace(*now, Set("counter", "TXT", 300, {std::to_string(count)}), limits_);
        if (result.ok()) ++done;
        // An update that did not lose the race may still be overtaken before it is read back.
        std::string const message(result.status().message());
        if (message.find("at the same time") != std::string::npos) ++done;
        if (message.find("the server made the update") != std::string::npos) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Show(Store()->Read(Key("counter", "TXT"), limits_)), "300 \"40\"");
}

TEST_F(StoreTest, StoppedServerIsUnavailableAndUsedAgainOnceItIsBack) {
  StartServer("www A 192.0.2.1\n");
  std::unique_ptr<RecordStore> const store = Store();
  server_->Stop();
  EXPECT_FAILS(store->Read(Key("www", "A"), limits_), kUnavailable, "Connection refused");
  ASSERT_TRUE(server_->Restart().ok());
  EXPECT_EQ(Show(store->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
}

TEST_F(StoreTest, CancellationAndDeadlineEndAWait) {
  StartServer();
  std::atomic<int> requests = 0;
  testing::FrameRelay relay(server_->port(), {.request = [&requests](std::string&) {
                              ++requests;
                              return Action::kDrop;
                            }});
  Rfc2136Settings settings = Settings(relay.port());
  settings.timeout = absl::Minutes(10);
  std::unique_ptr<RecordStore> const store = Store(settings);
  EXPECT_FAILS(
      store->Read(Key("www", "A"), {.cancel = cancel_, .deadline = absl::Now() + absl::Milliseconds(50)}),
      kDeadlineExceeded, "was cut short");
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      if (i == 0) {
        EXPECT_FAILS(store->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_), kCancelled, "was cut short");
      } else {  // one transfers, the other waits for it
        EXPECT_FAILS(store->Read(Key("www", "A"), limits_), kCancelled, "interrupted");
      }
    });
  }
  while (requests < 3) std::this_thread::yield();
  cancel_.Cancel();
  for (std::thread& thread : threads) thread.join();
}

TEST_F(StoreTest, SilentServerIsUnavailable) {
  StartServer();
  testing::FrameRelay relay(server_->port(), {.request = [](std::string&) { return Action::kDrop; }});
  Rfc2136Settings settings = Settings(relay.port());
  settings.timeout = absl::Milliseconds(100);
  EXPECT_FAILS(Store(settings)->Read(Key("www", "A"), limits_), kUnavailable, "no answer in time");
}

TEST_F(StoreTest, HostNamesAndBracketsAreUnderstood) {
  StartServer("www A 192.0.2.1\n");
  Rfc2136Settings settings = Settings();
  settings.update.server = "localhost";
  EXPECT_EQ(Show(Store(settings)->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  settings.update.server = "[127.0.0.1]";
  EXPECT_EQ(Show(Store(settings)->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  settings.update.server = "no.such.host.invalid";
  EXPECT_FAILS(Store(settings)->Read(Key("www", "A"), limits_), kUnavailable, "no.such.host.invalid:");
}

TEST_F(StoreTest, UnreachableServerFailsForAllCallersAtOnce) {
  StartServer();
  // Listens, but its queue is full, so that connecting hangs.
  UniqueFd const listener(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener.get(), 0), 0);
  ASSERT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::vector<UniqueFd> queued;
  for (int i = 0; i < 4; ++i) {
    queued.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    // Which of them still gets through, and with what error the others do not, is up to the system.
    static_cast<void>(connect(queued.back().get(), reinterpret_cast<sockaddr*>(&address), size));
  }
  Rfc2136Settings settings = Settings(ntohs(address.sin_port));
  settings.timeout = absl::Seconds(1);
  std::unique_ptr<RecordStore> const store = Store(settings);
  absl::Time const start = absl::Now();
  std::vector<std::thread> threads;
  threads.reserve(10);
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&, i] {
      RecordSet const set = Set("n" + std::to_string(i), "A", 60, {"192.0.2.1"});
      EXPECT_FAILS(store->Create(set, limits_), kUnavailable, "no answer in time");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(absl::Now() - start, absl::Seconds(6)) << "not one after the other";
}

TEST(EndpointTest, ShowsIpv6InBrackets) {
  EXPECT_EQ((Endpoint{"2001:db8::1", 53}.ToText()), "[2001:db8::1]:53");
  EXPECT_EQ((Endpoint{"ns.example.org", 5353}.ToText()), "ns.example.org:5353");
}

TEST(Rfc2136SettingsTest, BadSettingsAreRefused) {
  auto make = [](ServerSettings server) { return MakeRfc2136Store({.update = std::move(server)}); };
  EXPECT_FAILS(make({}), kInvalidArgument, "no DNS server");
  EXPECT_FAILS(make({.server = "ns", .port = 0}), kInvalidArgument, "port");
  EXPECT_FAILS(make({.server = "ns", .tsig = TsigSettings{"k", "hmac-sha256", Secret("%%%%")}}),
               kInvalidArgument, "no base64");
  EXPECT_TRUE(make({.server = "ns.invalid"}).ok()) << "nothing is looked up";
}

class AccessTest : public StoreTest {
 protected:
  std::string Check(const Rfc2136Settings& settings, const Name& zone) {
    std::string text;
    for (const AccessFinding& finding : Store(settings)->CheckAccess(zone, limits_)) {
      text += Cat(
          {finding.right, finding.needed ? "!" : "?", absl::StatusCodeToString(finding.status.code()), " "});
    }
    return text;
  }
};

TEST_F(AccessTest, EachMissingRightIsNamed) {
  StartServer();
  EXPECT_EQ(Check(Settings(), zone_), "query!OK update!OK transfer?OK ");
  EXPECT_EQ(Show(Store()->Read({zone_, zone_, RecordType::kSoa}, limits_)),
            "300 ns.example.test. hostmaster.example.test. 1 3600 600 86400 60")
      << "nothing was changed";
  Rfc2136Settings wrong = Settings();
  wrong.update.tsig->name = "unknown";
  EXPECT_EQ(Check(wrong, zone_), "query!UNAUTHENTICATED update!UNAUTHENTICATED transfer!UNAUTHENTICATED ");
  Name const below = *Name::ParseAbsolute("below.example.test");
  EXPECT_EQ(Check(Settings(), below),
            "query!INVALID_ARGUMENT update!INVALID_ARGUMENT transfer!INVALID_ARGUMENT ");
}

TEST_F(AccessTest, KeyThatMayOnlyTransfer) {
  StartServer("", "allow-transfer { key tofu; };");
  EXPECT_EQ(Check(Settings(), zone_), "query!OK update!PERMISSION_DENIED transfer!OK ");
}

TEST_F(AccessTest, KeyThatMayOnlyUpdate) {
  StartServer("", "allow-update { key tofu; }; allow-transfer { none; };");
  EXPECT_EQ(Check(Settings(), zone_), "query!OK update!OK transfer?PERMISSION_DENIED ");
}

TEST_F(AccessTest, PolicyThatAllowsSomeNamesIsToldFromNone) {
  StartServer("", "update-policy { grant tofu name www.example.test A; }; allow-transfer { key tofu; };");
  absl::Status const update = Store()->CheckAccess(zone_, limits_)[1].status;
  EXPECT_FAILS(update, kPermissionDenied, "its update-policy decides by name and type");
  EXPECT_EQ(Show(Store()->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_)), "60 192.0.2.1");
  EXPECT_FAILS(Store()->Create(Set("www", "TXT", 60, {"x"}), limits_), kPermissionDenied,
               "update-policy with a grant");
}

}  // namespace
}  // namespace fediversity::dns
