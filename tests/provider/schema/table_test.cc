#include "provider/schema/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "provider/base/text.h"
#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Table Sound() {
  Table table;
  table.name = "test_thing";
  table.doc = "A thing.";
  table.import_id = "{zone}/{size}";
  table.identity = {"zone", "size"};
  table.rows = {
      {.name = "zone", .doc = "Zone.", .required = true},
      {.name = "size", .doc = "Size.", .optional = true, .type = wire::Type::Number()},
      {.name = "records",
       .doc = "Records.",
       .optional = true,
       .type = wire::Type::List(wire::Type::String())},
      {.name = "secret",
       .doc = "Secret.",
       .optional = true,
       .write_only = true,
       .version_attribute = "secret_version"},
      {.name = "secret_version", .doc = "Version.", .optional = true},
      {.name = "website",
       .doc = "Website.",
       .optional = true,
       .computed = true,
       .fallback = wire::Value::Bool(false),
       .type = wire::Type::Bool()},
      NestedRow({.name = "disks", .doc = "Disks.", .optional = true}, Nesting::kMap,
                {{.name = "size", .required = true}}),
  };
  table.together = {{.kind = Together::Kind::kAtMostOne, .attributes = {"size", "records"}}};
  return table;
}

TEST(Table, FinishDerivesTypes) {
  Table table = Sound();
  ASSERT_TRUE(table.Finish().ok());
  EXPECT_EQ(
      table.type.ToJson(),
      R"(["object",{"disks":["map",["object",{"size":"string"}]],"records":["list","string"],)"
      R"("secret":"string","secret_version":"string","size":"number","website":"bool","zone":"string"}])");
  EXPECT_EQ(table.IdentityType().ToJson(), R"(["object",{"size":"number","zone":"string"}])");
  EXPECT_TRUE(table.is_identified());
  EXPECT_TRUE(table.has_write_only);
  EXPECT_EQ(table.Find("zone"), &table.rows[0]);
  EXPECT_EQ(table.Find("nothing"), nullptr);
  wire::Value const empty = NullObject(table);
  ASSERT_EQ(empty.entries().size(), 7u);
  for (const auto& [name, value] : empty.entries()) EXPECT_TRUE(value.is_null()) << name;
}

TEST(Table, NestingGivesTheCollectionType) {
  auto type_of = [](Nesting nesting) {
    return MakeFakeTable(
               {NestedRow({.name = "x", .optional = true}, nesting, {{.name = "a", .optional = true}})})
        .rows[0]
        .type.ToJson();
  };
  EXPECT_EQ(type_of(Nesting::kSingle), R"(["object",{"a":"string"}])");
  EXPECT_EQ(type_of(Nesting::kList), R"(["list",["object",{"a":"string"}]])");
  EXPECT_EQ(type_of(Nesting::kSet), R"(["set",["object",{"a":"string"}]])");
  EXPECT_EQ(type_of(Nesting::kMap), R"(["map",["object",{"a":"string"}]])");
}

struct Fault {
  const char* name;
  std::function<void(Table&)> plant;
  const char* attribute;
  const char* says;
};

// Keeps the parameter's name readable in a failing test's output.
void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

std::vector<Fault> Faults() {
  return {
      Fault{"EmptyName", [](Table& t) { t.rows[1].name = ""; }, "", "not made of"},
      Fault{"CapitalName", [](Table& t) { t.rows[1].name = "Size"; }, "Size", "not made of"},
      Fault{"DigitFirst", [](Table& t) { t.rows[1].name = "1size"; }, "1size", "not made of"},
      Fault{"MetaArgument", [](Table& t) { t.rows[1].name = "count"; }, "count", "meta-arguments"},
      Fault{"NoDocumentation", [](Table& t) { t.rows[1].doc = ""; }, "size", "no documentation"},
      Fault{"NoMode", [](Table& t) { t.rows[1].optional = false; }, "size", "neither required"},
      Fault{"RequiredAndOptional", [](Table& t) { t.rows[0].optional = true; }, "zone", "required and also"},
      Fault{"RequiredAndComputed", [](Table& t) { t.rows[0].computed = true; }, "zone", "required and also"},
      Fault{"DefaultButNotComputed", [](Table& t) { t.rows[5].computed = false; }, "website",
            "not optional and computed"},
      Fault{"InitialButRequired", [](Table& t) { t.rows[0].initial = S("x"); }, "zone",
            "not optional and computed"},
      Fault{"DefaultOfAnotherType", [](Table& t) { t.rows[5].fallback = S("no"); }, "website",
            "not of its type"},
      Fault{"NullDefault", [](Table& t) { t.rows[5].fallback = Null(); }, "website", "not of its type"},
      Fault{"UnknownDefault", [](Table& t) { t.rows[5].initial = Unknown(); }, "website", "not of its type"},
      Fault{"KeepsButNotComputed", [](Table& t) { t.rows[1].keep_state = true; }, "size", "keeps state"},
      Fault{"WriteOnlyComputed", [](Table& t) { t.rows[3].computed = true; }, "secret",
            "write-only and computed"},
      Fault{"WriteOnlyReplaces", [](Table& t) { t.rows[3].replace = true; }, "secret",
            "write-only and replaces"},
      Fault{"WriteOnlyWithoutVersion", [](Table& t) { t.rows[3].version_attribute = ""; }, "secret",
            "version attribute"},
      Fault{"WriteOnlyUnknownVersion", [](Table& t) { t.rows[3].version_attribute = "x"; }, "secret",
            "version attribute"},
      Fault{"NestingWithoutTable", [](Table& t) { t.rows[6].nested = nullptr; }, "disks", "disagree"},
      Fault{"TableWithoutNesting", [](Table& t) { t.rows[6].nesting = Nesting::kNone; }, "disks", "disagree"},
      Fault{"NestedNotFinished", [](Table& t) { t.rows[6].nested = std::make_shared<Table>(); }, "disks",
            "not finished"},
      Fault{"ComputedInSet",
            [](Table& t) {
              t.rows[6] = NestedRow({.name = "disks", .doc = "Disks.", .optional = true}, Nesting::kSet,
                                    {{.name = "id", .computed = true}});
            },
            "disks", "nothing in them can be computed"},
      Fault{"ComputedDeepInSet",
            [](Table& t) {
              t.rows[6] = NestedRow({.name = "disks", .doc = "Disks.", .optional = true}, Nesting::kSet,
                                    {NestedRow({.name = "a", .optional = true}, Nesting::kSingle,
                                               {{.name = "id", .computed = true}})});
            },
            "disks", "nothing in them can be computed"},
      Fault{"WriteOnlyInSet",
            [](Table& t) {
              t.rows[6] =
                  NestedRow({.name = "disks", .doc = "Disks.", .optional = true}, Nesting::kSet,
                            {{.name = "key", .optional = true, .write_only = true, .version_attribute = "v"},
                             {.name = "v", .optional = true}});
            },
            "disks", "write-only attribute is inside a set"},
      Fault{"DynamicSet", [](Table& t) { t.rows[2].type = wire::Type::Set(wire::Type::Dynamic()); },
            "records", "dynamic"},
      Fault{"NameTwice", [](Table& t) { t.rows[1].name = "zone"; }, "zone", "declared twice"},
      Fault{"IdentityMissing", [](Table& t) { t.identity = {"gone"}; }, "gone", "the identity names it"},
      Fault{"IdentityNotPrimitive", [](Table& t) { t.identity = {"records"}; }, "records",
            "not a string, number or bool"},
      Fault{"ImportIdMissing", [](Table& t) { t.import_id = "{gone}"; }, "gone", "the import id names it"},
      Fault{"ImportIdNotPrimitive", [](Table& t) { t.import_id = "{records}"; }, "records",
            "not a string, number or bool"},
      Fault{"ConditionMissing",
            [](Table& t) {
              t.together[0].attributes = {"size", "gone"};
            },
            "gone", "a condition names it"},
  };
}

std::string NameOf(const ::testing::TestParamInfo<Fault>& fault) { return fault.param.name; }

class TableFault : public ::testing::TestWithParam<Fault> {};

TEST_P(TableFault, IsRefusedByName) {
  Table table = Sound();
  GetParam().plant(table);
  absl::Status const status = table.Finish();
  ASSERT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("test_thing"), HasSubstr(Cat({"\"", GetParam().attribute, "\""})),
                    HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(Table, TableFault, ::testing::ValuesIn(Faults()), &NameOf);

TEST(Table, RefusesABrokenImportTemplate) {
  Table table = Sound();
  table.import_id = "{zone}{size}";
  EXPECT_EQ(table.Finish().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Table, RefusesANegativeVersion) {
  Table table = Sound();
  table.version = -1;
  EXPECT_EQ(table.Finish().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Table, MetaArgumentsAreFineBelowTheTop) {
  Table table = Sound();
  table.rows[6] = NestedRow({.name = "disks", .doc = "Disks.", .optional = true}, Nesting::kMap,
                            {{.name = "count", .optional = true, .type = wire::Type::Number()}});
  EXPECT_TRUE(table.Finish().ok());
}

TEST(Table, DefaultsAreFineInASet) {
  Table table = Sound();
  table.rows[6] = NestedRow(
      {.name = "disks", .doc = "Disks.", .optional = true}, Nesting::kSet,
      {{.name = "ttl", .optional = true, .computed = true, .fallback = N(5), .type = wire::Type::Number()}});
  EXPECT_TRUE(table.Finish().ok());
}

}  // namespace
}  // namespace fediversity::schema
