#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "provider/schema/operation.h"
#include "tests/provider/schema/fake_resource.h"
#include "tests/support/plan_oracle/oracle.h"

namespace fediversity::schema {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Path;
using wire::Value;

Row Id() { return {.name = "id", .computed = true, .keep_state = true}; }

class Plan : public ::testing::Test {
 protected:
  // Plans as the host would ask for it, and holds the answer against the host's rules.
  PlanResponse Make(FakeResource& resource, const Value& prior, const Value& config,
                    std::string prior_private = "") {
    PlanResponse response = PlanResource(resource,
                                         {.prior = prior,
                                          .proposed = oracle::ProposedNew(resource.table(), prior, config),
                                          .config = config,
                                          .prior_private = std::move(prior_private)},
                                         process_.call());
    if (!response.diagnostics.has_errors()) {
      EXPECT_THAT(oracle::AssertPlanValid(resource.table(), prior, config, response.planned), IsEmpty());
      EXPECT_THAT(oracle::AssertReplacements(prior, response.planned, response.requires_replace), IsEmpty());
      EXPECT_THAT(oracle::AssertWriteOnlyNull(resource.table(), response.planned), IsEmpty());
    }
    return response;
  }

  FakeProcess process_;
};

TEST_F(Plan, CreateLeavesComputedToTheService) {
  FakeResource resource({Id(),
                         {.name = "zone", .required = true},
                         {.name = "note", .optional = true},
                         {.name = "serial", .optional = true, .computed = true}});
  PlanResponse const response =
      Make(resource, Null(), Obj({{"id", Null()}, {"zone", S("z")}, {"note", Null()}, {"serial", Null()}}));
  EXPECT_EQ(response.planned,
            Obj({{"id", Unknown()}, {"zone", S("z")}, {"note", Null()}, {"serial", Unknown()}}));
  EXPECT_THAT(response.requires_replace, IsEmpty());
}

TEST_F(Plan, DefaultsFillInWhereConfigurationIsSilent) {
  FakeResource resource(
      {{.name = "ttl", .optional = true, .computed = true, .fallback = N(300), .type = wire::Type::Number()},
       {.name = "mode", .optional = true, .computed = true, .keep_state = true, .initial = S("new")}});
  Value const silent = Obj({{"ttl", Null()}, {"mode", Null()}});
  EXPECT_EQ(Make(resource, Null(), silent).planned, Obj({{"ttl", N(300)}, {"mode", S("new")}}));
  EXPECT_EQ(Make(resource, Null(), Obj({{"ttl", N(5)}, {"mode", S("old")}})).planned,
            Obj({{"ttl", N(5)}, {"mode", S("old")}}));
  // Later, a default still holds, while an initial value has become "as it is".
  EXPECT_EQ(Make(resource, Obj({{"ttl", N(60)}, {"mode", S("changed")}}), silent).planned,
            Obj({{"ttl", N(300)}, {"mode", S("changed")}}));
}

TEST_F(Plan, NothingChangesWhereNothingDiffers) {
  FakeResource resource({Id(), {.name = "zone", .required = true}, {.name = "serial", .computed = true}});
  Value const prior = Obj({{"id", S("1")}, {"zone", S("z")}, {"serial", S("7")}});
  PlanResponse const response =
      Make(resource, prior, Obj({{"id", Null()}, {"zone", S("z")}, {"serial", Null()}}));
  EXPECT_EQ(response.planned, prior);
  EXPECT_THAT(response.requires_replace, IsEmpty());
}

TEST_F(Plan, AChangeMakesComputedUnknownUnlessItKeepsState) {
  FakeResource resource({Id(),
                         {.name = "zone", .required = true},
                         {.name = "serial", .computed = true},
                         {.name = "node", .optional = true, .computed = true, .keep_state = true}});
  PlanResponse const response =
      Make(resource, Obj({{"id", S("1")}, {"zone", S("z")}, {"serial", S("7")}, {"node", S("pve1")}}),
           Obj({{"id", Null()}, {"zone", S("y")}, {"serial", Null()}, {"node", Null()}}));
  EXPECT_EQ(response.planned,
            Obj({{"id", S("1")}, {"zone", S("y")}, {"serial", Unknown()}, {"node", S("pve1")}}));
}

TEST_F(Plan, WriteOnlyIsNullAndItsVersionShowsTheChange) {
  FakeResource resource(
      {{.name = "key_wo", .optional = true, .write_only = true, .version_attribute = "key_wo_version"},
       {.name = "key_wo_version", .optional = true, .type = wire::Type::Number()},
       NestedRow({.name = "users", .optional = true}, Nesting::kList,
                 {{.name = "key_wo", .optional = true, .write_only = true, .version_attribute = "v"},
                  {.name = "v", .optional = true}})});
  Value const config = Obj({{"key_wo", S("secret")},
                            {"key_wo_version", N(2)},
                            {"users", L({Obj({{"key_wo", S("secret")}, {"v", S("1")}}), Unknown()})}});
  Value const planned = Make(resource, Null(), config).planned;
  EXPECT_TRUE(planned.Find("key_wo")->is_null());
  // An unknown element is spelled out, for the host looks into it for write-only values.
  EXPECT_EQ(*planned.Find("users"),
            L({Obj({{"key_wo", Null()}, {"v", S("1")}}), Obj({{"key_wo", Null()}, {"v", Unknown()}})}));
}

TEST_F(Plan, UnknownConfigurationIsKeptWithWhatIsKnownOfIt) {
  FakeResource resource({{.name = "name", .required = true}});
  Value const unknown = Value::Unknown({.not_null = true, .prefix = "web-"});
  PlanResponse const response = Make(resource, Obj({{"name", S("web-old")}}), Obj({{"name", unknown}}));
  EXPECT_EQ(*response.planned.Find("name"), unknown);
  EXPECT_EQ(response.planned.Find("name")->refinement().prefix, "web-");
  EXPECT_EQ(*Make(resource, Null(), Obj({{"name", unknown}})).planned.Find("name"), unknown);
}

// When "WEB-1" is known to come, the plan says "web-1", as it was; the host would not let it go back on "WEB-".
TEST_F(Plan, WhatMayBeSpelledAsBeforeIsNotKnownByItsPrefix) {
  FakeResource resource(
      {{.name = "name", .required = true},
       {.name = "tags", .optional = true, .type = wire::Type::Set(wire::Type::String())},
       {.name = "notes", .optional = true, .type = wire::Type::List(wire::Type::String())}});
  Value const upper = Value::Unknown({.not_null = true, .prefix = "WEB-"});
  Value const open = Value::Unknown({.not_null = true});
  Value const prior =
      Obj({{"name", S("web-1")}, {"tags", SetOf({S("WEB-1"), S("web-2")})}, {"notes", L({S("a"), S("b")})}});
  PlanResponse const response = Make(resource, prior,
                                     Obj({{"name", upper},
                                          {"tags", SetOf({upper, S("web-2")})},
                                          {"notes", Value::Unknown({.not_null = true, .min_length = 3})}}));
  EXPECT_EQ(response.planned, Obj({{"name", open}, {"tags", SetOf({open, S("web-2")})}, {"notes", open}}));
}

TEST_F(Plan, NestedObjectsArePlannedByIndexAndKey) {
  auto rows = [] {
    return std::vector<Row>{{.name = "size", .required = true},
                            {.name = "path", .computed = true, .keep_state = true},
                            {.name = "format", .optional = true, .computed = true, .fallback = S("raw")},
                            {.name = "speed", .computed = true}};
  };
  auto configured = [](std::string_view size) {
    return Obj({{"size", S(size)}, {"path", Null()}, {"format", Null()}, {"speed", Null()}});
  };
  auto held = [](std::string_view size, std::string_view path) {
    return Obj({{"size", S(size)}, {"path", S(path)}, {"format", S("raw")}, {"speed", S("fast")}});
  };
  auto planned = [](std::string_view size, Value path) {
    return Obj({{"size", S(size)}, {"path", std::move(path)}, {"format", S("raw")}, {"speed", Unknown()}});
  };

  FakeResource single({NestedRow({.name = "x", .required = true}, Nesting::kSingle, rows())});
  EXPECT_EQ(Make(single, Obj({{"x", held("1", "/a")}}), Obj({{"x", configured("2")}})).planned,
            Obj({{"x", planned("2", S("/a"))}}));

  FakeResource list({NestedRow({.name = "x", .required = true}, Nesting::kList, rows())});
  EXPECT_EQ(
      Make(list, Obj({{"x", L({held("1", "/a")})}}), Obj({{"x", L({configured("2"), configured("3")})}}))
          .planned,
      Obj({{"x", L({planned("2", S("/a")), planned("3", Unknown())})}}));

  FakeResource map({NestedRow({.name = "x", .required = true}, Nesting::kMap, rows())});
  EXPECT_EQ(Make(map, Obj({{"x", Obj({{"b", held("1", "/b")}})}}),
                 Obj({{"x", Obj({{"a", configured("2")}, {"b", configured("3")}})}}))
                .planned,
            Obj({{"x", Obj({{"a", planned("2", Unknown())}, {"b", planned("3", S("/b"))}})}}));
}

TEST_F(Plan, SetsGetTheirDefaults) {
  FakeResource resource(
      {NestedRow({.name = "rules", .required = true}, Nesting::kSet,
                 {{.name = "host", .required = true},
                  {.name = "mode", .optional = true, .computed = true, .fallback = S("ro")}})});
  auto rule = [](std::string_view host, Value mode) {
    return Obj({{"host", S(host)}, {"mode", std::move(mode)}});
  };
  Value const config = Obj({{"rules", SetOf({rule("a", Null()), rule("b", S("rw")), Unknown()})}});
  EXPECT_EQ(Make(resource, Null(), config).planned,
            Obj({{"rules", SetOf({rule("a", S("ro")), rule("b", S("rw")), Unknown()})}}));
}

TEST_F(Plan, AComputedNestedAttributeLeftOutStaysAsItIs) {
  // Its "cores" is not computed, from which the host concludes that somebody must have configured it.
  FakeResource resource({NestedRow({.name = "cpu", .optional = true, .computed = true}, Nesting::kSingle,
                                   {{.name = "cores", .optional = true}}),
                         {.name = "name", .required = true}});
  Value const prior = Obj({{"cpu", Obj({{"cores", S("2")}})}, {"name", S("a")}});
  Value const config = Obj({{"cpu", Null()}, {"name", S("a")}});
  EXPECT_TRUE(oracle::ProposedNew(resource.table(), prior, config).Find("cpu")->is_null());
  EXPECT_EQ(Make(resource, prior, config).planned, prior);
}

TEST_F(Plan, AReplacingAttributeReplacesWhereItDiffers) {
  FakeResource resource(
      {Id(), {.name = "zone", .required = true, .replace = true}, {.name = "ttl", .optional = true}});
  Value const prior = Obj({{"id", S("1")}, {"zone", S("z")}, {"ttl", S("5")}});
  auto replaced_by = [&](Value zone, Value ttl) {
    return Make(resource, prior, Obj({{"id", Null()}, {"zone", std::move(zone)}, {"ttl", std::move(ttl)}}))
        .requires_replace;
  };
  EXPECT_THAT(replaced_by(S("z"), S("6")), IsEmpty());
  EXPECT_THAT(replaced_by(S("y"), S("5")), ElementsAre(Path("zone")));
  EXPECT_THAT(replaced_by(Unknown(), S("5")), ElementsAre(Path("zone")));
}

TEST_F(Plan, ReplacementIsFoundAtAnyDepth) {
  auto rows = [] {
    return std::vector<Row>{{.name = "size", .optional = true},
                            NestedRow({.name = "at", .optional = true}, Nesting::kSingle,
                                      {{.name = "storage", .optional = true, .replace = true}})};
  };
  auto disk = [](std::string_view storage) {
    return Obj({{"size", S("1")}, {"at", Obj({{"storage", S(storage)}})}});
  };
  FakeResource list({NestedRow({.name = "x", .optional = true}, Nesting::kList, rows())});
  FakeResource map({NestedRow({.name = "x", .optional = true}, Nesting::kMap, rows())});
  FakeResource set({NestedRow({.name = "x", .optional = true}, Nesting::kSet, rows())});
  auto asked = [this](FakeResource& resource, Value before, Value after) {
    return Make(resource, Obj({{"x", std::move(before)}}), Obj({{"x", std::move(after)}})).requires_replace;
  };

  EXPECT_THAT(asked(list, L({disk("a"), disk("b")}), L({disk("a"), disk("c")})),
              ElementsAre(Path("x").AtIndex(1).Child("at").Child("storage")));
  EXPECT_THAT(asked(map, Obj({{"k", disk("a")}}), Obj({{"k", disk("b")}})),
              ElementsAre(Path("x").AtKey("k").Child("at").Child("storage")));
  // A path cannot lead into a set.
  EXPECT_THAT(asked(set, SetOf({disk("a")}), SetOf({disk("b")})), ElementsAre(Path("x")));

  // What is added or taken away replaces nothing.
  EXPECT_THAT(asked(map, Obj({{"k", disk("a")}}), Obj({{"k", disk("a")}, {"l", disk("b")}})), IsEmpty());
  EXPECT_THAT(asked(map, Obj({{"k", disk("a")}, {"l", disk("b")}}), Obj({{"k", disk("a")}})), IsEmpty());
  EXPECT_THAT(asked(list, L({disk("a")}), L({disk("a"), disk("b")})), IsEmpty());

  // What is unknown may differ, and the host has to be told before it applies.
  EXPECT_THAT(asked(list, L({disk("a")}), L({Unknown()})), ElementsAre(Path("x").AtIndex(0).Child("at")));
  EXPECT_THAT(asked(list, L({disk("a")}), Unknown()), ElementsAre(Path("x")));
  EXPECT_THAT(asked(map, Obj({{"k", disk("a")}}), Unknown()), ElementsAre(Path("x")));
  EXPECT_THAT(asked(list, L({}), Unknown()), IsEmpty());
  EXPECT_THAT(asked(list, Null(), Unknown()), IsEmpty());
}

TEST_F(Plan, DestroyAnswersNull) {
  Table table = MakeFakeTable({Id()});
  table.identity = {"id"};
  FakeResource resource = FakeResource::Of(std::move(table));
  PlanResponse const response = PlanResource(
      resource, {.prior = Obj({{"id", S("1")}}), .prior_private = "{\"a\":\"b\"}"}, process_.call());
  EXPECT_TRUE(response.planned.is_null());
  EXPECT_TRUE(response.diagnostics.empty());
  EXPECT_EQ(response.planned_private, "{\"a\":\"b\"}");
  EXPECT_EQ(response.identity, Obj({{"id", S("1")}}));
}

TEST_F(Plan, TheHookSeesDefaultsAndKeptValuesAndMayChangeThem) {
  FakeResource resource({Id(),
                         {.name = "zone", .required = true},
                         {.name = "ttl", .optional = true, .computed = true, .fallback = S("300")},
                         {.name = "digest", .computed = true}});
  resource.plan = [](Operation& operation, const Value& prior, const Value& config, Value& planned,
                     std::vector<Path>&) {
    EXPECT_TRUE(prior.is_null());
    EXPECT_EQ(operation.config, config);
    EXPECT_EQ(*planned.Find("ttl"), S("300"));
    EXPECT_TRUE(planned.Find("digest")->is_unknown());
    EXPECT_FALSE(operation.checkpoint);
    planned.Set("digest", S("abc"));
    operation.private_state["seen"] = "yes";
    return absl::OkStatus();
  };
  PlanResponse const response =
      Make(resource, Null(), Obj({{"id", Null()}, {"zone", S("z")}, {"ttl", Null()}, {"digest", Null()}}));
  EXPECT_EQ(*response.planned.Find("digest"), S("abc"));
  EXPECT_EQ(response.planned_private, R"({"seen":"yes"})");
}

TEST_F(Plan, TheHookMayRefuse) {
  FakeResource resource({{.name = "zone", .required = true}});
  resource.plan = [](Operation&, const Value&, const Value&, Value&, std::vector<Path>&) {
    return OnAttribute(absl::InvalidArgumentError("Zone is not served\nBy this server."), "zone");
  };
  PlanResponse const response = Make(resource, Null(), Obj({{"zone", S("z")}}));
  EXPECT_EQ(Text(response.diagnostics), "error zone: Zone is not served: By this server.\n");
}

TEST_F(Plan, TheHookMayAskForReplacement) {
  FakeResource resource(
      {{.name = "zone", .required = true},
       {.name = "other", .optional = true},
       {.name = "key_wo", .optional = true, .write_only = true, .version_attribute = "other"},
       NestedRow({.name = "rules", .optional = true}, Nesting::kSet, {{.name = "a", .optional = true}})});
  Value const old_rule = Obj({{"a", S("1")}});
  Value const new_rule = Obj({{"a", S("2")}});
  resource.plan = [&](Operation&, const Value&, const Value&, Value&, std::vector<Path>& replace) {
    replace = {Path("zone"), Path("zone"),   Path("other"),
               Path("gone"), Path("key_wo"), Path("rules").AtSetElement(new_rule).Child("a")};
    return absl::OkStatus();
  };
  auto object = [](std::string_view zone, Value rule, Value key) {
    return Obj({{"zone", S(zone)},
                {"other", S("same")},
                {"key_wo", std::move(key)},
                {"rules", SetOf({std::move(rule)})}});
  };
  PlanResponse const changed =
      Make(resource, object("a", old_rule, Null()), object("b", new_rule, S("secret")));
  // Once each, not where nothing differs, and no path enters the set.
  EXPECT_THAT(changed.requires_replace, ElementsAre(Path("zone"), Path("key_wo"), Path("rules")));
  EXPECT_THAT(Make(resource, Null(), object("b", new_rule, Null())).requires_replace, IsEmpty());
}

// Takes names in any letter case.
void FoldCase(const Value& known, Value& fresh) {
  for (std::string_view name : {"name", "alias"}) {
    const Value* before = known.Find(name);
    const Value* now = fresh.Find(name);
    if (before == nullptr || now == nullptr || before->kind() != now->kind()) continue;
    if (now->kind() == Value::Kind::kList && now->elements().size() == before->elements().size())
      fresh.Set(name, *before);
    if (now->kind() == Value::Kind::kString && absl::EqualsIgnoreCase(before->string(), now->string())) {
      fresh.Set(name, *before);
    }
  }
}

TEST_F(Plan, AnotherSpellingIsNoChange) {
  FakeResource resource(
      {Id(), {.name = "name", .required = true, .replace = true}, {.name = "ttl", .optional = true}});
  resource.keep_spelling = [](const Value& known, Value& fresh) { FoldCase(known, fresh); };
  Value const prior = Obj({{"id", S("1")}, {"name", S("Web")}, {"ttl", S("5")}});
  EXPECT_EQ(Make(resource, prior, Obj({{"id", Null()}, {"name", S("WEB")}, {"ttl", S("5")}})).planned, prior);
  PlanResponse const changed =
      Make(resource, prior, Obj({{"id", Null()}, {"name", S("WEB")}, {"ttl", S("6")}}));
  EXPECT_EQ(changed.planned, Obj({{"id", S("1")}, {"name", S("Web")}, {"ttl", S("6")}}));
  EXPECT_THAT(changed.requires_replace, IsEmpty());
  EXPECT_THAT(
      Make(resource, prior, Obj({{"id", Null()}, {"name", S("ftp")}, {"ttl", S("5")}})).requires_replace,
      ElementsAre(Path("name")));
}

TEST_F(Plan, SpellingIsKeptForEachAttributeOfANestedObject) {
  FakeResource resource(
      {NestedRow({.name = "disks", .required = true}, Nesting::kMap,
                 {{.name = "name", .required = true}, {.name = "size", .required = true}})});
  resource.keep_spelling = [](const Value& known, Value& fresh) {
    for (const auto& [key, element] : known.Find("disks")->entries()) {
      if (Value* disk = fresh.FindMutable("disks")->FindMutable(key)) FoldCase(element, *disk);
    }
  };
  auto disk = [](std::string_view name, std::string_view size) {
    return Obj({{"name", S(name)}, {"size", S(size)}});
  };
  EXPECT_EQ(Make(resource, Obj({{"disks", Obj({{"a", disk("Root", "1")}, {"b", disk("Data", "1")}})}}),
                 Obj({{"disks", Obj({{"a", disk("ROOT", "1")}, {"b", disk("data", "2")}})}}))
                .planned,
            Obj({{"disks", Obj({{"a", disk("Root", "1")}, {"b", disk("Data", "2")}})}}));
}

TEST_F(Plan, APartlyRespelledAttributeStaysAsPlanned) {
  // The host takes a list as configured or as it was, not a mixture.
  FakeResource resource(
      {{.name = "names", .required = true, .type = wire::Type::List(wire::Type::String())}});
  resource.keep_spelling = [](const Value& known, Value& fresh) {
    Value& names = *fresh.FindMutable("names");
    names.mutable_elements()[0] = known.Find("names")->elements()[0];
  };
  Value const config = Obj({{"names", L({S("A"), S("new")})}});
  EXPECT_EQ(Make(resource, Obj({{"names", L({S("a"), S("old")})}}), config).planned, config);
}

TEST_F(Plan, AnElementThatIsNotKnownYetIsAChange) {
  FakeResource resource({{.name = "names",
                          .optional = true,
                          .computed = true,
                          .type = wire::Type::List(wire::Type::String())}});
  resource.keep_spelling = [](const Value& known, Value& fresh) { fresh = known; };
  Value const config = Obj({{"names", L({S("a"), Unknown()})}});
  EXPECT_EQ(Make(resource, Obj({{"names", L({S("a")})}}), config).planned, config);
}

TEST_F(Plan, KeepSpellingCannotBringBackWhatWasRemoved) {
  FakeResource resource({{.name = "name", .optional = true}});
  resource.keep_spelling = [](const Value& known, Value& fresh) { fresh = known; };
  EXPECT_EQ(Make(resource, Obj({{"name", S("a")}}), Obj({{"name", Null()}})).planned,
            Obj({{"name", Null()}}));
}

TEST_F(Plan, IdentityIsAnsweredOnceItIsKnown) {
  Table table = MakeFakeTable({Id(), {.name = "zone", .required = true}});
  table.identity = {"id", "zone"};
  FakeResource resource = FakeResource::Of(std::move(table));
  Value const config = Obj({{"id", Null()}, {"zone", S("z")}});
  EXPECT_FALSE(Make(resource, Null(), config).identity.has_value());
  EXPECT_EQ(Make(resource, Obj({{"id", S("1")}, {"zone", S("y")}}), config).identity,
            Obj({{"id", S("1")}, {"zone", S("z")}}));
}

TEST_F(Plan, PrivateStateIsPassedOn) {
  FakeResource resource({{.name = "zone", .required = true}});
  Value const config = Obj({{"zone", S("z")}});
  std::string const bytes = EncodePrivate({{"uuid", "1"}});
  EXPECT_EQ(Make(resource, config, config, bytes).planned_private, bytes);
  // In a replacement the host hands over what belonged to the object that goes.
  EXPECT_EQ(Make(resource, Null(), config, bytes).planned_private, "");
}

TEST_F(Plan, DamagedPrivateStateIsAnError) {
  FakeResource resource({{.name = "zone", .required = true}});
  Value const config = Obj({{"zone", S("z")}});
  PlanResponse const response = Make(resource, config, config, "garbage");
  EXPECT_TRUE(response.diagnostics.has_errors());
  EXPECT_THAT(Text(response.diagnostics), HasSubstr("private part of the state is damaged"));
  EXPECT_EQ(response.planned_private, "garbage");
}

}  // namespace
}  // namespace fediversity::schema
