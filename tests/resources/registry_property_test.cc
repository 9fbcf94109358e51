// Every resource type, taken through its whole life on the real service: whatever is configured, the plan after
// an apply, after a refresh and after an import is empty, and the host has no reason to complain.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "provider/backends/backends.h"
#include "provider/backends/dns/record_type.h"
#include "provider/schema/provider.h"
#include "resources/all.h"
#include "tests/resources/dns/random_record_set.h"
#include "tests/resources/dns/zone_server.h"
#include "tests/resources/garage/lives.h"
#include "tests/resources/proxmox/lives.h"
#include "tests/support/plan_oracle/property.h"

namespace fediversity::resources {
namespace {

using ::testing::IsEmpty;

class RegistryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    provider_.resources = All(backends_);
    auto server = testing::ZoneServer::Start({.records = Delegations()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    ConfigureAnew();
    present_ = SetsInZone();
  }

  // As in a new process: nothing is cached.
  void ConfigureAnew() { Configure(server_->Settings()); }

  void Configure(dns::Rfc2136Settings settings) {
    auto store = dns::MakeRfc2136Store(std::move(settings));
    ASSERT_TRUE(store.ok()) << store.status();
    backends_.dns.Fill(*std::move(store));
  }

  std::size_t SetsInZone() const {
    auto const store = dns::MakeRfc2136Store(server_->Settings());
    auto const sets = (*store)->ListZone(*dns::Name::ParseAbsolute("example.test"), {.cancel = never_});
    EXPECT_TRUE(sets.ok()) << sets.status();
    return sets.ok() ? sets->size() : 0;
  }

  int RefusedSignatures() const { return server_->named().CountInLog("tsig verify failure"); }

  // Signatures do not hold until the next call of Subject::struck.
  void BreakKey() {
    refused_before_ = RefusedSignatures();
    dns::Rfc2136Settings settings = server_->Settings();
    settings.update.tsig->secret = Secret(testing::MakeNamedKey("other").secret);
    Configure(std::move(settings));
  }

  // Somebody else changes or removes the set that was configured last.
  void Disturb(oracle::Random& random, std::string_view type) {
    if (random.Percent(50)) {
      EXPECT_EQ(server_->Remove(last_.name, type), absl::OkStatus());
    } else {
      RecordSetHcl const other = Changed(random, last_);
      EXPECT_EQ(server_->Put(last_.name, type, 77, other.records), absl::OkStatus());
    }
    ConfigureAnew();
  }

  oracle::Subject RecordSets(schema::AnyResource& resource, const std::string& type) {
    return {
        .resource = resource,
        .config =
            [this, type](oracle::Random& random) {
              last_ = RandomRecordSet(random, type);
              return Config(last_);
            },
        .change =
            [this, type](oracle::Random& random, const wire::Value&) {
              // Now and then another name, which replaces the object.
              last_ = random.Percent(15) ? RandomRecordSet(random, type) : Changed(random, last_);
              return Config(last_);
            },
        .disturb = [this, type](oracle::Random& random) { Disturb(random, type); },
        .fail = [this](oracle::Random&) { BreakKey(); },
        .struck =
            [this] {
              ConfigureAnew();
              return RefusedSignatures() > refused_before_;
            },
        .count = [this] { return SetsInZone() - present_; },
    };
  }

  Backends backends_;
  schema::Provider provider_;
  CancelToken never_;
  std::unique_ptr<testing::ZoneServer> server_;
  std::size_t present_ = 0;
  int refused_before_ = 0;
  RecordSetHcl last_;
  ProxmoxLives proxmox_{backends_};
  GarageLives garage_{backends_};
};

TEST_F(RegistryTest, EveryTypeOfResourceKeepsItsPromises) {
  auto const subject_of = [this](schema::AnyResource& resource) -> std::optional<oracle::Subject> {
    if (resource.table().name == "fediversity_dns_record_set") return RecordSets(resource, "TXT");
    if (resource.table().name == "fediversity_proxmox_vm") return proxmox_.Vms(resource);
    if (resource.table().name == "fediversity_proxmox_image") return proxmox_.Images(resource);
    return garage_.Of(resource);
  };
  EXPECT_THAT(oracle::ExerciseProvider(provider_, subject_of, 1, 5), IsEmpty());
}

// Of all types the one with the most to configure: in shards, which run in parallel.
class VmLivesTest : public RegistryTest, public ::testing::WithParamInterface<std::uint64_t> {
 public:
  static constexpr std::uint64_t kSeeds = 5;
};

TEST_P(VmLivesTest, KeepTheirPromises) {
  schema::AnyResource* const resource = provider_.FindResource("fediversity_proxmox_vm");
  ASSERT_NE(resource, nullptr);
  for (std::uint64_t seed = GetParam(); seed < GetParam() + kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    EXPECT_THAT(oracle::Exercise(proxmox_.Vms(*resource), seed), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(SeedsFrom, VmLivesTest, ::testing::Range<std::uint64_t>(6, 31, VmLivesTest::kSeeds),
                         ::testing::PrintToStringParamName());

class RecordTypeTest : public RegistryTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(RecordTypeTest, KeepsItsPromises) {
  schema::AnyResource* const resource = provider_.FindResource("fediversity_dns_record_set");
  ASSERT_NE(resource, nullptr);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    EXPECT_THAT(oracle::Exercise(RecordSets(*resource, GetParam()), seed), IsEmpty());
  }
}

std::vector<std::string> EveryRecordType() {
  std::vector<std::string> types(dns::ManagedTypeNames().begin(), dns::ManagedTypeNames().end());
  types.emplace_back("TYPE65280");
  return types;
}

INSTANTIATE_TEST_SUITE_P(All, RecordTypeTest, ::testing::ValuesIn(EveryRecordType()),
                         [](const auto& type) { return type.param; });

}  // namespace
}  // namespace fediversity::resources
