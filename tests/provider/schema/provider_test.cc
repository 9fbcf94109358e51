#include "provider/schema/provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::HasSubstr;

class FakeBlock final : public ProviderBlock {
 public:
  const Table& table() const override { return table_; }
  void Validate(const wire::Value&, Diagnostics&) const override {}
  void Configure(const wire::Value&, Diagnostics&) override {}

 private:
  Table table_ = MakeFakeTable({{.name = "endpoint", .optional = true}}, "test");
};

class FakeDataSource final : public AnyDataSource {
 public:
  explicit FakeDataSource(Table table) : table_(std::move(table)) {}
  const Table& table() const override { return table_; }
  absl::StatusOr<wire::Value> Read(Operation&, const wire::Value& config) override { return config; }

 private:
  Table table_;
};

class FakeLoan final : public AnyEphemeralResource {
 public:
  explicit FakeLoan(Table table) : table_(std::move(table)) {}
  const Table& table() const override { return table_; }
  absl::StatusOr<wire::Value> Open(Operation&, const wire::Value& config) override { return config; }

 private:
  Table table_;
};

Table Named(std::string_view name) { return MakeFakeTable({{.name = "x", .optional = true}}, name); }

Provider SoundProvider() {
  Provider provider;
  provider.block = std::make_unique<FakeBlock>();
  provider.resources.push_back(std::make_unique<FakeResource>(FakeResource::Of(Named("test_a"))));
  provider.resources.push_back(std::make_unique<FakeResource>(FakeResource::Of(Named("test_b"))));
  provider.data_sources.push_back(std::make_unique<FakeDataSource>(Named("test_a")));
  provider.ephemeral_resources.push_back(std::make_unique<FakeLoan>(Named("test_a")));
  return provider;
}

TEST(Provider, FindsByTypeName) {
  Provider const provider = SoundProvider();
  EXPECT_TRUE(provider.Check().ok()) << provider.Check();
  EXPECT_EQ(provider.FindResource("test_b"), provider.resources[1].get());
  EXPECT_EQ(provider.FindDataSource("test_a"), provider.data_sources[0].get());
  EXPECT_EQ(provider.FindResource("test_c"), nullptr);
  EXPECT_EQ(provider.FindDataSource("test_b"), nullptr);
  EXPECT_EQ(provider.FindEphemeralResource("test_a"), provider.ephemeral_resources[0].get());
  EXPECT_EQ(provider.FindEphemeralResource("test_b"), nullptr);
}

TEST(Provider, CheckRefusesWhatCannotBeServed) {
  Provider nothing;
  EXPECT_FALSE(nothing.Check().ok());

  Provider twice = SoundProvider();
  twice.resources.push_back(std::make_unique<FakeResource>(FakeResource::Of(Named("test_a"))));
  EXPECT_THAT(std::string(twice.Check().message()), HasSubstr("test_a"));

  Provider twice_read = SoundProvider();
  twice_read.data_sources.push_back(std::make_unique<FakeDataSource>(Named("test_a")));
  EXPECT_FALSE(twice_read.Check().ok());

  Provider twice_lent = SoundProvider();
  twice_lent.ephemeral_resources.push_back(std::make_unique<FakeLoan>(Named("test_a")));
  EXPECT_FALSE(twice_lent.Check().ok());

  Provider identified = SoundProvider();
  Table lasting = Named("test_lasting");
  lasting.identity = {"x"};
  identified.ephemeral_resources.push_back(std::make_unique<FakeLoan>(std::move(lasting)));
  EXPECT_THAT(std::string(identified.Check().message()), HasSubstr("test_lasting"));

  Provider unfinished = SoundProvider();
  Table table;
  table.name = "test_unfinished";
  unfinished.resources.push_back(std::make_unique<FakeResource>(FakeResource::Of(std::move(table))));
  EXPECT_THAT(std::string(unfinished.Check().message()), HasSubstr("test_unfinished"));

  Provider old = SoundProvider();
  Table versioned = Named("test_old");
  versioned.version = 1;
  old.resources.push_back(std::make_unique<FakeResource>(FakeResource::Of(std::move(versioned))));
  EXPECT_THAT(std::string(old.Check().message()), HasSubstr("state upgrades"));
}

}  // namespace
}  // namespace fediversity::schema
