#include <thread>

#include "tests/provider/backends/dns/store_fixture.h"

namespace fediversity::dns {
namespace {

TEST_F(StoreTest, CreatesReadsChangesAndDeletes) {
  StartServer();
  std::unique_ptr<RecordStore> const store = Store();
  RecordSet const first = Set("www", "A", 60, {"192.0.2.1", "192.0.2.2"});
  EXPECT_EQ(Show(store->Create(first, limits_)), "60 192.0.2.1 192.0.2.2");
  EXPECT_EQ(Show(store->Read(first.key, limits_)), "60 192.0.2.1 192.0.2.2");
  EXPECT_EQ(Show(Store()->Read(first.key, limits_)), "60 192.0.2.1 192.0.2.2");

  RecordSet const second = Set("www", "A", 120, {"192.0.2.2", "192.0.2.3"});
  EXPECT_EQ(Show(store->Replace(first, second, limits_)), "120 192.0.2.2 192.0.2.3");
  EXPECT_EQ(Show(store->Read(first.key, limits_)), "120 192.0.2.2 192.0.2.3");

  EXPECT_EQ(store->Delete(second, limits_), absl::OkStatus());
  EXPECT_FAILS(store->Read(first.key, limits_), kNotFound, "www.example.test A does not exist");
  EXPECT_FAILS(Store()->Read(first.key, limits_), kNotFound, "www.example.test A does not exist");
  EXPECT_EQ(server_->CountInLog("AXFR started"), 3);
}

TEST_F(StoreTest, ChangesTheTtlAlone) {
  StartServer();
  std::unique_ptr<RecordStore> const store = Store();
  RecordSet const before = Set("www", "TXT", 60, {"a", "b"});
  RecordSet const after = Set("www", "TXT", 7200, {"a", "b"});
  ASSERT_TRUE(store->Create(before, limits_).ok());
  EXPECT_EQ(Show(store->Replace(before, after, limits_)), "7200 \"a\" \"b\"");
  EXPECT_EQ(Show(Store()->Read(after.key, limits_)), "7200 \"a\" \"b\"");
}

TEST_F(StoreTest, CreateLeavesAnExistingSetAlone) {
  StartServer("www A 192.0.2.9\n");
  EXPECT_FAILS(Store()->Create(Set("www", "A", 60, {"192.0.2.1"}), limits_), kAlreadyExists,
               "The server holds: 300 IN A 192.0.2.9");
  EXPECT_EQ(Show(Store()->Read(Key("www", "A"), limits_)), "300 192.0.2.9");
  // Not even where it is the same: it belongs to somebody else.
  EXPECT_FAILS(Store()->Create(Set("www", "A", 300, {"192.0.2.9"}), limits_), kAlreadyExists, "Import it");
}

TEST_F(StoreTest, ChangeIsRefusedWhereSomebodyElseWasFaster) {
  StartServer("www A 192.0.2.9\n");
  RecordSet const expected = Set("www", "A", 60, {"192.0.2.1"});
  for (const RecordSet& other : {expected, Set("www", "A", 60, {"192.0.2.9", "192.0.2.1"})}) {
    absl::StatusOr<RecordSet> const result =
        Store()->Replace(other, Set("www", "A", 60, {"192.0.2.2"}), limits_);
    EXPECT_FAILS(result, kAborted, "Now it is: 300 IN A 192.0.2.9");
    EXPECT_FAILS(result, kAborted, "zone example.test, key tofu (hmac-sha256)");
  }
  EXPECT_FAILS(Store()->Delete(expected, limits_), kAborted, "Now it is: 300 IN A 192.0.2.9");
  EXPECT_EQ(Show(Store()->Read(expected.key, limits_)), "300 192.0.2.9");
}

TEST_F(StoreTest, VanishedSetIsAbortedForAChangeAndNotFoundForADeletion) {
  StartServer();
  RecordSet const expected = Set("www", "A", 60, {"192.0.2.1"});
  EXPECT_FAILS(Store()->Replace(expected, Set("www", "A", 60, {"192.0.2.2"}), limits_), kAborted,
               "Now it does not exist");
  EXPECT_FAILS(Store()->Delete(expected, limits_), kNotFound, "does not exist");
}

TEST_F(StoreTest, CaseOfNamesInDataIsNoChange) {
  StartServer("www CNAME Target.EXAMPLE.test.\nsvc HTTPS 1 Svc.Example.Test. alpn=h2\n");
  EXPECT_EQ(Show(Store()->Replace(Set("www", "CNAME", 300, {"target"}), Set("www", "CNAME", 60, {"target"}),
                                  limits_)),
            "60 target.example.test.");
  EXPECT_EQ(Show(Store()->Replace(Set("svc", "HTTPS", 300, {"1 svc alpn=h2"}),
                                  Set("svc", "HTTPS", 60, {"2 svc alpn=h2"}), limits_)),
            "60 2 svc.example.test. alpn=h2");
}

TEST_F(StoreTest, CnameCannotStandBesideOtherData) {
  StartServer("data A 192.0.2.1\nalias CNAME data\n");
  EXPECT_FAILS(Store()->Create(Set("data", "CNAME", 60, {"www"}), limits_), kFailedPrecondition,
               "a CNAME at data.example.test would stand beside other records");
  EXPECT_FAILS(Store()->Create(Set("alias", "TXT", 60, {"x"}), limits_), kFailedPrecondition,
               "alias.example.test is a CNAME");
  EXPECT_FAILS(Store()->Create(Set("alias", "CNAME", 60, {"www"}), limits_), kAlreadyExists,
               "300 IN CNAME data.example.test.");
  EXPECT_FAILS(Store()->Create(Set("@", "CNAME", 60, {"www"}), limits_), kInvalidArgument, "apex");
  EXPECT_EQ(Show(Store()->Create(Set("free", "CNAME", 60, {"www"}), limits_)), "60 www.example.test.");
}

TEST_F(StoreTest, ApexCarriesRecordSets) {
  StartServer();
  std::unique_ptr<RecordStore> const store = Store();
  EXPECT_EQ(Show(store->Create(Set("@", "TXT", 60, {"v=spf1 -all"}), limits_)), "60 \"v=spf1 -all\"");
  EXPECT_EQ(Show(store->Read(Key("@", "TXT"), limits_)), "60 \"v=spf1 -all\"");
  EXPECT_EQ(store->Delete(Set("@", "TXT", 60, {"v=spf1 -all"}), limits_), absl::OkStatus());
}

TEST_F(StoreTest, ApexNsIsChangedWithoutEverBeingGone) {
  StartServer("ns2 A 127.0.0.2\nns3 A 127.0.0.3\n");
  std::unique_ptr<RecordStore> const store = Store();
  RecordSet const before = Set("@", "NS", 300, {"ns"});
  EXPECT_FAILS(store->Create(before, limits_), kAlreadyExists, "ns.example.test.");
  EXPECT_EQ(Show(store->Replace(before, Set("@", "NS", 600, {"ns2", "ns3"}), limits_)),
            "600 ns2.example.test. ns3.example.test.");
  EXPECT_EQ(Show(Store()->Read(before.key, limits_)), "600 ns2.example.test. ns3.example.test.");
  EXPECT_EQ(Show(store->Replace(Set("@", "NS", 600, {"ns2", "ns3"}), Set("@", "NS", 60, {"ns3"}), limits_)),
            "60 ns3.example.test.");
  EXPECT_FAILS(store->Delete(Set("@", "NS", 60, {"ns3"}), limits_), kFailedPrecondition, "cannot be deleted");
  EXPECT_FAILS(store->Replace(Set("@", "NS", 60, {"ns3"}), Set("@", "NS", 60, {"nowhere"}), limits_),
               kPermissionDenied, "whose target within the zone has no address");
}

TEST_F(StoreTest, WhatNoZoneCanHoldIsRefusedBeforeAnythingIsSent) {
  StartServer();
  std::unique_ptr<RecordStore> const store = Store();
  RecordSet outside = Set("www.example.org.", "A", 60, {"192.0.2.1"});
  EXPECT_FAILS(store->Create(outside, limits_), kInvalidArgument, "outside the zone");
  EXPECT_FAILS(store->Create(Set("@", "SOA", 60, {"ns hostmaster 1 1 1 1 1"}), limits_), kInvalidArgument,
               "SOA");
  EXPECT_FAILS(store->Create(Set("@", "DS", 60, {"1 8 2 ab"}), limits_), kInvalidArgument, "parent zone");
  EXPECT_EQ(server_->CountInLog("updating zone"), 0);
}

TEST_F(StoreTest, DsNeedsADelegation) {
  StartServer("sub NS ns.sub\nns.sub A 192.0.2.53\n");
  std::string const ds = "12345 13 2 " + std::string(64, 'a');
  EXPECT_FAILS(Store()->Create(Set("www", "DS", 60, {ds}), limits_), kFailedPrecondition, "is not delegated");
  EXPECT_EQ(Show(Store()->Create(Set("sub", "DS", 60, {ds}), limits_)), "60 " + ds);
}

TEST_F(StoreTest, WhatADelegationOrDnameHidesIsRefused) {
  StartServer("sub NS ns.sub\nns.sub A 192.0.2.53\nold DNAME new\n");
  for (bool const transferred : {false, true}) {
    std::unique_ptr<RecordStore> const store = Store();
    if (transferred) {
      ASSERT_TRUE(store->Read(Key("@", "NS"), limits_).ok());
    }
    EXPECT_FAILS(store->Create(Set("www.sub", "TXT", 60, {"x"}), limits_), kFailedPrecondition,
                 "The NS records at sub.example.test delegate it");
    EXPECT_FAILS(store->Create(Set("sub", "TXT", 60, {"x"}), limits_), kFailedPrecondition,
                 "never be served");
    EXPECT_FAILS(store->Create(Set("www.old", "A", 60, {"192.0.2.1"}), limits_), kFailedPrecondition,
                 "The DNAME record at old.example.test");
    std::string const glue = transferred ? "ns2.sub" : "ns3.sub";
    EXPECT_EQ(Show(store->Create(Set(glue, "A", 60, {"192.0.2.54"}), limits_)), "60 192.0.2.54");
  }
  EXPECT_EQ(server_->CountInLog("adding an RR at 'www"), 0);
}

TEST_F(StoreTest, OutsideNamesOfTheServerAreTold) {
  StartServer();
  Name const other = *Name::ParseAbsolute("other.test");
  RecordSet set = Set("www", "A", 60, {"192.0.2.1"});
  set.key = {.zone = other, .name = *Name::Parse("www", other), .type = RecordType::kA};
  absl::StatusOr<RecordSet> const result = Store()->Create(set, limits_);
  EXPECT_FAILS(result, kInvalidArgument, "not authoritative for this zone");
  // A name below the apex is no zone, though its queries are answered.
  Name const below = *Name::ParseAbsolute("below.example.test");
  set.key = {.zone = below, .name = *Name::Parse("www", below), .type = RecordType::kA};
  EXPECT_FAILS(Store()->Create(set, limits_), kInvalidArgument, "NOTAUTH");
}

TEST_F(StoreTest, RefusalsOfTheServersChecksNameTheLikelyCause) {
  StartServer("alias CNAME www\n");
  EXPECT_FAILS(Store()->Create(Set("@", "MX", 60, {"10 nowhere"}), limits_), kPermissionDenied, "REFUSED");
  EXPECT_FAILS(Store()->Create(Set("@", "MX", 60, {"10 alias"}), limits_), kPermissionDenied,
               "has no address yet");
  EXPECT_FAILS(Store()->Create(Set("_x", "A", 60, {"192.0.2.1"}), limits_), kPermissionDenied,
               "no host name");
  EXPECT_EQ(Show(Store()->Create(Set("@", "MX", 60, {"10 ns"}), limits_)), "60 10 ns.example.test.");
}

TEST_F(StoreTest, KeyThatMayNotQueryMayNotUpdateEither) {
  StartServer("www A 192.0.2.1\n",
              "allow-query { none; }; allow-update { key tofu; }; allow-transfer { key tofu; };");
  std::unique_ptr<RecordStore> const store = Store();
  EXPECT_EQ(Show(store->Read(Key("www", "A"), limits_)), "300 192.0.2.1");
  EXPECT_FAILS(store->Create(Set("new", "A", 60, {"192.0.2.1"}), limits_), kPermissionDenied,
               "and allow-query");
}

TEST_F(StoreTest, SignedZoneIsManagedAsAnyOther) {
  StartServer("data A 192.0.2.1\n",
              "dnssec-policy default; allow-update { key tofu; }; allow-transfer { key tofu; };");
  RecordSetKey const signatures = Key("data", "RRSIG");
  absl::Time const end = absl::Now() + absl::Seconds(30);
  while (absl::IsNotFound(Store()->Read(signatures, limits_).status()) && absl::Now() < end)
    std::this_thread::yield();
  ASSERT_TRUE(Store()->Read(signatures, limits_).ok()) << "the zone was not signed";

  std::unique_ptr<RecordStore> const store = Store();
  EXPECT_FAILS(store->Create(Set("data", "CNAME", 60, {"www"}), limits_), kFailedPrecondition,
               "beside other records");
  RecordSet const alias = Set("alias", "CNAME", 60, {"www"});
  EXPECT_EQ(Show(store->Create(alias, limits_)), "60 www.example.test.");
  EXPECT_FAILS(store->Create(Set("alias", "A", 60, {"192.0.2.1"}), limits_), kFailedPrecondition,
               "is a CNAME");
  RecordSet const moved = Set("alias", "CNAME", 120, {"data"});
  EXPECT_EQ(Show(store->Replace(alias, moved, limits_)), "120 data.example.test.");
  EXPECT_EQ(store->Delete(moved, limits_), absl::OkStatus());
  absl::StatusOr<std::vector<RecordSet>> const sets = Store()->ListZone(zone_, limits_);
  ASSERT_TRUE(sets.ok()) << sets.status();
  std::vector<std::string> shown;
  for (const RecordSet& set : *sets) shown.push_back(Describe(set.key));
  EXPECT_THAT(shown, ::testing::ElementsAre("example.test NS", "example.test SOA", "data.example.test A",
                                            "ns.example.test A"));
}

TEST_F(StoreTest, WildcardsAndOddNamesAreNamesLikeAnyOther) {
  StartServer();
  std::unique_ptr<RecordStore> const store = Store();
  for (std::string const name : {"*", "*.apps", "star.*.mid", R"(a\.b)", R"(blank\032here)", R"(nul\000)",
                                 "bücher", "_dmarc", R"(raw\195\188)"}) {
    EXPECT_EQ(Show(store->Create(Set(name, "TXT", 60, {name == "*" ? "star" : "x"}), limits_)),
              name == "*" ? "60 \"star\"" : "60 \"x\"")
        << name;
    EXPECT_EQ(Show(Store()->Read(Key(name, "TXT"), limits_)), name == "*" ? "60 \"star\"" : "60 \"x\"")
        << name;
  }
}

TEST_F(StoreTest, SetThatFitsIntoNoMessageIsRefused) {
  StartServer();
  std::vector<std::string> records;
  records.reserve(300);
  for (int i = 0; i < 300; ++i) records.push_back(std::to_string(i) + std::string(240, 'x'));
  EXPECT_FAILS(Store()->Create(Set("big", "TXT", 60, records), limits_), kInvalidArgument, "too large");
  records.resize(100);
  RecordSet const big = Set("big", "TXT", 60, records);
  ASSERT_TRUE(Store()->Create(big, limits_).ok());
  EXPECT_EQ(Show(Store()->Read(big.key, limits_)), Show(big));
  EXPECT_EQ(Store()->Delete(big, limits_), absl::OkStatus());
}

}  // namespace
}  // namespace fediversity::dns
