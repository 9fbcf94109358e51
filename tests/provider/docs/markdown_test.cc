#include "provider/docs/markdown.h"

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "provider/base/text.h"
#include "tests/provider/docs/sample_provider.h"
#include "tests/support/golden.h"

namespace fediversity::docs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;

// Stands for the folder of examples: every file says what it is, but for the one called `missing`.
ExampleSource Examples(std::string missing = "") {
  return [missing = std::move(missing)](std::string_view path) -> std::optional<std::string> {
    if (path == missing) return std::nullopt;
    return Cat({"# ", path});
  };
}

TEST(MarkdownTest, RendersOnePageForEachThingServed) {
  auto const pages = RenderDocs(SampleProvider(), Examples());
  ASSERT_TRUE(pages.ok()) << pages.status();
  EXPECT_THAT(*pages, ElementsAre(Key("data-sources/rack_room.md"), Key("ephemeral-resources/rack_code.md"),
                                  Key("index.md"), Key("resources/rack_server.md")));
}

TEST(MarkdownTest, RendersTheIndex) {
  testing::ExpectGolden("docs/index.md", RenderDocs(SampleProvider(), Examples())->at("index.md"));
}

TEST(MarkdownTest, RendersAResource) {
  testing::ExpectGolden("docs/resource.md",
                        RenderDocs(SampleProvider(), Examples())->at("resources/rack_server.md"));
}

TEST(MarkdownTest, RendersADataSource) {
  testing::ExpectGolden("docs/data-source.md",
                        RenderDocs(SampleProvider(), Examples())->at("data-sources/rack_room.md"));
}

TEST(MarkdownTest, RendersAnEphemeralResource) {
  testing::ExpectGolden("docs/ephemeral-resource.md",
                        RenderDocs(SampleProvider(), Examples())->at("ephemeral-resources/rack_code.md"));
}

TEST(MarkdownTest, NamesTheExampleThatIsMissing) {
  for (const char* const path :
       {"provider/provider.tf", "data-sources/sample_rack_room/data-source.tf",
        "ephemeral-resources/sample_rack_code/ephemeral-resource.tf",
        "resources/sample_rack_server/resource.tf", "resources/sample_rack_server/import.tf",
        "resources/sample_rack_server/import.sh", "resources/sample_rack_server/import-by-identity.tf"}) {
    absl::Status const status = RenderDocs(SampleProvider(), Examples(path)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  }
}

TEST(MarkdownTest, ReadsExamplesFromAFolder) {
  ExampleSource const examples = ExamplesIn("tests/golden");
  EXPECT_EQ(examples("golden-sample.txt"), "two\nlines\n");
  EXPECT_EQ(examples("docs"), std::nullopt);
  EXPECT_EQ(examples("no/such/file.tf"), std::nullopt);
}

}  // namespace
}  // namespace fediversity::docs
