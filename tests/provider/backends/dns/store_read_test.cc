#include <thread>

#include "provider/backends/dns/octets.h"
#include "tests/provider/backends/dns/store_fixture.h"
#include "tests/support/named/frame_relay.h"

namespace fediversity::dns {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kTransfer = "AXFR started";

// Takes the key's right to transfer away; updates are allowed.
constexpr const char* kNoTransfer = "allow-update { key tofu; }; allow-transfer { none; };";

TEST_F(StoreTest, ThousandSetsCostOneTransferForAllThreads) {
  std::string records;
  for (int i = 0; i < 1000; ++i) records += Cat({"n", std::to_string(i), " A 192.0.2.1\n"});
  StartServer(records);
  std::unique_ptr<RecordStore> const store = Store();
  std::vector<std::thread> threads;
  threads.reserve(10);
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < 1000; i += 10) {
        EXPECT_EQ(Show(store->Read(Key("n" + std::to_string(i), "A"), limits_)), "300 192.0.2.1") << i;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FAILS(store->Read(Key("n1000", "A"), limits_), kNotFound, "does not exist");
  EXPECT_EQ(server_->CountInLog(kTransfer), 1);
}

TEST_F(StoreTest, ReadsExactDataWhateverQueriesWouldShow) {
  std::string const records =
      "*.wild A 192.0.2.7\nalias CNAME www\nwww A 192.0.2.1\nsub NS ns.sub\nns.sub A 192.0.2.53\n"
      "sub DS 1 13 2 " +
      std::string(64, 'a') + "\nold DNAME new\nx.old TXT \"hidden\"\n";
  for (bool const transfer : {true, false}) {
    options_ = {};
    StartServer(records, transfer ? "" : kNoTransfer);
    std::unique_ptr<RecordStore> const store = Store();
    EXPECT_EQ(Show(store->Read(Key("*.wild", "A"), limits_)), "300 192.0.2.7");
    EXPECT_FAILS(store->Read(Key("absent.wild", "A"), limits_), kNotFound, "does not exist");
    EXPECT_FAILS(store->Read(Key("alias", "A"), limits_), kNotFound, "does not exist");
    EXPECT_EQ(Show(store->Read(Key("alias", "CNAME"), limits_)), "300 www.example.test.");
    EXPECT_EQ(Show(store->Read(Key("sub", "NS"), limits_)), "300 ns.sub.example.test.");
    EXPECT_EQ(Show(store->Read(Key("ns.sub", "A"), limits_)), "300 192.0.2.53");
    EXPECT_EQ(Show(store->Read(Key("sub", "DS"), limits_)), "300 1 13 2 " + std::string(64, 'a'));
    EXPECT_EQ(Show(store->Read(Key("@", "NS"), limits_)), "300 ns.example.test.");
    EXPECT_FAILS(store->Read(Key("absent.sub", "TXT"), limits_), kNotFound, "does not exist");
    absl::StatusOr<RecordSet> const hidden = store->Read(Key("x.old", "TXT"), limits_);
    if (transfer) {
      EXPECT_EQ(Show(hidden), "300 \"hidden\"");
    } else {
      EXPECT_FAILS(hidden, kFailedPrecondition, "The DNAME record at old.example.test");
    }
    EXPECT_EQ(server_->CountInLog(kTransfer), transfer ? 1 : 0);
  }
}

TEST_F(StoreTest, RefusedTransferIsTriedOnceAndWritesStillWork) {
  StartServer("www A 192.0.2.1\n", kNoTransfer);
  std::unique_ptr<RecordStore> const store = Store();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Show(store->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  EXPECT_EQ(server_->CountInLog("zone transfer 'example.test/AXFR/IN' denied"), 1);
  RecordSet const set = Set("new", "TXT", 60, {"x"});
  EXPECT_EQ(Show(store->Create(set, limits_)), "60 \"x\"");
  EXPECT_EQ(Show(store->Read(set.key, limits_)), "60 \"x\"");
  EXPECT_EQ(store->Delete(set, limits_), absl::OkStatus());
  EXPECT_FAILS(store->Read(set.key, limits_), kNotFound, "does not exist");
  EXPECT_FAILS(store->ListZone(zone_, limits_), kPermissionDenied, "does not let key tofu transfer the zone");
}

TEST_F(StoreTest, WithoutTransferAndUpdateNothingIsClaimed) {
  StartServer("www A 192.0.2.1\n", "allow-update { none; }; allow-transfer { none; };");
  for (std::string const name : {"www", "absent"}) {
    absl::StatusOr<RecordSet> const result = Store()->Read(Key(name, "A"), limits_);
    EXPECT_FAILS(result, kPermissionDenied,
                 "does not let key tofu send updates, not even one without changes");
    EXPECT_FAILS(result, kPermissionDenied, "The zone cannot be transferred either");
  }
}

TEST_F(StoreTest, TransferOnlyKeyIsEnoughToReadAndWritesNothing) {
  StartServer("www A 192.0.2.1\n", "allow-update { none; }; allow-transfer { key tofu; };");
  std::unique_ptr<RecordStore> const store = Store();
  EXPECT_EQ(Show(store->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  EXPECT_FAILS(store->Read(Key("absent", "A"), limits_), kNotFound, "does not exist");
  EXPECT_FAILS(store->Create(Set("new", "A", 60, {"192.0.2.1"}), limits_), kPermissionDenied, "allow-update");
  EXPECT_EQ(server_->CountInLog("update 'example.test/IN' denied"), 1);
}

TEST_F(StoreTest, ListsTheZoneInOrderWithoutSigningTypes) {
  StartServer(
      "www A 192.0.2.2\nwww A 192.0.2.1\nwww AAAA 2001:db8::1\na.www TXT b\n@ CDS 0 0 0 00\n"
      "@ CDNSKEY 0 3 0 AA==\nodd TYPE65280 \\# 1 ff\n");
  absl::StatusOr<std::vector<RecordSet>> const sets = Store()->ListZone(zone_, limits_);
  ASSERT_TRUE(sets.ok()) << sets.status();
  std::vector<std::string> shown;
  for (const RecordSet& set : *sets) shown.push_back(Describe(set.key));
  EXPECT_THAT(shown, ElementsAre("example.test NS", "example.test SOA", "ns.example.test A",
                                 "odd.example.test TYPE65280", "www.example.test A", "www.example.test AAAA",
                                 "a.www.example.test TXT"));
  EXPECT_EQ(Describe((*sets)[4]), "300 IN A 192.0.2.1; 192.0.2.2");
}

TEST_F(StoreTest, SeparateServerAndKeyTakeTransfers) {
  testing::NamedKey const transfer_key = testing::MakeNamedKey("xfr", "hmac-sha512");
  options_.keys.push_back(transfer_key);
  StartServer("www A 192.0.2.1\n", "allow-update { key tofu; }; allow-transfer { key xfr; };");
  Rfc2136Settings settings = Settings();
  settings.transfer = settings.update;
  settings.transfer->tsig =
      TsigSettings{transfer_key.name, transfer_key.algorithm, Secret(transfer_key.secret)};
  std::unique_ptr<RecordStore> const store = Store(settings);
  EXPECT_EQ(Show(store->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  EXPECT_EQ(server_->CountInLog(kTransfer), 1);
  EXPECT_EQ(Show(store->Create(Set("new", "A", 60, {"192.0.2.2"}), limits_)), "60 192.0.2.2");
}

TEST_F(StoreTest, SecondaryThatLagsBehindIsNotBelieved) {
  StartServer();
  // A copy of the zone that hears of no change.
  absl::StatusOr<std::unique_ptr<testing::Named>> const secondary = testing::Named::Start(
      {.keys = {key_}, .zones = {{.name = "example.test", .statements = "allow-transfer { key tofu; };"}}});
  ASSERT_TRUE(secondary.ok()) << secondary.status();
  Rfc2136Settings settings = Settings();
  settings.timeout = absl::Milliseconds(500);
  settings.transfer = settings.update;
  settings.transfer->port = (*secondary)->port();
  EXPECT_EQ(Show(Store(settings)->Read(Key("ns", "A"), limits_)), "300 127.0.0.1");
  ASSERT_TRUE(Store()->Create(Set("new", "A", 60, {"192.0.2.1"}), limits_).ok());
  EXPECT_FAILS(Store(settings)->Read(Key("new", "A"), limits_), kUnavailable, "It has serial 1, the primary");
}

class CutTransferTest : public StoreTest {
 protected:
  void SetUp() override {
    std::string records;
    for (int i = 0; i < 3000; ++i) records += Cat({"n", std::to_string(i), " A 192.0.2.1\n"});
    StartServer(records);
  }
  // Reads through a relay that treats the answers as told.
  absl::StatusOr<RecordSet> ReadThrough(testing::FrameRelay::Hook answer) {
    testing::FrameRelay relay(server_->port(), {.answer = std::move(answer)});
    Rfc2136Settings settings = Settings(relay.port());
    settings.timeout = absl::Seconds(2);
    return Store(settings)->Read(Key("absent", "A"), limits_);
  }
};

TEST_F(CutTransferTest, CutOffTransferIsRefused) {
  using Action = testing::FrameRelay::Action;
  int messages = 0;
  EXPECT_FAILS(ReadThrough([&messages](std::string&) {
                 return ++messages % 3 == 0 ? Action::kDisconnect : Action::kForward;
               }),
               kUnavailable, "transfer of zone example.test");
  EXPECT_GE(messages, 6) << "a second attempt is made";
}

TEST_F(CutTransferTest, OneLostConnectionDuringATransferIsHealed) {
  using Action = testing::FrameRelay::Action;
  int messages = 0;
  EXPECT_FAILS(ReadThrough([&messages](std::string&) {
                 return ++messages == 3 ? Action::kDisconnect : Action::kForward;
               }),
               kNotFound, "does not exist");
}

TEST_F(CutTransferTest, DroppedMessageIsNoticed) {
  using Action = testing::FrameRelay::Action;
  int messages = 0;
  EXPECT_FAILS(
      ReadThrough([&messages](std::string&) { return ++messages == 2 ? Action::kDrop : Action::kForward; }),
      kUnauthenticated, "signature is wrong");
}

TEST_F(CutTransferTest, ChangedRecordIsNoticed) {
  using Action = testing::FrameRelay::Action;
  int messages = 0;
  EXPECT_FAILS(ReadThrough([&messages](std::string& message) {
                 if (++messages == 2)
                   message[message.size() / 2] = static_cast<char>(message[message.size() / 2] ^ 1);
                 return Action::kForward;
               }),
               kUnauthenticated, "signature");
}

TEST_F(CutTransferTest, TransferWithoutSignaturesIsRefused) {
  EXPECT_FAILS(ReadThrough([](std::string& message) {
                 // The TSIG record is the last one: key name, type, class, TTL, length, data.
                 std::size_t const tsig = message.rfind(std::string("\4tofu\0\0\xFA", 8));
                 if (tsig != std::string::npos) message.resize(tsig);
                 Put16(message, 10, 0);
                 return testing::FrameRelay::Action::kForward;
               }),
               kUnauthenticated, "The answer is not signed");
}

TEST_F(CutTransferTest, GarbageIsRefused) {
  absl::StatusOr<RecordSet> const result = ReadThrough([](std::string& message) {
    message.resize(20);
    return testing::FrameRelay::Action::kForward;
  });
  EXPECT_FAILS(result, kUnavailable, "makes no sense");
}

TEST_F(StoreTest, UnsignedTransferIsReadWhereNoKeyIsConfigured) {
  StartServer("www A 192.0.2.1\n", "allow-transfer { any; };");
  Rfc2136Settings settings = Settings();
  settings.update.tsig.reset();
  EXPECT_EQ(Show(Store(settings)->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
}

TEST_F(StoreTest, CutUnsignedTransferIsRefused) {
  std::string records;
  for (int i = 0; i < 3000; ++i) records += Cat({"n", std::to_string(i), " A 192.0.2.1\n"});
  StartServer(records, "allow-transfer { any; };");
  int messages = 0;
  testing::FrameRelay relay(server_->port(), {.answer = [&messages](std::string&) {
                              return ++messages % 3 == 0 ? testing::FrameRelay::Action::kDisconnect
                                                         : testing::FrameRelay::Action::kForward;
                            }});
  Rfc2136Settings settings = Settings(relay.port());
  settings.update.tsig.reset();
  EXPECT_FAILS(Store(settings)->Read(Key("n1", "A"), limits_), kUnavailable, "the server closed it");
}

TEST_F(StoreTest, ReadsSetBySetWhereTransfersAreSwitchedOff) {
  StartServer("www A 192.0.2.1\n");
  Rfc2136Settings settings = Settings();
  settings.use_transfer = false;
  std::unique_ptr<RecordStore> const store = Store(settings);
  EXPECT_EQ(Show(store->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  EXPECT_FAILS(store->ListZone(zone_, limits_), kFailedPrecondition, "switched off");
  EXPECT_EQ(server_->CountInLog(kTransfer), 0);
}

}  // namespace
}  // namespace fediversity::dns
