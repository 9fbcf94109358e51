#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "provider/base/text.h"
#include "tests/support/plan_oracle/memory_resource.h"
#include "tests/support/plan_oracle/property.h"
#include "tests/support/plan_oracle/random_table.h"
#include "tests/support/plan_oracle/random_value.h"

namespace fediversity::oracle {
namespace {

Subject SubjectOf(MemoryResource& resource) {
  const schema::Table& table = resource.table();
  // Defaults may make two elements of a set alike; such a configuration is refused, so it is drawn again.
  auto valid_config = [&table](Random& random) {
    while (true) {
      wire::Value config = RandomConfig(random, table);
      schema::Diagnostics diagnostics;
      schema::ValidateTable(table, config, diagnostics);
      if (!diagnostics.has_errors()) return config;
    }
  };
  return {
      .resource = resource,
      .config = valid_config,
      .change = [valid_config](Random& random, const wire::Value& config) {
        wire::Value changed = config;
        wire::Value const other = valid_config(random);
        std::size_t const percent = random.Percent(50) ? 20 : 80;
        for (const auto& [name, value] : other.entries()) {
          if (random.Percent(percent)) changed.Set(name, value);
        }
        return changed;
      },
      .disturb = [&resource](Random& random) {
        if (random.Percent(20)) {
          resource.Vanish();
        } else {
          resource.Drift();
        }
      },
      .fail = [&resource](Random& random) {
        resource.FailNext(static_cast<MemoryResource::Failure>(1 + random.Below(3)));
      },
      .struck = [&resource] { return resource.Struck(); },
      .count = [&resource] { return resource.objects().size(); },
  };
}

// Eight shards, so that they run in parallel and a failure names a seed within a few hundred.
class Property : public testing::TestWithParam<std::uint64_t> {
 public:
  static constexpr std::uint64_t kSeeds = 400;
};

TEST_P(Property, RandomObjectsLiveAsOpenTofuDemands) {
  for (std::uint64_t seed = GetParam() * kSeeds; seed < (GetParam() + 1) * kSeeds; ++seed) {
    SCOPED_TRACE(Cat({"seed ", std::to_string(seed)}));
    Random random(seed);
    auto table = RandomTable(random);
    ASSERT_TRUE(table.ok()) << table.status();
    MemoryResource resource(*std::move(table), random.Next());
    Faults const faults = Exercise(SubjectOf(resource), random.Next());
    ASSERT_TRUE(faults.empty()) << Join(faults, "\n");
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Property, testing::Range<std::uint64_t>(0, 8));

}  // namespace
}  // namespace fediversity::oracle
