// Record sets of hashicorp/dns move here without a change in the plan. Their states, in
// tests/golden/hashicorp-dns-state.json, are what that provider leaves behind.

#include "resources/dns/hashicorp_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "resources/dns/record_set.h"
#include "tests/resources/dns/record_set_config.h"
#include "tests/resources/dns/zone_server.h"
#include "tests/support/diagnostics.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::resources {
namespace {

using ::fediversity::testing::ErrorOn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Value;

constexpr const char* kTheirs = "registry.opentofu.org/hashicorp/dns";

nlohmann::json TheirResources() {
  std::ifstream file("tests/golden/hashicorp-dns-state.json");
  EXPECT_TRUE(file) << "run this from the top of the source tree";
  return nlohmann::json::parse(file).at("resources");
}

// What a server holds that the states were written from, and what a person writes for them now, by `id`.
constexpr const char* kZone = R"(
www        300  A     192.0.2.1
www        300  A     192.0.2.2
*.w        3600 A     192.0.2.9
www        300  AAAA  2001:db8::1
alias      60   CNAME www
@          600  MX    10 www
@          600  MX    20 mail.example.org.
sub        3600 NS    ns1.example.org.
sub        3600 NS    ns2.example.org.
7          3600 PTR   www
_sip._tcp  3600 SRV   1 2 5060 www
txt        3600 TXT   "plain"
txt        3600 TXT   "v=spf1 -all"
)";

std::map<std::string, RecordSetHcl> WrittenByHand() {
  return {
      {"dns_a_record_set www.example.test.", {.ttl = 300, .records = {"192.0.2.1", "192.0.2.2"}}},
      {"dns_a_record_set *.w.example.test.", {.name = "*.w", .records = {"192.0.2.9"}}},
      {"dns_aaaa_record_set www.example.test.", {.type = "AAAA", .ttl = 300, .records = {"2001:db8::1"}}},
      {"dns_cname_record alias.example.test.",
       {.name = "alias", .type = "CNAME", .ttl = 60, .records = {"www"}}},
      {"dns_mx_record_set example.test.",
       {.name = "@", .type = "MX", .ttl = 600, .records = {"10 www", "20 mail.example.org."}}},
      {"dns_ns_record_set sub.example.test.",
       {.name = "sub", .type = "NS", .ttl = 3600, .records = {"ns1.example.org.", "ns2.example.org."}}},
      {"dns_ptr_record 7.example.test.",
       {.name = "7", .type = "PTR", .ttl = 3600, .records = {"www.example.test."}}},
      {"dns_srv_record_set _sip._tcp.example.test.",
       {.name = "_sip._tcp", .type = "SRV", .ttl = 3600, .records = {"1 2 5060 www"}}},
      {"dns_txt_record_set txt.example.test.",
       {.name = "txt", .type = "TXT", .ttl = 3600, .records = {"plain", "v=spf1 -all"}}},
  };
}

class HashicorpStateTest : public ::testing::Test {
 protected:
  schema::StateResponse Move(const std::string& type, const nlohmann::json& attributes,
                             const std::string& provider = kTheirs) {
    return schema::MoveState(*resource_, {.provider_address = provider, .type_name = type},
                             attributes.dump());
  }

  Backends backends_;
  std::unique_ptr<schema::AnyResource> resource_ = MakeDnsRecordSet(backends_.dns, backends_.journal);
  CancelToken never_;
};

TEST_F(HashicorpStateTest, EveryKindOfRecordSetMovesWithoutAChange) {
  auto const server = testing::ZoneServer::Start({.records = kZone});
  ASSERT_TRUE(server.ok()) << server.status();
  auto store = dns::MakeRfc2136Store((*server)->Settings());
  ASSERT_TRUE(store.ok()) << store.status();
  backends_.dns.Fill(*std::move(store));

  std::map<std::string, RecordSetHcl> by_hand = WrittenByHand();
  for (const nlohmann::json& theirs : TheirResources()) {
    std::string const type = theirs.at("type");
    std::string const id = type + " " + theirs.at("attributes").at("id").get<std::string>();
    SCOPED_TRACE(id);
    auto const hcl = by_hand.extract(id);
    ASSERT_FALSE(hcl.empty());

    schema::StateResponse const moved = Move(type, theirs.at("attributes"));
    ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
    EXPECT_EQ(moved.identity, schema::IdentityOf(resource_->table(), moved.state));
    auto const read = schema::ReadResource(*resource_, {moved.state, ""}, {.cancel = never_});
    ASSERT_THAT(read.diagnostics.list(), IsEmpty());
    ASSERT_FALSE(read.state.is_null()) << "the record set is not on the server";
    EXPECT_EQ(read.state, moved.state);

    Value const config = Config(hcl.mapped());
    ASSERT_THAT(schema::ValidateConfig(*resource_, config, {.cancel = never_}).list(), IsEmpty());
    Value const proposed = oracle::ProposedNew(resource_->table(), read.state, config);
    auto const plan = schema::PlanResource(
        *resource_, {.prior = read.state, .proposed = proposed, .config = config}, {.cancel = never_});
    EXPECT_THAT(plan.diagnostics.list(), IsEmpty());
    EXPECT_THAT(oracle::AssertPlanValid(resource_->table(), read.state, config, plan.planned), IsEmpty());
    EXPECT_EQ(plan.planned, read.state);
    EXPECT_THAT(plan.requires_replace, IsEmpty());
  }
  EXPECT_THAT(by_hand, IsEmpty()) << "a state is missing";
}

TEST_F(HashicorpStateTest, TerraformsRegistryCountsToo) {
  auto const moved =
      Move("dns_cname_record", {{"zone", "example.test."}, {"name", "a"}, {"cname", "b.example.test."}},
           "registry.terraform.io/hashicorp/dns");
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Text(moved.state, "fqdn"), "a.example.test.");
  EXPECT_EQ(Held(moved.state), "3600 b.example.test.") << "their TTL where the state has none";
}

TEST_F(HashicorpStateTest, TextIsTheOctetsThatTheyHeld) {
  std::string const long_text(300, 'x');
  auto const moved = Move("dns_txt_record_set", {{"zone", "example.test."},
                                                 {"name", "t"},
                                                 {"ttl", 60},
                                                 {"txt", {"say \"hi\" \\ back", "", long_text}}});
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  EXPECT_EQ(*moved.state.Find("records"),
            SetOf({R"("say \"hi\" \\ back")", R"("")",
                   "\"" + long_text.substr(0, 255) + "\" \"" + long_text.substr(255) + "\""}));
}

TEST_F(HashicorpStateTest, OtherProvidersAndTypesAreNotTakenOver) {
  nlohmann::json const state = {{"zone", "example.test."}, {"name", "a"}, {"addresses", {"192.0.2.1"}}};
  EXPECT_TRUE(Move("dns_a_record_set", state, "registry.opentofu.org/example/dns").diagnostics.has_errors());
  EXPECT_TRUE(
      Move("dns_a_record_set", state, "registry.opentofu.org/nothashicorp/dns").diagnostics.has_errors());
  EXPECT_TRUE(Move("dns_caa_record_set", state).diagnostics.has_errors());
  EXPECT_THAT(Move("dns_a_record_set", state).diagnostics.list(), IsEmpty());
}

TEST_F(HashicorpStateTest, StateWithoutRecordsOrZoneSaysWhatToDo) {
  auto const fails = ElementsAre(
      ErrorOn("", "State of dns_a_record_set cannot be taken over", "import the record set instead"));
  EXPECT_THAT(Move("dns_a_record_set", {{"zone", "example.test."}, {"name", "a"}}).diagnostics.list(), fails);
  EXPECT_THAT(Move("dns_a_record_set", {{"zone", "example.test."}, {"name", "a"}, {"addresses", nullptr}})
                  .diagnostics.list(),
              fails);
  EXPECT_THAT(Move("dns_a_record_set", {{"name", "a"}, {"addresses", {"192.0.2.1"}}}).diagnostics.list(),
              fails);
}

TEST_F(HashicorpStateTest, StateOfAnotherShapeIsAnErrorAndNoCrash) {
  for (const nlohmann::json& state :
       {nlohmann::json::array(), nlohmann::json("text"), nlohmann::json(nullptr),
        nlohmann::json{{"zone", 7}, {"name", true}, {"addresses", {{"a", 1}}}},
        nlohmann::json{{"zone", "a..b"}, {"name", "a"}, {"addresses", {"192.0.2.1"}}},
        nlohmann::json{
            {"zone", "example.test."}, {"name", "a.example.org."}, {"addresses", {"192.0.2.1"}}}}) {
    SCOPED_TRACE(state.dump());
    auto const moved = Move("dns_a_record_set", state);
    EXPECT_TRUE(moved.diagnostics.has_errors());
    EXPECT_TRUE(moved.state.is_null());
  }
}

}  // namespace
}  // namespace fediversity::resources
