#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::HasSubstr;
using wire::Value;

class FakeSource final : public AnyDataSource {
 public:
  std::function<absl::StatusOr<Value>(Operation&, const Value&)> read;
  const Table& table() const override { return table_; }
  void Validate(const Value& config, Diagnostics& diagnostics) const override {
    if (config.Find("zone")->is_null()) return;
    if (*config.Find("zone") == S("bad")) diagnostics.AddError("Bad zone", "");
  }
  absl::StatusOr<Value> Read(Operation& operation, const Value& config) override {
    return read(operation, config);
  }

 private:
  Table table_ = MakeFakeTable(
      {{.name = "zone", .required = true},
       {.name = "port", .optional = true, .computed = true, .fallback = N(53), .type = wire::Type::Number()},
       {.name = "serial", .computed = true}});
};

class DataSourceTest : public ::testing::Test {
 protected:
  DataResponse Make() {
    return ReadDataSource(source_, Obj({{"zone", S("z")}, {"port", Null()}, {"serial", Null()}}),
                          process_.call());
  }
  FakeProcess process_;
  FakeSource source_;
};

TEST_F(DataSourceTest, ReadsWithDefaultsFilledIn) {
  source_.read = [](Operation& operation, const Value& config) -> absl::StatusOr<Value> {
    EXPECT_EQ(*config.Find("port"), N(53));
    EXPECT_TRUE(operation.config.Find("port")->is_null());
    EXPECT_NE(operation.deadline, absl::InfiniteFuture());
    Value state = config;
    state.Set("serial", S("7"));
    return state;
  };
  DataResponse const response = Make();
  EXPECT_EQ(response.state, Obj({{"zone", S("z")}, {"port", N(53)}, {"serial", S("7")}}));
  EXPECT_TRUE(response.diagnostics.empty());
}

TEST_F(DataSourceTest, ErrorsLeaveNoState) {
  for (absl::Status const& trouble :
       {absl::NotFoundError("No such zone"), absl::UnavailableError("No such zone")}) {
    source_.read = [&](Operation&, const Value&) -> absl::StatusOr<Value> { return trouble; };
    DataResponse const response = Make();
    EXPECT_TRUE(response.state.is_null());
    EXPECT_EQ(Text(response.diagnostics), "error : No such zone: \n");
  }
}

TEST_F(DataSourceTest, AnUnknownIsADefect) {
  source_.read = [](Operation&, const Value& config) -> absl::StatusOr<Value> {
    Value state = config;
    state.Set("serial", Unknown());
    return state;
  };
  DataResponse const response = Make();
  EXPECT_TRUE(response.state.is_null());
  EXPECT_THAT(Text(response.diagnostics), HasSubstr("read incompletely"));
}

TEST_F(DataSourceTest, ConfigurationIsValidated) {
  auto text = [this](Value zone, Value serial) {
    return Text(ValidateConfig(
        source_, Obj({{"zone", std::move(zone)}, {"port", Null()}, {"serial", std::move(serial)}})));
  };
  EXPECT_EQ(text(S("z"), Null()), "");
  EXPECT_THAT(text(S("bad"), Null()), HasSubstr("Bad zone"));
  EXPECT_THAT(text(Null(), Null()), HasSubstr("required"));
  EXPECT_THAT(text(S("z"), S("1")), HasSubstr("read-only"));
}

}  // namespace
}  // namespace fediversity::schema
