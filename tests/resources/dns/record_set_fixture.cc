#include "tests/resources/dns/record_set_fixture.h"

#include <utility>

#include "resources/dns/record_set.h"

namespace fediversity::resources {

RecordSetTest::RecordSetTest()
    : resource_(MakeDnsRecordSet(backends_.dns, backends_.journal)),
      host_(*resource_) {
  backends_.journal = journal_.journal();
}

void RecordSetTest::SetUp() {
  auto server = testing::ZoneServer::Start();
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  Configure();
}

void RecordSetTest::TearDown() { EXPECT_THAT(host_.faults(), ::testing::IsEmpty()); }

void RecordSetTest::Configure(dns::Rfc2136Settings settings) {
  auto store = dns::MakeRfc2136Store(std::move(settings));
  ASSERT_TRUE(store.ok()) << store.status();
  backends_.dns.Fill(*std::move(store));
}

bool RecordSetTest::Apply(const RecordSetHcl& hcl) {
  auto const plan = host_.MakePlan(Config(hcl));
  return plan.has_value() && host_.Apply(*plan);
}

oracle::Host::Action RecordSetTest::Planned(const RecordSetHcl& hcl) {
  auto const plan = host_.MakePlan(Config(hcl));
  EXPECT_TRUE(plan.has_value()) << host_.Errors();
  return plan.has_value() ? plan->action : Action::kDelete;
}

}  // namespace fediversity::resources
