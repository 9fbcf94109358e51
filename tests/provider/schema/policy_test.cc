// What a policy says reaches the user, and its defaults the plan, by the host's rules.

#include "provider/schema/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "tests/provider/schema/fake_resource.h"
#include "tests/support/diagnostics.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::schema {
namespace {

using fediversity::testing::ErrorOn;
using fediversity::testing::WarningOn;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Path;
using wire::Value;

class FakePolicy final : public Policy {
 public:
  std::function<Judgement(const Proposal&)> judge = [](const Proposal&) { return Judgement(); };
  int asked = 0;

  Judgement Judge(const Proposal& proposal, const CancelToken& /*cancel*/) override {
    ++asked;
    return judge(proposal);
  }
};

class PolicyTest : public ::testing::Test {
 protected:
  PlanResponse Plan(FakeResource& resource, const Value& prior, const Value& config,
                    std::string prior_private = "") {
    CallContext call = process_.call();
    call.policy = &policy_;
    PlanResponse response = PlanResource(resource,
                                         {.prior = prior,
                                          .proposed = oracle::ProposedNew(resource.table(), prior, config),
                                          .config = config,
                                          .prior_private = std::move(prior_private)},
                                         call);
    if (!response.diagnostics.has_errors()) {
      EXPECT_THAT(oracle::AssertPlanValid(resource.table(), prior, config, response.planned), IsEmpty());
    }
    return response;
  }
  Diagnostics Validate(const FakeResource& resource, const Value& config) {
    CallContext call = process_.call();
    call.policy = &policy_;
    return ValidateConfig(resource, config, call);
  }
  void Default(const Path& path, const Value& value) {
    policy_.judge = [path, value](const Proposal&) {
      return Judgement{.defaults = {{path, value}}, .diagnostics = {}};
    };
  }

  FakeProcess process_;
  FakePolicy policy_;
};

FakeResource WithTtl() {
  return FakeResource(
      {{.name = "name", .required = true},
       {.name = "ttl",
        .optional = true,
        .computed = true,
        .keep_state = true,
        .initial = N(3600),
        .rules = {{"must be positive.", [](const Value& v) { return *v.number().ToInt64() > 0; }}},
        .type = wire::Type::Number()}});
}
Value Named(const Value& ttl) { return Obj({{"name", S("n")}, {"ttl", ttl}}); }

TEST_F(PolicyTest, WhatItSaysIsToldOnTheAttribute) {
  FakeResource resource = WithTtl();
  policy_.judge = [](const Proposal& proposal) {
    EXPECT_EQ(proposal.table.name, "test_fake");
    Judgement judgement;
    judgement.diagnostics.AddError("Too long", "Why.", Path("ttl"));
    judgement.diagnostics.AddWarning("Odd", "Hm.", Path("name"));
    return judgement;
  };
  for (const Diagnostics& told :
       {Plan(resource, Null(), Named(N(5))).diagnostics, Validate(resource, Named(N(5)))}) {
    EXPECT_THAT(told.list(),
                ElementsAre(ErrorOn("ttl", "Too long", "Why."), WarningOn("name", "Odd", "Hm.")));
  }
}

TEST_F(PolicyTest, IsAskedWhereItCanSaySomething) {
  FakeResource resource = WithTtl();
  // What is not wholly known is for the plan, and what the table refuses is refused already.
  EXPECT_THAT(Validate(resource, Named(Unknown())).list(), IsEmpty());
  EXPECT_THAT(Validate(resource, Named(N(0))).list(),
              ElementsAre(ErrorOn("ttl", "Invalid value", "positive")));
  EXPECT_EQ(policy_.asked, 0);
  Plan(resource, Null(), Named(Unknown()));
  EXPECT_EQ(policy_.asked, 1);
  // To destroy.
  PlanResource(resource, {.prior = Named(N(5)), .proposed = Null(), .config = Null()},
               {.cancel = process_.call().cancel, .policy = &policy_});
  EXPECT_EQ(policy_.asked, 1);
}

TEST_F(PolicyTest, SeesTheDefaultsOfTheTable) {
  FakeResource resource({{.name = "ttl", .optional = true, .computed = true, .initial = S("first")},
                         {.name = "mode", .optional = true, .computed = true, .fallback = S("always")}});
  Attributes seen;
  bool planning = false;
  policy_.judge = [&](const Proposal& proposal) {
    seen = proposal.otherwise;
    planning = proposal.planning;
    return Judgement();
  };
  Value const silent = Obj({{"ttl", Null()}, {"mode", Null()}});
  Attributes const both = {{"ttl", S("first")}, {"mode", S("always")}};
  Attributes const always = {{"mode", S("always")}};
  Plan(resource, Null(), silent);
  EXPECT_EQ(seen, both);
  EXPECT_TRUE(planning);
  Plan(resource, Obj({{"ttl", S("x")}, {"mode", S("y")}}), silent);
  EXPECT_EQ(seen, always);
  Validate(resource, silent);
  EXPECT_EQ(seen, always);
  EXPECT_FALSE(planning);
  Plan(resource, Null(), Obj({{"ttl", S("x")}, {"mode", S("y")}}));
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(PolicyTest, ADefaultIsForWhatIsMade) {
  FakeResource resource = WithTtl();
  Default(Path("ttl"), N(60));
  EXPECT_EQ(Plan(resource, Null(), Named(Null())).planned, Named(N(60)));
  EXPECT_EQ(Plan(resource, Null(), Named(N(5))).planned, Named(N(5)));
  EXPECT_EQ(Plan(resource, Named(N(7)), Named(Null())).planned, Named(N(7)));
  // Where the table's default always holds, so does this one.
  FakeResource always({{.name = "mode", .optional = true, .computed = true, .fallback = S("always")}});
  Default(Path("mode"), S("theirs"));
  EXPECT_EQ(Plan(always, Null(), Obj({{"mode", Null()}})).planned, Obj({{"mode", S("theirs")}}));
  EXPECT_EQ(Plan(always, Obj({{"mode", S("theirs")}}), Obj({{"mode", Null()}})).planned,
            Obj({{"mode", S("theirs")}}));
}

TEST_F(PolicyTest, ADefaultThatDependsOnTheUnknownIsUnknown) {
  FakeResource resource = WithTtl();
  Default(Path("ttl"), Unknown());
  EXPECT_EQ(Plan(resource, Null(), Obj({{"name", Unknown()}, {"ttl", Null()}})).planned,
            Obj({{"name", Unknown()}, {"ttl", Unknown()}}));
}

TEST_F(PolicyTest, ADefaultObeysTheTable) {
  FakeResource resource = WithTtl();
  Default(Path("ttl"), N(0));
  EXPECT_THAT(Plan(resource, Null(), Named(Null())).diagnostics.list(),
              ElementsAre(ErrorOn("ttl", "Invalid value", "positive")));
  Default(Path("name"), S("x"));
  EXPECT_THAT(Plan(resource, Null(), Named(Null())).diagnostics.list(),
              ElementsAre(ErrorOn("", "`name` takes no default", "Remove it")));
  Default(Path("nothing"), S("x"));
  EXPECT_THAT(Plan(resource, Null(), Named(Null())).diagnostics.list(),
              ElementsAre(ErrorOn("", "`nothing` takes no default", "no such attribute")));
}

FakeResource WithDisks() {
  return FakeResource(
      {NestedRow({.name = "disks", .optional = true, .computed = true, .keep_state = true}, Nesting::kMap,
                 {{.name = "storage", .optional = true, .computed = true, .keep_state = true},
                  {.name = "size", .optional = true, .computed = true, .keep_state = true}})});
}
Value Disk(const Value& storage) { return Obj({{"storage", storage}, {"size", S("1G")}}); }

TEST_F(PolicyTest, ADefaultOfAPartIsForAPartThatIsNew) {
  FakeResource resource = WithDisks();
  Default(Path("disks").AtKey("b").Child("storage"), S("ceph"));
  Value const silent = Obj({{"disks", Obj({{"a", Disk(Null())}, {"b", Disk(Null())}})}});
  EXPECT_EQ(Plan(resource, Null(), silent).planned,
            Obj({{"disks", Obj({{"a", Disk(Unknown())}, {"b", Disk(S("ceph"))}})}}));
  EXPECT_EQ(Plan(resource, Obj({{"disks", Obj({{"a", Disk(S("x"))}})}}), silent).planned,
            Obj({{"disks", Obj({{"a", Disk(S("x"))}, {"b", Disk(S("ceph"))}})}}));
  EXPECT_EQ(Plan(resource, Obj({{"disks", Obj({{"a", Disk(S("x"))}, {"b", Disk(S("y"))}})}}), silent).planned,
            Obj({{"disks", Obj({{"a", Disk(S("x"))}, {"b", Disk(S("y"))}})}}));
}

TEST_F(PolicyTest, ANestedObjectMayBeADefault) {
  FakeResource resource = WithDisks();
  Default(Path("disks"), Obj({{"a", Obj({{"storage", S("ceph")}, {"size", Null()}})}}));
  EXPECT_EQ(Plan(resource, Null(), Obj({{"disks", Null()}})).planned,
            Obj({{"disks", Obj({{"a", Obj({{"storage", S("ceph")}, {"size", Unknown()}})}})}}));
}

TEST_F(PolicyTest, WhileApplyingADefaultIsAsIfConfigured) {
  FakeResource resource = WithDisks();
  Default(Path("disks").AtKey("a").Child("storage"), S("ceph"));
  Value const silent = Obj({{"disks", Obj({{"a", Disk(Null())}})}});
  PlanResponse const plan = Plan(resource, Null(), silent);
  Value configured;
  resource.create = [&configured](Operation& operation, const Value& planned) {
    configured = operation.config;
    return planned;
  };
  ApplyResponse const applied = ApplyResource(
      resource,
      {.prior = Null(), .planned = plan.planned, .config = silent, .planned_private = plan.planned_private},
      process_.call());
  EXPECT_THAT(applied.diagnostics.list(), IsEmpty());
  EXPECT_EQ(configured, Obj({{"disks", Obj({{"a", Disk(S("ceph"))}})}}));
  EXPECT_EQ(applied.private_bytes, "");
}

TEST_F(PolicyTest, ANoteThatIsDamagedIsNoDefault) {
  FakeResource resource = WithTtl();
  resource.create = [](Operation& operation, const Value& planned) {
    EXPECT_EQ(operation.config, Named(Null()));
    return planned;
  };
  for (const char* const note : {"[", "{}", R"([[\"ttl\",\"x\"]])", R"([[3]])", "[[]]"}) {
    ApplyResponse const applied =
        ApplyResource(resource,
                      {.prior = Null(),
                       .planned = Named(N(5)),
                       .config = Named(Null()),
                       .planned_private = std::string(R"({"policy.defaults":")") + note + "\"}"},
                      process_.call());
    EXPECT_THAT(applied.diagnostics.list(), IsEmpty()) << note;
  }
}

}  // namespace
}  // namespace fediversity::schema
