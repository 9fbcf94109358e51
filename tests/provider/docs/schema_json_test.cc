#include "provider/docs/schema_json.h"

#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/provider/docs/sample_provider.h"
#include "tests/support/golden.h"

namespace fediversity::docs {
namespace {

TEST(SchemaJsonTest, SaysWhatOpenTofuSays) {
  testing::ExpectGolden("docs/schema.json", RenderSchemaJson(SampleProvider()));
}

TEST(SchemaJsonTest, LeavesOutWhatIsFalse) {
  auto const json = nlohmann::json::parse(RenderSchemaJson(SampleProvider()));
  EXPECT_EQ(json["format_version"], "1.0");
  auto const& provider = json["provider_schemas"]["registry.opentofu.org/fediversity/fediversity"];
  auto const& server = provider["resource_schemas"]["sample_rack_server"];
  EXPECT_EQ(server["version"], 0);
  EXPECT_EQ(server["block"]["attributes"]["aliases"],
            nlohmann::json::parse(R"({"type": ["set", "string"], "description": "Other names.",
                                      "description_kind": "markdown", "optional": true})"));
  EXPECT_EQ(provider["resource_identity_schemas"]["sample_rack_server"]["attributes"].size(), 2U);
  EXPECT_FALSE(provider.contains("functions"));
}

}  // namespace
}  // namespace fediversity::docs
