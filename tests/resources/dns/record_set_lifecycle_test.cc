// What becomes of one record set on a real server when all goes well.

#include "tests/resources/dns/record_set_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Path;
using wire::Value;

TEST_F(RecordSetTest, IsCreatedAndThenNeedsNoChange) {
  RecordSetHcl const hcl = {.ttl = 300, .records = {"192.0.2.1", "192.0.2.2"}};
  auto const plan = host_.MakePlan(Config(hcl));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->action, Action::kCreate);
  EXPECT_EQ(Text(plan->after, "fqdn"), "www.example.test.");
  EXPECT_EQ(server_->Holds("www", "A"), "absent") << "planning must not write";

  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1; 192.0.2.2");
  EXPECT_EQ(Held(host_.state()), "300 192.0.2.1; 192.0.2.2");
  EXPECT_EQ(Text(host_.state(), "adopt"), "false");
  EXPECT_EQ(Planned(hcl), Action::kNoOp);
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Planned(hcl), Action::kNoOp);
}

TEST_F(RecordSetTest, TtlThatIsLeftOutIsAnHourAtFirstAndLaterAsItIs) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "3600 192.0.2.1");
  ASSERT_EQ(server_->Put("www", "A", 60, {"192.0.2.1"}), absl::OkStatus());
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Held(host_.state()), "60 192.0.2.1");
  EXPECT_EQ(Planned({}), Action::kNoOp);
  ASSERT_TRUE(Apply({.records = {"192.0.2.2"}})) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "60 192.0.2.2");
}

TEST_F(RecordSetTest, TtlChangesInPlace) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  EXPECT_EQ(Planned({.ttl = 60}), Action::kUpdate);
  ASSERT_TRUE(Apply({.ttl = 60})) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "60 192.0.2.1");
  EXPECT_EQ(Planned({.ttl = 60}), Action::kNoOp);
}

TEST_F(RecordSetTest, RecordsChangeInPlace) {
  ASSERT_TRUE(Apply({.ttl = 300, .records = {"192.0.2.1", "192.0.2.2"}})) << host_.Errors();
  RecordSetHcl const changed = {.ttl = 300, .records = {"192.0.2.2", "192.0.2.3"}};
  EXPECT_EQ(Planned(changed), Action::kUpdate);
  ASSERT_TRUE(Apply(changed)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.2; 192.0.2.3");
  EXPECT_EQ(Planned(changed), Action::kNoOp);
}

TEST_F(RecordSetTest, ZoneNameAndTypeReplace) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  struct Change {
    RecordSetHcl hcl;
    const char* attribute;
  };
  Change const changes[] = {{{.zone = "example.org"}, "zone"},
                            {{.name = "web"}, "name"},
                            {{.type = "AAAA", .records = {"2001:db8::1"}}, "type"}};
  for (const Change& change : changes) {
    auto const plan = host_.MakePlan(Config(change.hcl));
    ASSERT_TRUE(plan.has_value()) << host_.Errors();
    EXPECT_EQ(plan->action, Action::kReplace);
    EXPECT_THAT(plan->replace, ElementsAre(Path(change.attribute)));
  }
  ASSERT_TRUE(Apply(changes[2].hcl)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "absent");
  EXPECT_EQ(server_->Holds("www", "AAAA"), "3600 2001:db8::1");
}

TEST_F(RecordSetTest, AnotherSpellingIsNoChange) {
  ASSERT_TRUE(Apply({.name = "mx", .type = "MX", .ttl = 300, .records = {"10 ns", "20 mail.example.org."}}))
      << host_.Errors();
  EXPECT_EQ(Held(host_.state()), "300 10 ns; 20 mail.example.org.");
  EXPECT_EQ(Planned({.zone = "Example.Test.",
                     .name = "MX.example.test.",
                     .type = "mx",
                     .ttl = 300,
                     .records = {"10 NS.example.test.", "20 Mail.Example.ORG."}}),
            Action::kNoOp);
}

TEST_F(RecordSetTest, ChangeOfOneRecordMaySpellTheOthersAnew) {
  ASSERT_TRUE(Apply({.type = "AAAA", .records = {"2001:db8::1", "2001:db8::2"}})) << host_.Errors();
  RecordSetHcl const changed = {.type = "AAAA", .records = {"2001:DB8::1", "2001:DB8::3"}};
  ASSERT_TRUE(Apply(changed)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "AAAA"), "3600 2001:db8::1; 2001:db8::3");
  EXPECT_EQ(Held(host_.state()), "3600 2001:DB8::1; 2001:DB8::3");
  EXPECT_EQ(Planned(changed), Action::kNoOp);
}

TEST_F(RecordSetTest, ValuesThatAreKnownOnlyAtApplyAreTakenThen) {
  RecordSetHcl const hcl = {.ttl = 300, .records = {"192.0.2.7"}};
  Value const unknown = With(With(Config(hcl), "name", Value::Unknown()), "records", Value::Unknown());
  auto const plan = host_.MakePlan(unknown);
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(Text(plan->after, "fqdn"), "unknown");
  ASSERT_TRUE(host_.Apply(*plan, Config(hcl))) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.7");
  EXPECT_EQ(Text(host_.state(), "fqdn"), "www.example.test.");
}

TEST_F(RecordSetTest, RecordThatTurnsOutUnreadableAtApplyIsReportedOnItsAttribute) {
  auto const plan = host_.MakePlan(With(Config({}), "records", Value::Unknown()));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_FALSE(host_.Apply(*plan, Config({.records = {"300.0.2.1"}})));
  EXPECT_THAT(diagnostics(), ElementsAre(testing::ErrorOn("records", "Invalid A record", "300.0.2.1")));
  EXPECT_FALSE(host_.exists());
}

TEST_F(RecordSetTest, InternationalNamesGoOutInAscii) {
  RecordSetHcl const hcl = {.name = "grün", .type = "CNAME", .records = {"bücher.example."}};
  ASSERT_TRUE(Apply(hcl)) << host_.Errors();
  EXPECT_EQ(server_->Holds("xn--grn-ioa", "CNAME"), "3600 xn--bcher-kva.example.");
  EXPECT_EQ(Text(host_.state(), "name"), "grün");
  EXPECT_EQ(Text(host_.state(), "fqdn"), "xn--grn-ioa.example.test.");
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Planned(hcl), Action::kNoOp);
}

TEST_F(RecordSetTest, ImportByIdPlansNoChange) {
  ASSERT_EQ(server_->Put("www", "A", 120, {"192.0.2.1", "192.0.2.2"}), absl::OkStatus());
  for (const char* const id :
       {"example.test/www/A", "Example.Test./WWW/a", "example.test/www.example.test./A"}) {
    SCOPED_TRACE(id);
    ASSERT_TRUE(host_.Import({.id = id})) << host_.Errors();
    EXPECT_EQ(Held(host_.state()), "120 192.0.2.1; 192.0.2.2");
    EXPECT_EQ(Text(host_.state(), "type"), "A");
    EXPECT_EQ(Text(host_.state(), "fqdn"), "www.example.test.");
    EXPECT_EQ(Planned({.ttl = 120, .records = {"192.0.2.1", "192.0.2.2"}}), Action::kNoOp);
    EXPECT_EQ(Planned({.records = {"192.0.2.2", "192.0.2.1"}}), Action::kNoOp)
        << "a TTL left out is as it is";
  }
}

TEST_F(RecordSetTest, ImportByIdentityPlansNoChange) {
  ASSERT_EQ(server_->Put("0/25", "NS", 300, {"ns.example.org."}), absl::OkStatus());
  Value const identity = Value::Map({{"zone", Value::String("example.test")},
                                     {"name", Value::String("0/25")},
                                     {"type", Value::String("NS")}});
  ASSERT_TRUE(host_.Import({.identity = identity})) << host_.Errors();
  EXPECT_EQ(Planned({.name = "0/25", .type = "NS", .ttl = 300, .records = {"ns.example.org."}}),
            Action::kNoOp);
}

TEST_F(RecordSetTest, ImportOfTheApex) {
  ASSERT_TRUE(host_.Import({.id = "example.test/@/NS"})) << host_.Errors();
  EXPECT_EQ(Planned({.name = "@", .type = "NS", .ttl = 300, .records = {"ns"}}), Action::kNoOp);
}

TEST_F(RecordSetTest, ImportOfWhatCannotBeManagedSaysWhy) {
  EXPECT_FALSE(host_.Import({.id = "example.test/@/SOA"}));
  EXPECT_THAT(diagnostics(), ElementsAre(testing::ErrorOn("type", "SOA cannot be managed", "")));
  EXPECT_FALSE(host_.Import({.id = "example.test/www"}));
  EXPECT_THAT(diagnostics(),
              ElementsAre(testing::ErrorOn("", "Import id not understood", "{zone}/{name}/{type}")));
  EXPECT_FALSE(host_.Import({.id = "example.test/www.example.org./A"}));
  EXPECT_THAT(diagnostics(), ElementsAre(testing::ErrorOn("name", "Name outside the zone", "")));
}

TEST_F(RecordSetTest, ImportOfWhatIsNotThereReadsAsGone) {
  CancelToken const never;
  auto const imported = schema::ImportResource(*resource_, {.id = "example.test/none/A"}, {.cancel = never});
  EXPECT_THAT(imported.diagnostics.list(), IsEmpty());
  auto const read =
      schema::ReadResource(*resource_, {imported.state, imported.private_bytes}, {.cancel = never});
  EXPECT_THAT(read.diagnostics.list(), IsEmpty());
  EXPECT_TRUE(read.state.is_null());
}

TEST_F(RecordSetTest, IsDestroyed) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  ASSERT_TRUE(host_.Destroy()) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "absent");
}

TEST_F(RecordSetTest, DestroyingWhatIsGoneIsDone) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  ASSERT_EQ(server_->Remove("www", "A"), absl::OkStatus());
  EXPECT_TRUE(host_.Destroy()) << host_.Errors();
  EXPECT_FALSE(host_.exists());
}

TEST_F(RecordSetTest, AdoptMeansNothingToWhatExists) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  EXPECT_EQ(Planned({.adopt = true}), Action::kNoOp);
  ASSERT_TRUE(host_.Import({.id = "example.test/www/A"})) << host_.Errors();
  EXPECT_EQ(Planned({.adopt = true}), Action::kNoOp);
}

TEST_F(RecordSetTest, ChangeOfTimeoutsAsksNoServer) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  server_->named().Stop();
  Value const timeouts = Value::Map({{"create", Value::Null()},
                                     {"delete", Value::String("5m")},
                                     {"read", Value::Null()},
                                     {"update", Value::Null()}});
  Value const config = With(Config({}), "timeouts", timeouts);
  auto const plan = host_.MakePlan(config);
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->action, Action::kUpdate);
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_EQ(*host_.state().Find("timeouts"), timeouts);
}

}  // namespace
}  // namespace fediversity::resources
