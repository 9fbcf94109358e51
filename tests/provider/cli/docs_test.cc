#include <string>

#include "tests/provider/cli/cli_fixture.h"

namespace fediversity::cli {
namespace {

using ::testing::HasSubstr;

class DocsTest : public CliTest {
 protected:
  DocsTest() {
    WriteExample("provider/provider.tf");
    for (const auto& resource : provider_.resources) {
      for (const char* const file : {"resource.tf", "import.sh", "import.tf", "import-by-identity.tf"}) {
        WriteExample("resources/" + resource->table().name + "/" + file);
      }
    }
    for (const auto& source : provider_.data_sources) {
      WriteExample("data-sources/" + source->table().name + "/data-source.tf");
    }
    for (const auto& resource : provider_.ephemeral_resources) {
      WriteExample("ephemeral-resources/" + resource->table().name + "/ephemeral-resource.tf");
    }
  }
  void WriteExample(const std::string& example) {
    Write("examples/" + example, "# example " + example + "\n");
  }
  std::optional<int> WriteDocs() {
    return Run(
        {"docs", "--examples", (folder_ / "examples").string(), "--output", (folder_ / "docs").string()});
  }
};

TEST_F(DocsTest, WritesAPageForEachTypeWithItsExample) {
  ASSERT_EQ(WriteDocs(), 0) << err_;
  EXPECT_THAT(Read(folder_ / "docs/index.md"), HasSubstr("# example provider/provider.tf"));
  std::string const page = Read(folder_ / "docs/resources/dns_record_set.md");
  EXPECT_THAT(page, HasSubstr("# example resources/fediversity_dns_record_set/resource.tf"));
  EXPECT_THAT(page, HasSubstr("`ttl`"));
  EXPECT_THAT(Read(folder_ / "docs/data-sources/dns_record_set.md"),
              HasSubstr("wildcards and aliases are not followed"));
  EXPECT_THAT(Read(folder_ / "docs/data-sources/dns_zone.md"), HasSubstr("`record_sets`"));
  EXPECT_THAT(Read(folder_ / "docs/ephemeral-resources/garage_key_secret.md"), HasSubstr("`secret`"));
  EXPECT_EQ(out_ + err_, "");
}

TEST_F(DocsTest, PagesOfWhatIsGoneGoAndThoseWrittenByHandStay) {
  std::string const stale = Write("docs/resources/dns_bygone.md", "stale");
  std::string const by_hand = Write("docs/guides/migration.md", "by hand");
  ASSERT_EQ(WriteDocs(), 0) << err_;
  EXPECT_FALSE(std::filesystem::exists(stale));
  EXPECT_EQ(Read(by_hand), "by hand");
}

TEST_F(DocsTest, MissingExampleIsNamedAndNothingIsTouched) {
  std::string const page = Write("docs/resources/dns_record_set.md", "as before");
  std::filesystem::remove(folder_ / "examples/data-sources/fediversity_dns_zone/data-source.tf");
  EXPECT_EQ(WriteDocs(), 1);
  EXPECT_THAT(err_, HasSubstr("data-sources/fediversity_dns_zone/data-source.tf"));
  EXPECT_EQ(Read(page), "as before");
}

TEST_F(DocsTest, OutputThatCannotBeWrittenIsNamed) {
  std::string const file = Write("file", "");
  EXPECT_EQ(Run({"docs", "--examples", (folder_ / "examples").string(), "--output", file}), 1);
  EXPECT_THAT(err_, HasSubstr(file));
}

TEST_F(DocsTest, MisuseIsRefused) {
  EXPECT_EQ(Run({"docs", "elsewhere"}), 2);
  EXPECT_THAT(err_, HasSubstr("\"elsewhere\" is not understood here"));
  EXPECT_EQ(Run({"docs", "--out", "x"}), 2);
}

}  // namespace
}  // namespace fediversity::cli
