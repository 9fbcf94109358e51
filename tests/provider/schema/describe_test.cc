#include "provider/schema/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <concepts>
#include <string>
#include <utility>

#include "provider/schema/typed_resource.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::HasSubstr;

// A model with every kind of member.
struct Disk {
  Value<std::string> storage;
  Value<std::int64_t> size;
};
struct Timeouts {
  Value<std::string> create;
};
struct Machine {
  Value<std::string> id;
  Value<std::string> name;
  Value<std::int64_t> cores;
  Value<wire::Number> weight;
  Value<bool> started;
  Value<List<std::string>> keys;
  Value<Set<std::int64_t>> ports;
  Value<Map<std::string>> tags;
  Value<List<List<std::string>>> rows;
  Value<Dynamic> manifest;
  Value<std::string> secret_wo;
  Value<std::int64_t> secret_wo_version;
  Value<Timeouts> timeouts;
  Value<List<Disk>> list;
  Value<Set<Disk>> set;
  Value<Map<Disk>> map;
};

constexpr RuleSpec kLower = {"must be in lower case.",
                             [](const wire::Value& value) { return value.string() != "UPPER"; }};

constexpr auto kDisk =
    Describe<Disk>({.together = {{{.kind = Together::Kind::kAllOrNone, .attributes = {"storage", "size"}}}}},
                   Attr<&Disk::storage>("storage").Optional().Replaces().Doc("Where it is."),
                   Attr<&Disk::size>("size").Optional().Doc("How large it is."));
constexpr auto kTimeouts =
    Describe<Timeouts>(Attr<&Timeouts::create>("create").Optional().Doc("Of creation."));
constexpr auto kMachine = Describe<Machine>(
    {.name = "test_machine", .doc = "A machine.", .import_id = "{id}", .identity = {"id"}, .version = 2},
    Attr<&Machine::id>("id").Computed().KeepState().Doc("Identifier."),
    Attr<&Machine::name>("name").Required().Check(kLower).Doc("Name."),
    Attr<&Machine::cores>("cores").Default(2).Doc("Number of cores."),
    Attr<&Machine::weight>("weight").Optional().Doc("Any number."),
    Attr<&Machine::started>("started").DefaultOnCreate(true).Doc("Whether it runs."),
    Attr<&Machine::keys>("keys").Optional().CheckEach(kLower).Doc("Keys."),
    Attr<&Machine::ports>("ports").Optional().Doc("Ports."),
    Attr<&Machine::tags>("tags").Optional().Deprecated("Use `keys`.").Doc("Tags."),
    Attr<&Machine::rows>("rows").Optional().Doc("Rows."),
    Attr<&Machine::manifest>("manifest").Optional().Doc("`Anything` at all."),
    Attr<&Machine::secret_wo>("secret_wo")
        .Optional()
        .Sensitive()
        .WriteOnly("secret_wo_version")
        .Doc("Secret."),
    Attr<&Machine::secret_wo_version>("secret_wo_version").Optional().Doc("Version of the secret."),
    Attr<&Machine::timeouts>("timeouts").Optional().Nested<kTimeouts>().Doc("Time limits."),
    Attr<&Machine::list>("list").Optional().Nested<kDisk>().Doc("Disks in order."),
    Attr<&Machine::set>("set").Optional().Nested<kDisk>().Doc("Disks in no order."),
    Attr<&Machine::map>("map").Optional().Computed().Nested<kDisk>().Doc("Disks by name."));

Table MachineTable() {
  auto table = MakeTable(kMachine.erased());
  EXPECT_TRUE(table.ok()) << table.status();
  return table.ok() ? *std::move(table) : Table();
}

TEST(Describe, MakesTheTable) {
  Table const table = MachineTable();
  EXPECT_EQ(table.name, "test_machine");
  EXPECT_EQ(table.doc, "A machine.");
  EXPECT_EQ(table.import_id, "{id}");
  EXPECT_EQ(table.identity, std::vector<std::string>{"id"});
  EXPECT_EQ(table.version, 2);
  ASSERT_EQ(table.rows.size(), 16u);
  auto type_of = [&](std::string_view name) { return table.Find(name)->type.ToJson(); };
  constexpr std::string_view kDiskType = R"(["object",{"size":"number","storage":"string"}])";
  EXPECT_EQ(type_of("name"), R"("string")");
  EXPECT_EQ(type_of("cores"), R"("number")");
  EXPECT_EQ(type_of("weight"), R"("number")");
  EXPECT_EQ(type_of("started"), R"("bool")");
  EXPECT_EQ(type_of("keys"), R"(["list","string"])");
  EXPECT_EQ(type_of("ports"), R"(["set","number"])");
  EXPECT_EQ(type_of("tags"), R"(["map","string"])");
  EXPECT_EQ(type_of("rows"), R"(["list",["list","string"]])");
  EXPECT_EQ(type_of("manifest"), R"("dynamic")");
  EXPECT_EQ(type_of("timeouts"), R"(["object",{"create":"string"}])");
  EXPECT_EQ(type_of("list"), std::string("[\"list\",").append(kDiskType).append("]"));
  EXPECT_EQ(type_of("set"), std::string("[\"set\",").append(kDiskType).append("]"));
  EXPECT_EQ(type_of("map"), std::string("[\"map\",").append(kDiskType).append("]"));
  EXPECT_EQ(table.Find("list")->nesting, Nesting::kList);
  EXPECT_EQ(table.Find("set")->nesting, Nesting::kSet);
  EXPECT_EQ(table.Find("map")->nesting, Nesting::kMap);
  EXPECT_EQ(table.Find("timeouts")->nesting, Nesting::kSingle);
  ASSERT_EQ(table.Find("list")->nested->together.size(), 1u);
  EXPECT_EQ(table.Find("list")->nested->together[0].attributes.size(), 2u);
}

TEST(Describe, MakesModes) {
  Table const table = MachineTable();
  const Row& id = *table.Find("id");
  EXPECT_TRUE(id.computed && id.keep_state && !id.optional && !id.required);
  EXPECT_TRUE(table.Find("name")->required);
  const Row& cores = *table.Find("cores");
  EXPECT_TRUE(cores.optional && cores.computed && !cores.keep_state);
  EXPECT_EQ(cores.fallback, N(2));
  const Row& started = *table.Find("started");
  EXPECT_TRUE(started.optional && started.computed && started.keep_state);
  EXPECT_EQ(started.initial, wire::Value::Bool(true));
  EXPECT_FALSE(started.fallback.has_value());
  const Row& secret = *table.Find("secret_wo");
  EXPECT_TRUE(secret.write_only && secret.sensitive);
  EXPECT_EQ(secret.version_attribute, "secret_wo_version");
  EXPECT_EQ(table.Find("tags")->deprecation, "Use `keys`.");
  EXPECT_TRUE(table.Find("list")->nested->Find("storage")->replace);
  EXPECT_TRUE(table.has_replacing);
}

TEST(Describe, WholeNumbersAreCheckedAndOthersAreNot) {
  Table const table = MachineTable();
  auto faults = [&](std::string_view name, wire::Value value) {
    wire::Value config = NullObject(table);
    config.Set("name", S("a"));
    config.Set(name, std::move(value));
    Diagnostics diagnostics;
    ValidateTable(table, config, diagnostics);
    return Text(diagnostics);
  };
  wire::Value const half = wire::Value::Num(*wire::Number::Parse("0.5"));
  wire::Value const huge = wire::Value::Num(*wire::Number::Parse("9223372036854775808"));
  EXPECT_THAT(faults("cores", half), HasSubstr("whole number"));
  EXPECT_THAT(faults("cores", huge), HasSubstr("whole number"));
  EXPECT_THAT(faults("ports", SetOf({N(1), half})), HasSubstr("whole number"));
  EXPECT_EQ(faults("cores", wire::Value::Num(*wire::Number::Parse("9223372036854775807"))), "");
  EXPECT_EQ(faults("weight", half), "");
  EXPECT_EQ(faults("weight", huge), "");
  EXPECT_THAT(faults("keys", L({S("UPPER")})), HasSubstr("lower case"));
}

wire::Value FullObject() {
  wire::Value const disk = Obj({{"storage", S("ceph")}, {"size", N(5)}});
  return Obj({{"id", S("1")},
              {"name", S("web")},
              {"cores", N(4)},
              {"weight", wire::Value::Num(*wire::Number::Parse("0.30000000000000000001"))},
              {"started", wire::Value::Bool(false)},
              {"keys", L({S("a"), Unknown(), Null()})},
              {"ports", SetOf({N(1), N(2)})},
              {"tags", Obj({{"k", S("v")}, {"u", Unknown()}})},
              {"rows", L({L({S("x")}), L({})})},
              {"manifest", wire::Value::Dynamic(wire::Type::List(wire::Type::String()), L({S("x")}))},
              {"secret_wo", Null()},
              {"secret_wo_version", Unknown()},
              {"timeouts", Obj({{"create", Null()}})},
              {"list", L({disk, Unknown()})},
              {"set", SetOf({disk})},
              {"map", Obj({{"root", disk}})}});
}

TEST(Describe, ModelsRoundTrip) {
  wire::Value const object = FullObject();
  Machine const model = DecodeModel<Machine>(kMachine.erased(), object);
  EXPECT_EQ(*model.name, "web");
  EXPECT_EQ(*model.cores, 4);
  EXPECT_EQ(model.weight->text(), "0.30000000000000000001");
  EXPECT_FALSE(*model.started);
  ASSERT_EQ(model.keys->size(), 3u);
  EXPECT_EQ(*(*model.keys)[0], "a");
  EXPECT_TRUE((*model.keys)[1].is_unknown());
  EXPECT_TRUE((*model.keys)[2].is_null());
  EXPECT_EQ(model.ports->items.size(), 2u);
  EXPECT_TRUE(model.tags->at("u").is_unknown());
  EXPECT_EQ(*(*(*model.rows)[0])[0], "x");
  EXPECT_TRUE(model.secret_wo.is_null());
  EXPECT_TRUE(model.secret_wo_version.is_unknown());
  EXPECT_TRUE(model.timeouts->create.is_null());
  EXPECT_EQ(*(*model.list)[0]->storage, "ceph");
  EXPECT_TRUE((*model.list)[1].is_unknown());
  EXPECT_EQ(*model.set->items[0]->size, 5);
  EXPECT_EQ(*model.map->at("root")->size, 5);
  EXPECT_EQ(internal::EncodeStruct(kMachine.erased(), &model), object);
}

TEST(Describe, ANewModelIsAnObjectOfNulls) {
  Machine const model;
  EXPECT_EQ(internal::EncodeStruct(kMachine.erased(), &model), NullObject(MachineTable()));
}

TEST(Describe, EncodeModelKeepsWhatTheModelDidNotTouch) {
  wire::Value object = FullObject();
  wire::Value const refined = wire::Value::Unknown({.not_null = true, .prefix = "web-"});
  object.Set("name", refined);
  object.Set("secret_wo_version", wire::Value::Unknown({.not_null = true}));
  Machine const before = DecodeModel<Machine>(kMachine.erased(), object);
  Machine after = before;
  after.cores = 8;
  wire::Value const encoded = EncodeModel(kMachine.erased(), &after, &before, object);
  EXPECT_EQ(*encoded.Find("name"), refined);
  EXPECT_EQ(*encoded.Find("cores"), N(8));
  EXPECT_EQ(encoded.Find("secret_wo_version")->refinement().not_null, true);
}

TEST(Value, IsNullUnknownOrKnown) {
  Value<std::string> const null;
  EXPECT_TRUE(null.is_null() && !null.is_unknown() && !null.has_value());
  auto const unknown = Value<std::string>::Unknown();
  EXPECT_TRUE(unknown.is_unknown() && !unknown.is_null() && !unknown.has_value());
  Value<std::string> const known = "x";
  EXPECT_TRUE(known.has_value() && !known.is_null() && !known.is_unknown());
  EXPECT_EQ(null.value_or("y"), "y");
  EXPECT_EQ(unknown.value_or("y"), "y");
  EXPECT_EQ(known.value_or("y"), "x");
  EXPECT_NE(null, unknown);
  EXPECT_EQ(known, Value<std::string>("x"));
}

// What must not compile. A missing row, a default of another type or a text that is no sentence is an error in a
// constant expression, which no test can contain; the conditions behind them can be tested.
struct Odd {
  Value<bool> flag;
};

static_assert(internal::FieldCount<Machine>() == 16);
static_assert(internal::FieldCount<Odd>() == 1);
static_assert(!std::convertible_to<const char*, Value<std::int64_t>>);
static_assert(!std::convertible_to<Disk, Value<Timeouts>>);
static_assert(internal::IsSentence("It is one."));
static_assert(internal::IsSentence("`x` is one."));
static_assert(!internal::IsSentence("it is not"));
static_assert(!internal::IsSentence("it is not."));
static_assert(!internal::IsSentence("Nor is this"));
static_assert(!internal::IsSentence(""));

// A typed resource as the engine sees it.
struct Thing {
  Value<std::string> id;
  Value<std::string> name;
};
constexpr auto kThing =
    Describe<Thing>({.name = "test_thing", .doc = "A thing.", .import_id = "{id}", .identity = {"id"}},
                    Attr<&Thing::id>("id").Computed().KeepState().Doc("Identifier."),
                    Attr<&Thing::name>("name").Required().Doc("Name."));

class ThingResource final : public Resource<Thing> {
 public:
  void Validate(const Thing& config, Diagnostics& diagnostics) const override {
    if (config.name == Value<std::string>("bad")) diagnostics.AddError("Bad name", "", wire::Path("name"));
  }
  void KeepSpelling(const Thing& known, Thing& fresh) const override {
    if (fresh.name == Value<std::string>("respelled")) fresh.name = known.name;
  }
  absl::Status Plan(Context<Thing>& context, const Thing* prior, const Thing& config, Thing& planned,
                    std::vector<wire::Path>& replace) const override {
    EXPECT_EQ(context.config().name, config.name);
    if (prior != nullptr && prior->name != planned.name) replace.emplace_back("name");
    return absl::OkStatus();
  }
  absl::StatusOr<Thing> Read(Thing state, Context<Thing>& context) override {
    EXPECT_TRUE(context.config().name.is_null());
    return state;
  }
  absl::StatusOr<Thing> Create(Thing plan, Context<Thing>& context) override {
    plan.id = "7";
    context.private_state()["uuid"] = "4c4c";
    context.Checkpoint(plan);
    if (*plan.name == "late") return absl::UnavailableError("Down");
    return plan;
  }
  absl::StatusOr<Thing> Update(Thing prior, Thing plan, Context<Thing>&) override {
    EXPECT_EQ(prior.id, plan.id);
    return plan;
  }
  absl::Status Delete(Thing state, Context<Thing>&) override {
    return *state.id == "7" ? absl::OkStatus() : absl::InternalError("Another one");
  }
  absl::Status Import(Thing& state, Context<Thing>&) override {
    state.name = "imported";
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<Thing>> Move(const ForeignState& source,
                                            PrivateState& private_state) const override {
    if (source.type_name != "other_thing") return std::nullopt;
    Thing thing;
    thing.id = source.state.Find("key")->string();
    private_state["key"] = *thing.id;
    return thing;
  }
};

class TypedResourceTest : public ::testing::Test {
 protected:
  static wire::Value Object(wire::Value id, wire::Value name) {
    return Obj({{"id", std::move(id)}, {"name", std::move(name)}});
  }
  FakeProcess process_;
  std::unique_ptr<AnyResource> resource_ = MakeResource<Thing>(kThing, std::make_unique<ThingResource>());
};

TEST_F(TypedResourceTest, SpeaksInTermsOfItsStruct) {
  EXPECT_EQ(resource_->table().name, "test_thing");
  EXPECT_THAT(Text(ValidateConfig(*resource_, Object(Null(), S("bad")), process_.call())),
              HasSubstr("Bad name"));

  PlanResponse const plan = PlanResource(
      *resource_,
      {.prior = Object(S("7"), S("a")), .proposed = Object(S("7"), S("b")), .config = Object(Null(), S("b"))},
      process_.call());
  EXPECT_EQ(plan.planned, Object(S("7"), S("b")));
  EXPECT_EQ(plan.requires_replace.size(), 1u);

  ApplyResponse const made = ApplyResource(
      *resource_, {.planned = Object(Unknown(), S("a")), .config = Object(Null(), S("a"))}, process_.call());
  EXPECT_EQ(made.state, Object(S("7"), S("a")));
  EXPECT_EQ(made.private_bytes, R"({"uuid":"4c4c"})");

  ApplyResponse const half = ApplyResource(
      *resource_, {.planned = Object(Unknown(), S("late")), .config = Object(Null(), S("late"))},
      process_.call());
  EXPECT_EQ(half.state, Object(S("7"), S("late")));
  EXPECT_TRUE(half.diagnostics.has_errors());

  EXPECT_EQ(ReadResource(*resource_, {.state = Object(S("7"), S("a"))}, process_.call()).state,
            Object(S("7"), S("a")));
  EXPECT_TRUE(ApplyResource(*resource_, {.prior = Object(S("7"), S("a"))}, process_.call()).state.is_null());
  EXPECT_EQ(ImportResource(*resource_, {.id = "7"}, process_.call()).state, Object(S("7"), S("imported")));
  StateResponse const moved = MoveState(*resource_, {.type_name = "other_thing"}, R"({"key":"k"})");
  EXPECT_EQ(moved.state, Object(S("k"), Null()));
  EXPECT_EQ(moved.private_bytes, R"({"key":"k"})");
}

TEST_F(TypedResourceTest, KeepSpellingWorksOnPartlyKnownObjects) {
  wire::Value fresh = Object(S("7"), S("respelled"));
  resource_->KeepSpelling(Object(Unknown(), S("a")), fresh);
  EXPECT_EQ(fresh, Object(S("7"), S("a")));
  wire::Value nothing;
  resource_->KeepSpelling(Object(S("7"), S("a")), nothing);
  EXPECT_TRUE(nothing.is_null());
}

}  // namespace
}  // namespace fediversity::schema
