#include "provider/base/text.h"
#include "resources/proxmox/image_model.h"
#include "tests/resources/proxmox/image/image_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::IsEmpty;

class ImageValidateTest : public ImageTest {
 protected:
  std::vector<schema::Diagnostic> Validated(const std::string& json) {
    return schema::ValidateConfig(*resource_, Config(json), {.cancel = never_}).list();
  }
  CancelToken never_;
};

TEST_F(ImageValidateTest, AtMostOneSource) {
  EXPECT_THAT(Validated(R"({"url": "https://example.org/x.qcow2"})"), IsEmpty());
  EXPECT_THAT(Validated(R"({"path": "x.qcow2"})"), IsEmpty());
  EXPECT_THAT(Validated("{}"), IsEmpty()) << "what was imported came from nowhere";
  EXPECT_THAT(Validated(R"({"path": "x.qcow2", "url": "https://example.org/x.qcow2"})"),
              ElementsAre(ErrorOn("url", "do not go together", "url")));
}

TEST_F(ImageValidateTest, OptionsOfDownloadsAreNoneOfUploads) {
  EXPECT_THAT(Validated(R"({"path": "x.qcow2", "compression": "zst"})"),
              ElementsAre(ErrorOn("path", "do not go together", "compression")));
  EXPECT_THAT(Validated(R"({"path": "x.qcow2", "verify_certificates": false})"),
              ElementsAre(ErrorOn("verify_certificates", "Nothing to verify", "")));
}

TEST_F(ImageValidateTest, FormsOfValues) {
  EXPECT_THAT(Validated(R"({"url": "ftp://example.org/x.qcow2"})"), ElementsAre(ErrorOn("url", "", "http")));
  EXPECT_THAT(Validated(R"({"path": "x", "file_name": "a b.qcow2"})"),
              ElementsAre(ErrorOn("file_name", "", "")));
  EXPECT_THAT(Validated(R"({"path": "x", "file_name": "../x.qcow2"})"),
              ElementsAre(ErrorOn("file_name", "", "")));
  EXPECT_THAT(Validated(R"({"path": "x", "content": "images"})"),
              ElementsAre(ErrorOn("content", "", "vztmpl")));
  EXPECT_THAT(Validated(R"({"path": "x", "checksum": "sha256:12"})"),
              ElementsAre(ErrorOn("checksum", "", "64")));
  EXPECT_THAT(Validated(R"({"path": ""})"), ElementsAre(ErrorOn("path", "No file", "")));
  EXPECT_THAT(Validated(R"({"path": "x", "storage": "local:import"})"),
              ElementsAre(ErrorOn("storage", "", "")));
}

TEST(ImageChecksumTest, IsReadInAnyCase) {
  std::string const digits(40, 'A');
  auto const sum = ParseChecksum(Cat({"SHA1:", digits}));
  ASSERT_TRUE(sum.has_value());
  EXPECT_EQ(FormatChecksum(*sum), "sha1:" + std::string(40, 'a'));
}

TEST(ImageChecksumTest, RefusesWhatIsNone) {
  for (const std::string& text :
       {std::string("sha1"), std::string("sha1:"), "sha1:" + std::string(39, 'a'),
        "sha1:" + std::string(40, 'g'), "sha3:" + std::string(40, 'a'), std::string(":")}) {
    EXPECT_FALSE(ParseChecksum(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace fediversity::resources
