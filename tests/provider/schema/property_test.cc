#include "tests/support/plan_oracle/property.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provider/base/text.h"
#include "tests/provider/schema/fake_resource.h"
#include "tests/support/plan_oracle/memory_resource.h"
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
      .change =
          [valid_config](Random& random, const wire::Value& config) {
            wire::Value changed = config;
            wire::Value const other = valid_config(random);
            std::size_t const percent = random.Percent(50) ? 20 : 80;
            for (const auto& [name, value] : other.entries()) {
              if (random.Percent(percent)) changed.Set(name, value);
            }
            return changed;
          },
      .disturb =
          [&resource](Random& random) {
            if (random.Percent(20)) {
              resource.Vanish();
            } else {
              resource.Drift();
            }
          },
      .fail =
          [&resource](Random& random) {
            resource.FailNext(static_cast<MemoryResource::Failure>(1 + random.Below(3)));
          },
      .struck = [&resource] { return resource.Struck(); },
      .count = [&resource] { return resource.objects().size(); },
  };
}

// In shards, so that they run in parallel and a failure names a seed within a few hundred.
class Property : public ::testing::TestWithParam<std::uint64_t> {
 public:
  static constexpr std::uint64_t kSeeds = 200;
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

TEST(PropertyItself, SeesEverythingHappen) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    auto table = RandomTable(random);
    ASSERT_TRUE(table.ok()) << table.status();
    MemoryResource resource(*std::move(table), random.Next());
    Exercise(SubjectOf(resource), random.Next(), {.tally = &tally});
  }
  EXPECT_GT(tally.creates, 60);
  EXPECT_GT(tally.updates, 60);
  EXPECT_GT(tally.replacements, 10);
  EXPECT_GT(tally.failures, 10);
  EXPECT_GT(tally.disturbances, 20);
  EXPECT_GT(tally.imports, 40);
}

// A resource that works but for one thing.
class Flawed final : public schema::AnyResource {
 public:
  enum class Flaw : std::uint8_t {
    kReadsDifferently,
    kForgetsPrivateState,
    kLeavesObjects,
    kIsNotDeterministic,
    kPlansUnconfigured,
    kAppliesAnother,
    kImportsNothing,
  };
  Flawed(Flaw flaw, MemoryResource& sound) : flaw_(flaw), sound_(sound) {}

  const schema::Table& table() const override { return sound_.table(); }
  absl::Status Plan(schema::Operation&, const wire::Value&, const wire::Value&, wire::Value& planned,
                    std::vector<wire::Path>&) const override {
    if (flaw_ == Flaw::kIsNotDeterministic) planned.Set("serial", wire::Value::Int(++calls_));
    if (flaw_ == Flaw::kPlansUnconfigured) planned.Set("name", wire::Value::String("another"));
    return absl::OkStatus();
  }
  absl::StatusOr<wire::Value> Read(schema::Operation& operation, const wire::Value& state) override {
    auto object = sound_.Read(operation, state);
    if (object.ok() && flaw_ == Flaw::kReadsDifferently) object->Set("name", wire::Value::String("another"));
    return object;
  }
  absl::StatusOr<wire::Value> Create(schema::Operation& operation, const wire::Value& planned) override {
    return Flaws(operation, sound_.Create(operation, planned));
  }
  absl::StatusOr<wire::Value> Update(schema::Operation& operation, const wire::Value& prior,
                                     const wire::Value& planned) override {
    return Flaws(operation, sound_.Update(operation, prior, planned));
  }
  absl::Status Delete(schema::Operation& operation, const wire::Value& state) override {
    return flaw_ == Flaw::kLeavesObjects ? absl::OkStatus() : sound_.Delete(operation, state);
  }
  absl::Status Import(schema::Operation& operation, wire::Value& state) override {
    return flaw_ == Flaw::kImportsNothing ? absl::OkStatus() : sound_.Import(operation, state);
  }

 private:
  absl::StatusOr<wire::Value> Flaws(schema::Operation& operation, absl::StatusOr<wire::Value> object) const {
    if (flaw_ == Flaw::kForgetsPrivateState) operation.private_state.clear();
    if (object.ok() && flaw_ == Flaw::kAppliesAnother) object->Set("name", wire::Value::String("another"));
    return object;
  }

  Flaw flaw_;
  MemoryResource& sound_;
  mutable std::int64_t calls_ = 0;
};

TEST(PropertyItself, SeesEachFlaw) {
  using enum Flawed::Flaw;
  for (Flawed::Flaw const flaw :
       {kReadsDifferently, kForgetsPrivateState, kLeavesObjects, kIsNotDeterministic, kPlansUnconfigured,
        kAppliesAnother, kImportsNothing}) {
    MemoryResource sound(
        schema::MakeFakeTable({{.name = "id", .computed = true, .keep_state = true},
                               {.name = "name", .required = true},
                               {.name = "serial", .computed = true, .type = wire::Type::Number()}},
                              "test_flawed"),
        1);
    Flawed flawed(flaw, sound);
    auto config = [](Random& random) {
      return schema::Obj({{"id", wire::Value()},
                          {"name", wire::Value::String(std::to_string(random.Below(100)))},
                          {"serial", wire::Value()}});
    };
    Subject const subject = {
        .resource = flawed, .config = config, .count = [&] { return sound.objects().size(); }};
    EXPECT_FALSE(Exercise(subject, 1).empty()) << static_cast<int>(flaw);
  }
}

TEST(PropertyItself, MissesNoResourceOfAProvider) {
  schema::Provider provider;
  provider.resources.push_back(std::make_unique<MemoryResource>(
      schema::MakeFakeTable({{.name = "id", .computed = true, .keep_state = true}}, "test_a"), 1));
  EXPECT_EQ(ExerciseProvider(
                provider, [](schema::AnyResource&) { return std::nullopt; }, 0, 1)
                .size(),
            1u);
  auto subject_of = [](schema::AnyResource& resource) -> std::optional<Subject> {
    return SubjectOf(static_cast<MemoryResource&>(resource));
  };
  Faults const faults = ExerciseProvider(provider, subject_of, 0, 5);
  EXPECT_EQ(faults.size(), 5u) << Join(faults, "\n");  // no identity, no import id
}

INSTANTIATE_TEST_SUITE_P(Seeds, Property, testing::Range<std::uint64_t>(0, 16));

}  // namespace
}  // namespace fediversity::oracle
