#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/provider/schema/fake_resource.h"

namespace fediversity::schema {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using wire::Value;

bool IsWhole(const Value& value) { return value.number().ToInt64().has_value(); }

class Import : public ::testing::Test {
 protected:
  static Table Records() {
    Table table = MakeFakeTable({{.name = "zone", .required = true},
                                 {.name = "ttl",
                                  .optional = true,
                                  .rules = {{"must be a whole number.", &IsWhole}},
                                  .type = wire::Type::Number()},
                                 {.name = "signed", .optional = true, .type = wire::Type::Bool()},
                                 {.name = "note", .optional = true}});
    table.import_id = "{zone}/{ttl}/{signed}";
    table.identity = {"zone", "ttl"};
    return table;
  }
  ImportResponse ById(std::string id) {
    return ImportResource(resource_, {.id = std::move(id)}, process_.call());
  }
  ImportResponse ByIdentity(Value identity) {
    return ImportResource(resource_, {.identity = std::move(identity)}, process_.call());
  }

  FakeProcess process_;
  FakeResource resource_ = FakeResource::Of(Records());
};

TEST_F(Import, AnIdFillsTheTemplatesAttributes) {
  ImportResponse const response = ById("example.org/300/true");
  EXPECT_EQ(
      response.state,
      Obj({{"zone", S("example.org")}, {"ttl", N(300)}, {"signed", Value::Bool(true)}, {"note", Null()}}));
  EXPECT_EQ(response.identity, Obj({{"zone", S("example.org")}, {"ttl", N(300)}}));
  EXPECT_TRUE(response.diagnostics.empty());
}

TEST_F(Import, ABadIdSaysWhatItShouldLookLike) {
  struct Case {
    const char* id;
    const char* says;
  };
  for (const Case& bad : {Case{"example.org", "{zone}/{ttl}/{signed}"}, Case{"", "{zone}/{ttl}/{signed}"},
                          Case{"a/b/c/d", "identity"}, Case{"example.org/soon/true", "ttl"},
                          Case{"example.org/300/maybe", "neither true nor false"},
                          Case{"example.org/1.5/true", "must be a whole number"},
                          Case{"a/inf/true", "must be a whole number"}}) {
    ImportResponse const response = ById(bad.id);
    EXPECT_TRUE(response.diagnostics.has_errors()) << bad.id;
    EXPECT_TRUE(response.state.is_null()) << bad.id;
    EXPECT_FALSE(response.identity.has_value()) << bad.id;
    EXPECT_THAT(Text(response.diagnostics), HasSubstr(bad.says)) << bad.id;
  }
}

TEST_F(Import, AnIdentityNeedsAllItsParts) {
  EXPECT_EQ(ByIdentity(Obj({{"zone", S("z")}, {"ttl", N(5)}})).state,
            Obj({{"zone", S("z")}, {"ttl", N(5)}, {"signed", Null()}, {"note", Null()}}));
  for (Value const& partial : {Obj({{"zone", S("z")}}), Obj({{"zone", S("z")}, {"ttl", Null()}}),
                               Obj({{"zone", S("z")}, {"ttl", Unknown()}}), Unknown()}) {
    ImportResponse const response = ByIdentity(partial);
    EXPECT_TRUE(response.state.is_null());
    EXPECT_THAT(Text(response.diagnostics), HasSubstr("Identity is incomplete"));
  }
  EXPECT_THAT(
      Text(ByIdentity(Obj({{"zone", S("z")}, {"ttl", Value::Num(*wire::Number::Parse("0.5"))}})).diagnostics),
      HasSubstr("must be a whole number"));
}

TEST_F(Import, ATypeWithoutATemplateIsImportedByIdentityOnly) {
  Table table = Records();
  table.import_id.clear();
  FakeResource resource = FakeResource::Of(std::move(table));
  ImportResponse const response = ImportResource(resource, {.id = "x"}, process_.call());
  EXPECT_THAT(Text(response.diagnostics),
              AllOf(HasSubstr("Import by id is not possible"), HasSubstr("identity")));
}

TEST_F(Import, TheResourceCompletesOrRefuses) {
  resource_.import = [](Operation& operation, Value& state) {
    state.Set("note", S("found"));
    operation.private_state["uuid"] = "4c4c";
    return absl::OkStatus();
  };
  ImportResponse const response = ById("z/5/false");
  EXPECT_EQ(*response.state.Find("note"), S("found"));
  EXPECT_EQ(response.private_bytes, R"({"uuid":"4c4c"})");

  resource_.import = [](Operation&, Value&) { return absl::NotFoundError("No such zone\nz is not served."); };
  ImportResponse const refused = ById("z/5/false");
  EXPECT_TRUE(refused.state.is_null());
  EXPECT_EQ(Text(refused.diagnostics), "error : No such zone: z is not served.\n");
}

}  // namespace
}  // namespace fediversity::schema
