#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "provider/schema/typed_ephemeral_resource.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::HasSubstr;

struct Lease {
  schema::Value<std::string> name;
  schema::Value<std::int64_t> minutes;
  schema::Value<std::string> secret;
};

constexpr auto kLease =
    Describe<Lease>({.name = "test_lease", .doc = "A secret for a while."},
                    Attr<&Lease::name>("name").Required().Doc("Whose it is."),
                    Attr<&Lease::minutes>("minutes").Default(5).Doc("How long it is good for."),
                    Attr<&Lease::secret>("secret").Computed().Sensitive().Doc("What it is."));

class FakeLease final : public EphemeralResource<Lease> {
 public:
  std::function<absl::StatusOr<Lease>(Lease, Context<Lease>&)> open;
  std::function<absl::Status(Context<Lease>&)> renew, close;

  void Validate(const Lease& config, Diagnostics& diagnostics) const override {
    if (config.name.value_or("") == "bad") diagnostics.AddError("Bad name", "");
  }
  absl::StatusOr<Lease> Open(Lease config, Context<Lease>& context) override {
    return open(std::move(config), context);
  }
  absl::Status Renew(Context<Lease>& context) override {
    return renew ? renew(context) : EphemeralResource<Lease>::Renew(context);
  }
  absl::Status Close(Context<Lease>& context) override {
    return close ? close(context) : EphemeralResource<Lease>::Close(context);
  }
};

class EphemeralResourceTest : public ::testing::Test {
 protected:
  EphemeralResourceTest() {
    auto lease = std::make_unique<FakeLease>();
    lease_ = lease.get();
    lease_->open = [](Lease config, Context<Lease>&) -> absl::StatusOr<Lease> {
      config.secret = "s";
      return config;
    };
    resource_ = MakeEphemeralResource<Lease>(kLease, std::move(lease));
  }

  static wire::Value Config(wire::Value name) {
    return Obj({{"minutes", Null()}, {"name", std::move(name)}, {"secret", Null()}});
  }
  OpenResponse Open() { return OpenEphemeral(*resource_, Config(S("a")), process_.call()); }

  FakeProcess process_;
  FakeLease* lease_ = nullptr;
  std::unique_ptr<AnyEphemeralResource> resource_;
};

TEST_F(EphemeralResourceTest, OpensWithDefaultsFilledIn) {
  OpenResponse const opened = Open();
  EXPECT_EQ(Text(opened.diagnostics), "");
  EXPECT_EQ(opened.result, Obj({{"minutes", N(5)}, {"name", S("a")}, {"secret", S("s")}}));
  EXPECT_EQ(opened.renew_at, absl::InfiniteFuture());
  EXPECT_EQ(opened.private_bytes, "");
}

TEST_F(EphemeralResourceTest, PrivateStateGoesFromOpeningByRenewingToClosing) {
  absl::Time const soon = absl::FromUnixMillis(1'800'000'000'250);
  lease_->open = [soon](Lease config, Context<Lease>& context) -> absl::StatusOr<Lease> {
    EXPECT_EQ(*context.config().name, "a");
    EXPECT_TRUE(context.config().minutes.is_null());
    context.private_state()["ticket"] = "1";
    context.RenewAt(soon);
    config.secret = "s";
    return config;
  };
  lease_->renew = [soon](Context<Lease>& context) {
    EXPECT_EQ(context.private_state()["ticket"], "1");
    EXPECT_TRUE(context.config().name.is_null());
    context.private_state()["ticket"] = "2";
    context.RenewAt(soon + absl::Seconds(1));
    return absl::OkStatus();
  };
  lease_->close = [](Context<Lease>& context) {
    return absl::UnavailableError("Ticket " + context.private_state()["ticket"] + " stays");
  };
  OpenResponse const opened = Open();
  EXPECT_EQ(opened.renew_at, soon);
  RenewResponse const renewed = RenewEphemeral(*resource_, opened.private_bytes, process_.call());
  EXPECT_EQ(Text(renewed.diagnostics), "");
  EXPECT_EQ(renewed.renew_at, soon + absl::Seconds(1));
  EXPECT_EQ(Text(CloseEphemeral(*resource_, renewed.private_bytes, process_.call())),
            "error : Ticket 2 stays: \n");
}

TEST_F(EphemeralResourceTest, WhatNeedsNeitherIsRenewedAndClosedInSilence) {
  RenewResponse const renewed = RenewEphemeral(*resource_, "", process_.call());
  EXPECT_TRUE(renewed.diagnostics.empty());
  EXPECT_EQ(renewed.renew_at, absl::InfiniteFuture());
  EXPECT_TRUE(CloseEphemeral(*resource_, "", process_.call()).empty());
}

TEST_F(EphemeralResourceTest, FailingToOpenGivesNothing) {
  lease_->open = [](const Lease&, Context<Lease>& context) -> absl::StatusOr<Lease> {
    context.private_state()["ticket"] = "1";
    return OnAttribute(absl::NotFoundError("No such lease"), "name");
  };
  OpenResponse const opened = Open();
  EXPECT_EQ(Text(opened.diagnostics), "error name: No such lease: \n");
  EXPECT_TRUE(opened.result.is_null());
  EXPECT_EQ(opened.private_bytes, "");

  lease_->open = [](const Lease&, Context<Lease>&) -> absl::StatusOr<Lease> {
    throw std::runtime_error("boom");
  };
  EXPECT_THAT(Text(Open().diagnostics), HasSubstr("boom"));
}

TEST_F(EphemeralResourceTest, WhatIsOpenedIncompletelyIsClosedAgain) {
  int closed = 0;
  lease_->open = [](Lease config, Context<Lease>& context) -> absl::StatusOr<Lease> {
    context.private_state()["ticket"] = "1";
    config.secret = schema::Value<std::string>::Unknown();
    return config;
  };
  lease_->close = [&closed](Context<Lease>& context) {
    closed += context.private_state()["ticket"] == "1" ? 1 : 100;
    return absl::OkStatus();
  };
  OpenResponse const opened = Open();
  EXPECT_THAT(Text(opened.diagnostics), HasSubstr("opened incompletely"));
  EXPECT_TRUE(opened.result.is_null());
  EXPECT_EQ(closed, 1);
}

TEST_F(EphemeralResourceTest, DamagedPrivateStateIsNotUsed) {
  lease_->renew = lease_->close = [](Context<Lease>&) {
    ADD_FAILURE() << "must not be called";
    return absl::OkStatus();
  };
  EXPECT_TRUE(RenewEphemeral(*resource_, "[", process_.call()).diagnostics.has_errors());
  EXPECT_TRUE(CloseEphemeral(*resource_, "[", process_.call()).has_errors());
}

TEST_F(EphemeralResourceTest, ConfigurationIsValidated) {
  auto text = [this](wire::Value name) { return Text(ValidateConfig(*resource_, Config(std::move(name)))); };
  EXPECT_EQ(text(S("a")), "");
  EXPECT_EQ(text(Unknown()), "");
  EXPECT_THAT(text(S("bad")), HasSubstr("Bad name"));
  EXPECT_THAT(text(Null()), HasSubstr("required"));
}

}  // namespace
}  // namespace fediversity::schema
