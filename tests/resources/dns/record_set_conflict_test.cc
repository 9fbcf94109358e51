// Somebody else works on the same zone: nothing of theirs is overwritten, and nothing goes unnoticed.

#include "tests/resources/dns/record_set_fixture.h"

namespace fediversity::resources {
namespace {

using ::fediversity::testing::ErrorOn;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(RecordSetTest, CreateLeavesAnExistingSetAloneAndSaysHowToImportIt) {
  ASSERT_EQ(server_->Put("www", "A", 120, {"192.0.2.9"}), absl::OkStatus());
  EXPECT_FALSE(Apply({.ttl = 300}));
  ASSERT_THAT(diagnostics(), ElementsAre(ErrorOn("", "record set www.example.test A exists already",
                                                 "The server holds: 120 IN A 192.0.2.9")));
  const std::string& detail = diagnostics()[0].detail;
  EXPECT_THAT(detail, HasSubstr(R"(import {
  to = fediversity_dns_record_set.<name>
  identity = {
    zone = "example.test"
    name = "www"
    type = "A"
  }
})"));
  EXPECT_THAT(detail, HasSubstr("`adopt = true`"));
  EXPECT_FALSE(host_.exists());
  EXPECT_EQ(server_->Holds("www", "A"), "120 192.0.2.9");
}

// The host kept nothing of an apply whose process was killed.
TEST_F(RecordSetTest, WhatAKilledApplyHasMadeIsTakenUp) {
  std::string const key = "example.test. www.example.test. A";
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.1"}), absl::OkStatus());
  backends_.journal.Begin("dns_record_set", Service(), key).Keep();
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  EXPECT_EQ(Planned({.ttl = 300}), Action::kNoOp);
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(RecordSetTest, WhatIsNotAsAKilledApplyMadeItIsLeftAlone) {
  std::string const key = "example.test. www.example.test. A";
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.9"}), absl::OkStatus());
  backends_.journal.Begin("dns_record_set", Service(), key).Keep();
  EXPECT_FALSE(Apply({.ttl = 300}));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "exists already", "import {")));
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.9");
  EXPECT_TRUE(journal_.IsEmpty());
  EXPECT_FALSE(Apply({.ttl = 300, .records = {"192.0.2.9"}})) << "there is no note any more";
}

// Two views of a zone, or two servers, are two things that are made.
TEST_F(RecordSetTest, ANoteOfAnotherServerOrKeyIsNotTaken) {
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.1"}), absl::OkStatus());
  for (const std::string& other : {std::string("192.0.2.53:53 tofu."), Service() + "x", std::string()}) {
    ASSERT_NE(other, Service());
    backends_.journal.Begin("dns_record_set", other, "example.test. www.example.test. A").Keep();
  }
  EXPECT_FALSE(Apply({.ttl = 300}));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "exists already", "import {")));
  EXPECT_FALSE(journal_.IsEmpty());
}

TEST_F(RecordSetTest, TheNoteOfASetThatWasImportedIsForgotten) {
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.1"}), absl::OkStatus());
  backends_.journal.Begin("dns_record_set", Service(), "example.test. www.example.test. A").Keep();
  ASSERT_TRUE(host_.Import({.id = "example.test/www/A", .identity = {}})) << host_.Errors();
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(RecordSetTest, AdoptTakesAnExistingSetOver) {
  ASSERT_EQ(server_->Put("www", "A", 120, {"192.0.2.9"}), absl::OkStatus());
  RecordSetHcl const hcl = {.ttl = 300, .records = {"192.0.2.1"}, .adopt = true};
  ASSERT_TRUE(Apply(hcl)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1");
  EXPECT_EQ(Planned(hcl), Action::kNoOp);
  EXPECT_EQ(Planned({.ttl = 300}), Action::kNoOp) << "it has done its work";
}

TEST_F(RecordSetTest, AdoptTakesOverWhatIsAlreadyAsWished) {
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.1"}), absl::OkStatus());
  ASSERT_TRUE(Apply({.ttl = 300, .adopt = true})) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1");
}

TEST_F(RecordSetTest, AdoptCreatesWhatIsNotThere) {
  ASSERT_TRUE(Apply({.adopt = true})) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "3600 192.0.2.1");
}

TEST_F(RecordSetTest, AdoptDoesNotPutAnAliasBesideOtherData) {
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.1"}), absl::OkStatus());
  EXPECT_FALSE(Apply({.type = "CNAME", .records = {"ns"}, .adopt = true}));
  EXPECT_THAT(diagnostics(),
              ElementsAre(ErrorOn("", "would stand beside other records", "Delete those first")));
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1");
}

TEST_F(RecordSetTest, DriftIsShownAndMended) {
  RecordSetHcl const hcl = {.ttl = 300};
  ASSERT_TRUE(Apply(hcl)) << host_.Errors();
  ASSERT_EQ(server_->Put("www", "A", 60, {"192.0.2.1", "192.0.2.9"}), absl::OkStatus());
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Held(host_.state()), "60 192.0.2.1; 192.0.2.9");
  EXPECT_EQ(Planned(hcl), Action::kUpdate);
  ASSERT_TRUE(Apply(hcl)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1");
}

TEST_F(RecordSetTest, WhatSomebodyRemovedIsCreatedAgain) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  ASSERT_EQ(server_->Remove("www", "A"), absl::OkStatus());
  Configure();
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_FALSE(host_.exists());
  EXPECT_EQ(Planned({}), Action::kCreate);
  ASSERT_TRUE(Apply({})) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "3600 192.0.2.1");
}

TEST_F(RecordSetTest, ChangeThatSomebodyElseForestalledWritesNothing) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.9"}), absl::OkStatus());
  RecordSetHcl const changed = {.ttl = 300, .records = {"192.0.2.2"}};
  EXPECT_FALSE(Apply(changed));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "www.example.test A was changed by somebody else",
                                                 "Now it is: 300 IN A 192.0.2.9")));
  EXPECT_EQ(Held(host_.state()), "300 192.0.2.1");
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.9");

  // The same process shows by now what there is, and may then change it.
  ASSERT_TRUE(host_.Refresh()) << host_.Errors();
  EXPECT_EQ(Held(host_.state()), "300 192.0.2.9");
  ASSERT_TRUE(Apply(changed)) << host_.Errors();
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.2");
}

TEST_F(RecordSetTest, ChangeOfWhatSomebodyRemovedIsAnError) {
  ASSERT_TRUE(Apply({})) << host_.Errors();
  ASSERT_EQ(server_->Remove("www", "A"), absl::OkStatus());
  EXPECT_FALSE(Apply({.records = {"192.0.2.2"}}));
  EXPECT_THAT(diagnostics(),
              ElementsAre(ErrorOn("", "was changed by somebody else", "Now it does not exist")));
  EXPECT_TRUE(host_.exists());
  EXPECT_EQ(server_->Holds("www", "A"), "absent");
}

TEST_F(RecordSetTest, WhatSomebodyElseChangedIsNotDestroyed) {
  ASSERT_TRUE(Apply({.ttl = 300})) << host_.Errors();
  ASSERT_EQ(server_->Put("www", "A", 300, {"192.0.2.1", "192.0.2.9"}), absl::OkStatus());
  EXPECT_FALSE(host_.Destroy());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "was changed by somebody else", "It was not deleted")));
  EXPECT_EQ(Held(host_.state()), "300 192.0.2.1");
  EXPECT_EQ(server_->Holds("www", "A"), "300 192.0.2.1; 192.0.2.9");
}

TEST_F(RecordSetTest, NameServersOfTheZoneAreForgottenRatherThanDeleted) {
  ASSERT_TRUE(host_.Import({.id = "example.test/@/NS"})) << host_.Errors();
  EXPECT_FALSE(host_.Destroy());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "NS records of zone example.test cannot be deleted",
                                                 "a removed block with destroy = false")));
  EXPECT_TRUE(host_.exists());
}

TEST_F(RecordSetTest, NameServersOfTheZoneCanBeChanged) {
  ASSERT_TRUE(host_.Import({.id = "example.test/@/NS"})) << host_.Errors();
  RecordSetHcl const hcl = {
      .name = "@", .type = "NS", .ttl = 600, .records = {"ns.example.org.", "ns2.example.org."}};
  ASSERT_TRUE(Apply(hcl)) << host_.Errors();
  EXPECT_EQ(server_->Holds("@", "NS"), "600 ns.example.org.; ns2.example.org.");
  EXPECT_EQ(Planned(hcl), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
