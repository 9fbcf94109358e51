#include "datasources/dns/record_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "resources/dns/record_set_model.h"
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

Value Wanted(const std::string& name, const std::string& type, const std::string& zone = "example.test") {
  return Value::Map({{"zone", Value::String(zone)},
                     {"name", Value::String(name)},
                     {"type", Value::String(type)},
                     {"ttl", Value::Null()},
                     {"records", Value::Null()},
                     {"fqdn", Value::Null()}});
}

class DnsRecordSetSourceTest : public ::testing::Test {
 protected:
  void Start(const std::string& records) {
    auto server = testing::ZoneServer::Start({.records = records});
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
  std::unique_ptr<schema::AnyDataSource> source_ = MakeDnsRecordSet(backends_.dns);
  CancelToken never_;
};

TEST_F(DnsRecordSetSourceTest, TableIsThatOfTheResourceReadOnly) {
  const schema::Table& table = source_->table();
  EXPECT_EQ(table.name, "fediversity_dns_record_set");
  std::vector<std::string> required;
  std::vector<std::string> computed;
  for (const schema::Row& row : table.rows) {
    EXPECT_NE(row.required, row.computed) << row.name;
    EXPECT_FALSE(row.optional || row.replace || row.keep_state) << row.name;
    EXPECT_FALSE(row.fallback.has_value() || row.initial.has_value()) << row.name;
    (row.required ? required : computed).push_back(row.name);
    const auto resource = schema::MakeTable(resources::kDnsRecordSet.erased());
    ASSERT_TRUE(resource.ok()) << resource.status();
    EXPECT_EQ(row.doc, resource->Find(row.name)->doc);
  }
  EXPECT_THAT(required, ElementsAre("zone", "name", "type"));
  EXPECT_THAT(computed, ElementsAre("ttl", "records", "fqdn"));
  EXPECT_EQ(table.Find("adopt"), nullptr);
}

TEST_F(DnsRecordSetSourceTest, ReadsWhatTheServerHolds) {
  Start("www 120 A 192.0.2.2\nwww 120 A 192.0.2.1\n@ MX 10 ns\n");
  schema::DataResponse const www = Read(Wanted("www", "A"));
  EXPECT_THAT(www.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Held(www.state), "120 192.0.2.1; 192.0.2.2");
  EXPECT_EQ(Text(www.state, "fqdn"), "www.example.test.");
  EXPECT_EQ(Held(Read(Wanted("@", "MX")).state), "300 10 ns.example.test.");
}

TEST_F(DnsRecordSetSourceTest, ConfigurationStaysAsItWasWritten) {
  Start("www A 192.0.2.1\n");
  schema::DataResponse const read = Read(Wanted("WWW.Example.Test.", "a", "Example.TEST."));
  EXPECT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Text(read.state, "zone"), "Example.TEST.");
  EXPECT_EQ(Text(read.state, "name"), "WWW.Example.Test.");
  EXPECT_EQ(Text(read.state, "type"), "a");
  EXPECT_EQ(Text(read.state, "fqdn"), "www.example.test.");
}

TEST_F(DnsRecordSetSourceTest, ReadsTheNameServersOfTheZone) {
  Start("");
  schema::DataResponse const read = Read(Wanted("@", "NS"));
  EXPECT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Held(read.state), "300 ns.example.test.");
}

TEST_F(DnsRecordSetSourceTest, WhatIsNotThereIsAnError) {
  Start("*.wild A 192.0.2.1\nalias CNAME ns\n");
  EXPECT_THAT(
      Read(Wanted("none", "A")).diagnostics.list(),
      ElementsAre(ErrorOn("", "No record set none.example.test A", "The zone example.test. holds no such")));
  // Neither wildcards nor aliases stand in for a set.
  EXPECT_TRUE(Read(Wanted("a.wild", "A")).diagnostics.has_errors());
  EXPECT_TRUE(Read(Wanted("alias", "A")).diagnostics.has_errors());
}

TEST_F(DnsRecordSetSourceTest, ServerThatIsDownIsAnErrorOfItsOwn) {
  Start("");
  server_->named().Stop();
  EXPECT_THAT(Read(Wanted("www", "A")).diagnostics.list(), ElementsAre(ErrorOn("", "cannot be reached", "")));
}

TEST_F(DnsRecordSetSourceTest, WithoutSettingsItSaysWhatToConfigure) {
  EXPECT_THAT(Read(Wanted("www", "A")).diagnostics.list(),
              ElementsAre(ErrorOn("", "DNS is not configured", "DNS_UPDATE_SERVER")));
}

TEST_F(DnsRecordSetSourceTest, ConfigurationIsChecked) {
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted("www.example.org.", "A")).list(),
              ElementsAre(ErrorOn("name", "Name outside the zone", "")));
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted("www", "ADDRESS")).list(),
              ElementsAre(ErrorOn("type", "is no record type", "")));
  Value without_zone = Wanted("www", "A");
  without_zone.Set("zone", Value::Null());
  EXPECT_THAT(schema::ValidateConfig(*source_, without_zone).list(),
              ElementsAre(ErrorOn("zone", "Missing value for zone", "")));
  EXPECT_THAT(schema::ValidateConfig(*source_, Wanted("www", "A")).list(), IsEmpty());
}

}  // namespace
}  // namespace fediversity::datasources
