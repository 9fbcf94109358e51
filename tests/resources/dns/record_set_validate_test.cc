// What is said about a record set that cannot be, and that nothing is said about one that can.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "resources/dns/record_set.h"
#include "resources/dns/record_set_model.h"
#include "tests/resources/dns/record_set_config.h"
#include "tests/support/diagnostics.h"

namespace fediversity::resources {
namespace {

using ::fediversity::testing::ErrorOn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Value;

class ValidateTest : public ::testing::Test {
 protected:
  std::vector<schema::Diagnostic> Validate(const Value& config) {
    return schema::ValidateConfig(*resource_, config, {.cancel = never_}).list();
  }

  Backends backends_;
  std::unique_ptr<schema::AnyResource> resource_ = MakeDnsRecordSet(backends_.dns, backends_.journal);
  CancelToken never_;
};

struct Fault {
  std::string title;
  RecordSetHcl config;
  std::string path;
  std::string summary;
  std::string detail;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.title; }

class FaultTest : public ValidateTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(FaultTest, IsReportedOnItsAttributeWithTheWayOut) {
  const Fault& fault = GetParam();
  EXPECT_THAT(Validate(Config(fault.config)), ElementsAre(ErrorOn(fault.path, fault.summary, fault.detail)));
}

INSTANTIATE_TEST_SUITE_P(
    Faults, FaultTest,
    ::testing::Values(
        Fault{"ZoneWithEmptyLabel",
              {.zone = "example..test"},
              "zone",
              "\"example..test\" is no domain name",
              ""},
        Fault{"ZoneIsNoApexSign", {.zone = "@"}, "zone", "\"@\" has no meaning here", ""},
        Fault{"EmptyZone", {.zone = ""}, "zone", "it is empty", ""},
        Fault{"NameWithSpace", {.name = "w w"}, "name", "need a backslash", ""},
        Fault{"EmptyName", {.name = ""}, "name", "it is empty", ""},
        Fault{"LabelTooLong", {.name = std::string(64, 'a')}, "name", "a label is over 63 octets", ""},
        Fault{
            "NameOutsideTheZone",
            {.name = "www.example.org."},
            "name",
            "Name outside the zone",
            "\"www.example.org.\" is not within the zone example.test. A trailing dot makes a name absolute; leave it "
            "out"},
        Fault{
            "NameThatOnlyEndsLikeTheZone", {.name = "notexample.test."}, "name", "Name outside the zone", ""},
        Fault{"UnknownType", {.type = "ADDRESS"}, "type", "\"ADDRESS\" is no record type", "as in TYPE65280"},
        Fault{"Soa",
              {.name = "@", .type = "SOA"},
              "type",
              "SOA cannot be managed",
              "server's own configuration"},
        Fault{"SoaByNumber", {.name = "@", .type = "TYPE6"}, "type", "SOA cannot be managed", ""},
        Fault{"Signature", {.type = "RRSIG"}, "type", "RRSIG cannot be managed", "when it signs the zone"},
        Fault{"MetaType", {.type = "ANY"}, "type", "ANY cannot be managed", "in messages only"},
        Fault{"CnameAtApex",
              {.name = "@", .type = "CNAME", .records = {"www"}},
              "type",
              "record set example.test CNAME is not possible",
              "HTTPS in alias mode"},
        Fault{"CnameAtApexByAbsoluteName",
              {.name = "Example.Test.", .type = "cname", .records = {"www"}},
              "type",
              "is not possible",
              "cannot stand at the apex"},
        Fault{"DsAtApex",
              {.name = "@", .type = "DS", .records = {"1 13 2 00"}},
              "type",
              "is not possible",
              "stand in its parent zone"},
        Fault{"AddressOutOfRange",
              {.records = {"192.0.2.1", "300.0.2.1"}},
              "records",
              "Invalid A record",
              "data of a A record: 300.0.2.1\n"},
        Fault{"NumberOutOfRange",
              {.type = "MX", .records = {"65536 mail"}},
              "records",
              "Invalid MX record",
              "preference: "},
        Fault{"FieldMissing",
              {.type = "SRV", .records = {"1 2 5060"}},
              "records",
              "Invalid SRV record",
              "target name: it is missing"},
        Fault{"TrailingText",
              {.records = {"192.0.2.1 192.0.2.2"}},
              "records",
              "Invalid A record",
              "\"192.0.2.2\" follows the last field"},
        Fault{"OpenQuote", {.type = "TXT", .records = {"\"open"}}, "records", "Invalid TXT record", "\"open"},
        Fault{"LongString",
              {.type = "TXT", .records = {std::string(256, 'x')}},
              "records",
              "Invalid TXT record",
              "split it into several quoted strings"},
        Fault{"GenericLengthWrong",
              {.type = "TYPE65280", .records = {"\\# 3 00010203"}},
              "records",
              "Invalid TYPE65280 record",
              "announces 3 octets, but 4 follow"},
        Fault{"TextOfAnUnknownType",
              {.type = "TYPE65280", .records = {"text"}},
              "records",
              "Invalid TYPE65280 record",
              "\\# LENGTH HEX"},
        Fault{"NoRecord", {.records = {}}, "records", "Invalid value for records", "at least one record"},
        Fault{"SameAddressTwice",
              {.type = "AAAA", .records = {"2001:db8::1", "2001:DB8:0:0::1"}},
              "records",
              "record set www.example.test AAAA is not possible",
              "The record 2001:db8::1 is given twice"},
        Fault{"SameTargetTwice",
              {.type = "MX", .records = {"10 mail", "10 MAIL.example.test."}},
              "records",
              "is not possible",
              "given twice"},
        Fault{"SameTextTwice",
              {.type = "TXT", .records = {"v=spf1 -all", "\"v=spf1 -all\""}},
              "records",
              "is not possible",
              "given twice"},
        Fault{"TwoAliases",
              {.type = "CNAME", .records = {"a", "b"}},
              "records",
              "is not possible",
              "at most one CNAME record"},
        Fault{"NegativeTtl", {.ttl = -1}, "ttl", "Invalid value for ttl", "0 to 2147483647 seconds"},
        Fault{"TtlTooLarge", {.ttl = 2147483648}, "ttl", "Invalid value for ttl", "0 to 2147483647 seconds"}),
    [](const auto& fault) { return fault.param.title; });

class FaultlessTest : public ValidateTest, public ::testing::WithParamInterface<RecordSetHcl> {};

TEST_P(FaultlessTest, NothingIsSaid) { EXPECT_THAT(Validate(Config(GetParam())), IsEmpty()); }

INSTANTIATE_TEST_SUITE_P(
    Configurations, FaultlessTest,
    ::testing::Values(RecordSetHcl{}, RecordSetHcl{.zone = "example.test."}, RecordSetHcl{.name = "@"},
                      RecordSetHcl{.name = "example.test."}, RecordSetHcl{.name = "www.Example.Test."},
                      RecordSetHcl{.name = "*"}, RecordSetHcl{.name = "_dmarc", .type = "TXT"},
                      RecordSetHcl{.zone = "bücher.example", .name = "grün"},
                      RecordSetHcl{.zone = "bücher.example", .name = "www.xn--bcher-kva.example."},
                      RecordSetHcl{.type = "a"}, RecordSetHcl{.type = "TYPE1"}, RecordSetHcl{.ttl = 0},
                      RecordSetHcl{.ttl = 2147483647}, RecordSetHcl{.records = {"\\# 4 c0000201"}},
                      RecordSetHcl{.type = "TYPE65280", .records = {"\\# 4 00010203"}},
                      RecordSetHcl{.type = "TXT", .records = {"v=DMARC1; p=none"}},
                      RecordSetHcl{.zone = ".", .name = "test", .type = "NS", .records = {"ns.test."}}));

TEST_F(ValidateTest, EachRequiredAttributeThatIsNullIsNamed) {
  Value config = Config({});
  config.Set("zone", Value::Null());
  config.Set("records", Value::Null());
  EXPECT_THAT(Validate(config), ElementsAre(ErrorOn("zone", "Missing value for zone", "required"),
                                            ErrorOn("records", "Missing value for records", "required")));
}

TEST_F(ValidateTest, FqdnIsTheProvidersToSay) {
  EXPECT_THAT(Validate(With(Config({}), "fqdn", Value::String("www.example.test."))),
              ElementsAre(ErrorOn("fqdn", "`fqdn` is read-only", "Remove the attribute")));
}

TEST_F(ValidateTest, NullRecordIsRefused) {
  Value const records = Value::Set({Value::String("192.0.2.1"), Value::Null()});
  EXPECT_THAT(Validate(With(Config({}), "records", records)),
              ElementsAre(ErrorOn("records", "Null element in records", "Leave it out")));
}

TEST_F(ValidateTest, FractionOfASecondIsRefused) {
  Value const half = Value::Num(*wire::Number::Parse("1.5"));
  EXPECT_THAT(Validate(With(Config({}), "ttl", half)),
              ::testing::Contains(ErrorOn("ttl", "Invalid value for ttl", "whole number")));
}

TEST_F(ValidateTest, WhatIsUnknownIsTakenOnTrust) {
  for (const char* const attribute : {"zone", "name", "type", "ttl", "records", "adopt"}) {
    SCOPED_TRACE(attribute);
    EXPECT_THAT(Validate(With(Config({.type = "MX", .records = {"10 mail"}}), attribute, Value::Unknown())),
                IsEmpty());
  }
  Value nothing_known = Config({});
  for (const char* const attribute : {"zone", "name", "type", "records"})
    nothing_known.Set(attribute, Value::Unknown());
  EXPECT_THAT(Validate(nothing_known), IsEmpty());
}

TEST_F(ValidateTest, WhatIsKnownIsCheckedBesideWhatIsNot) {
  Value const without_zone = With(Config({.records = {"300.0.2.1"}}), "zone", Value::Unknown());
  EXPECT_THAT(Validate(without_zone), ElementsAre(ErrorOn("records", "Invalid A record", "300.0.2.1")));
  Value const without_name = With(Config({.type = "SOA"}), "name", Value::Unknown());
  EXPECT_THAT(Validate(without_name), ElementsAre(ErrorOn("type", "SOA cannot be managed", "")));
  Value const without_type = With(Config({.name = "www.example.org."}), "type", Value::Unknown());
  EXPECT_THAT(Validate(without_type), ElementsAre(ErrorOn("name", "Name outside the zone", "")));
  Value const one_known = Value::Set({Value::Unknown(), Value::String("300.0.2.1")});
  EXPECT_THAT(Validate(With(Config({}), "records", one_known)),
              ElementsAre(ErrorOn("records", "Invalid A record", "300.0.2.1")));
  // Two that are the same are only found once all are known.
  Value const some_known = Value::Set({Value::Unknown(), Value::String("192.0.2.1")});
  EXPECT_THAT(Validate(With(Config({}), "records", some_known)), IsEmpty());
}

TEST_F(ValidateTest, InternationalNamesAreThoseOfTheirAsciiForm) {
  DnsRecordSet model;
  model.zone = "Bücher.example";
  model.name = "grün";
  model.type = "aaaa";
  auto const key = KeyOf(model);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->zone.ToText(), "xn--bcher-kva.example.");
  EXPECT_EQ(key->name.ToText(), "xn--grn-ioa.xn--bcher-kva.example.");
  EXPECT_EQ(key->type, dns::RecordType::kAaaa);
}

TEST_F(ValidateTest, ErrorsOfALaterCheckAreOnTheirAttributeToo) {
  DnsRecordSet model;
  model.zone = "example.test";
  model.name = "www";
  model.type = "A";
  model.ttl = 300;
  model.records = schema::Set<std::string>{{"nonsense"}};
  auto const set = RecordSetOf(model);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(schema::AttributeOf(set.status()).ToString(), "records");
  model.name = "www.example.org.";
  EXPECT_EQ(schema::AttributeOf(KeyOf(model).status()).ToString(), "name");
}

}  // namespace
}  // namespace fediversity::resources
