#ifndef FEDIVERSITY_TESTS_RESOURCES_DNS_RECORD_SET_FIXTURE_H_
#define FEDIVERSITY_TESTS_RESOURCES_DNS_RECORD_SET_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "tests/resources/dns/record_set_config.h"
#include "tests/resources/dns/zone_server.h"
#include "tests/support/diagnostics.h"
#include "tests/support/mortal_journal.h"
#include "tests/support/plan_oracle/host.h"

namespace fediversity::resources {

// fediversity_dns_record_set on a BIND, with a host that keeps the state of one of them. Whatever a test does,
// the host must never have a reason to complain.
class RecordSetTest : public ::testing::Test {
 protected:
  using Action = oracle::Host::Action;

  RecordSetTest();
  void SetUp() override;
  void TearDown() override;

  // Configures the provider. The default is what a new process of it does: nothing is cached any more.
  void Configure(dns::Rfc2136Settings settings);
  void Configure() { Configure(server_->Settings()); }

  // Plans and applies.
  bool Apply(const RecordSetHcl& hcl);
  // What a plan would do.
  Action Planned(const RecordSetHcl& hcl);
  // What notes of this server and key go by.
  std::string Service() const { return (*backends_.dns.Get())->service(); }
  const std::vector<schema::Diagnostic>& diagnostics() const { return host_.diagnostics(); }

  std::unique_ptr<testing::ZoneServer> server_;
  testing::MortalJournal journal_;
  Backends backends_;
  std::unique_ptr<schema::AnyResource> resource_;
  oracle::Host host_;
};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_TESTS_RESOURCES_DNS_RECORD_SET_FIXTURE_H_
