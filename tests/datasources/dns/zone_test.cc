#include "datasources/dns/zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/base/text.h"
#include "provider/schema/engine.h"
#include "tests/resources/dns/record_set_config.h"
#include "tests/resources/dns/zone_server.h"
#include "tests/support/diagnostics.h"

namespace fediversity::datasources {
namespace {

using ::fediversity::testing::ErrorOn;
using resources::Held;
using resources::Text;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Value;

// What a server adds by itself when it signs a zone.
constexpr const char* kSigned = R"(
@    DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
@    CDS    12345 13 2 0000000000000000000000000000000000000000000000000000000000000000
@    TYPE65534 \# 5 0D30390001
www  RRSIG  A 13 3 300 20400101000000 20200101000000 12345 example.test. AAAA
www  NSEC   @ A RRSIG NSEC
)";

Value Wanted(const Value& zone) { return Value::Map({{"zone", zone}, {"record_sets", Value::Null()}}); }
Value Wanted(const std::string& zone = "example.test") { return Wanted(Value::String(zone)); }

std::vector<std::string> Keys(const Value& state) {
  std::vector<std::string> keys;
  for (const auto& [key, set] : state.Find("record_sets")->entries()) keys.push_back(key);
  return keys;
}

class DnsZoneTest : public ::testing::Test {
 protected:
  void Start(const testing::ZoneServer::Setup& setup) {
    auto server = testing::ZoneServer::Start(setup);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto store = dns::MakeRfc2136Store(server_->Settings());
    ASSERT_TRUE(store.ok()) << store.status();
    backends_.dns.Fill(*std::move(store));
  }
  schema::DataResponse Read(const Value& config) {
    return schema::ReadDataSource(*source_, config, {.cancel = never_});
  }

  std::unique_ptr<testing::ZoneServer> server_;
  Backends backends_;
  std::unique_ptr<schema::AnyDataSource> source_ = MakeDnsZone(backends_.dns);
  CancelToken never_;
};

TEST_F(DnsZoneTest, HoldsEverythingUnderNameAndType) {
  Start(
      {.records =
           "www 120 A 192.0.2.1\nwww 120 A 192.0.2.2\nwww AAAA 2001:db8::1\n*.w TXT \"x y\"\n@ MX 10 ns\n"});
  schema::DataResponse const read = Read(Wanted("Example.Test."));
  ASSERT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Text(read.state, "zone"), "Example.Test.") << "as it was written";
  EXPECT_THAT(Keys(read.state), ElementsAre("*.w/TXT", "@/MX", "@/NS", "@/SOA", "ns/A", "www/A", "www/AAAA"));
  const Value& sets = *read.state.Find("record_sets");
  EXPECT_EQ(Held(*sets.Find("www/A")), "120 192.0.2.1; 192.0.2.2");
  EXPECT_EQ(Text(*sets.Find("www/A"), "name"), "www");
  EXPECT_EQ(Text(*sets.Find("www/A"), "type"), "A");
  EXPECT_EQ(Text(*sets.Find("www/A"), "fqdn"), "www.example.test.");
  EXPECT_EQ(Text(*sets.Find("@/MX"), "name"), "@");
  EXPECT_EQ(Text(*sets.Find("@/MX"), "fqdn"), "example.test.");
  EXPECT_EQ(Held(*sets.Find("*.w/TXT")), "300 \"x y\"");
}

TEST_F(DnsZoneTest, LeavesOutWhatTheServerSigns) {
  Start({.records = Cat({"www A 192.0.2.1\n", kSigned}), .statements = "allow-transfer { key tofu; };"});
  schema::DataResponse const read = Read(Wanted());
  ASSERT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_THAT(Keys(read.state), ElementsAre("@/NS", "@/SOA", "ns/A", "www/A"));
}

TEST_F(DnsZoneTest, OneTransferServesRecordSetsToo) {
  Start({.records = "www A 192.0.2.1\n"});
  ASSERT_THAT(Read(Wanted()).diagnostics.list(), IsEmpty());
  ASSERT_THAT(Read(Wanted()).diagnostics.list(), IsEmpty());
  EXPECT_EQ(server_->named().CountInLog("AXFR started"), 1);
}

TEST_F(DnsZoneTest, TransferThatIsRefusedIsAnErrorOnTheZone) {
  Start({.statements = "allow-transfer { none; }; allow-update { key tofu; };"});
  EXPECT_THAT(Read(Wanted()).diagnostics.list(),
              ElementsAre(ErrorOn("zone", "REFUSED", "does not let key tofu transfer the zone")));
}

TEST_F(DnsZoneTest, ZoneThatTheServerDoesNotHoldIsAnErrorOnTheZone) {
  Start({});
  EXPECT_THAT(Read(Wanted("example.org")).diagnostics.list(),
              ElementsAre(ErrorOn("zone", "NOTAUTH", "not authoritative for this zone")));
}

TEST_F(DnsZoneTest, ConfigurationIsChecked) {
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted("a..b")).list(),
              ElementsAre(ErrorOn("zone", "is no domain name", "")));
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted(Value::Null())).list(),
              ElementsAre(ErrorOn("zone", "Missing value for zone", "")));
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted(Value::Unknown())).list(), IsEmpty());
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted()).list(), IsEmpty());
}

TEST_F(DnsZoneTest, WithoutSettingsItSaysWhatToConfigure) {
  EXPECT_THAT(Read(Wanted()).diagnostics.list(), ElementsAre(ErrorOn("", "DNS is not configured", "")));
}

}  // namespace
}  // namespace fediversity::datasources
