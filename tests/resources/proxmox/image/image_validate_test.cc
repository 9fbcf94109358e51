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

TEST_F(ImageValidateTest, OnlyIsoImagesAreUnpacked) {
  EXPECT_THAT(Validated(R"({"url": "https://example.org/x.zst", "compression": "zst"})"),
              ElementsAre(ErrorOn("compression", "unpacks ISO images only", "`import`")));
  EXPECT_THAT(Validated(R"({"url": "https://example.org/x.zst", "compression": "zst", "content": "vztmpl",
                            "file_name": "x.tar"})"),
              ElementsAre(ErrorOn("compression", "unpacks ISO images only", "`vztmpl`")));
  EXPECT_THAT(Validated(R"({"url": "https://example.org/x.zst", "compression": "zst", "content": "iso",
                            "file_name": "x.img"})"),
              IsEmpty());
}

TEST_F(ImageValidateTest, NamesEndAsTheContentTypeSays) {
  auto const named = [this](const std::string& content, const std::string& name) {
    return Validated(Cat({R"({"path": "x", "content": ")", content, R"(", "file_name": ")", name, "\"}"}));
  };
  for (const char* const name : {"x.qcow2", "x.raw", "x.vmdk", "x.ova"}) {
    EXPECT_THAT(named("import", name), IsEmpty()) << name;
    EXPECT_THAT(named("iso", name), ElementsAre(ErrorOn("file_name", "does not take", ".iso, .img"))) << name;
  }
  for (const char* const name : {"x.iso", "x.img", "x.ISO"}) {
    EXPECT_THAT(named("iso", name), IsEmpty()) << name;
    EXPECT_THAT(named("import", name), ElementsAre(ErrorOn("file_name", "does not take", ".qcow2"))) << name;
  }
  for (const char* const name : {"x.tar", "x.tar.gz", "x.tar.xz", "x.tar.zst", "x.tar.bz2"}) {
    EXPECT_THAT(named("vztmpl", name), IsEmpty()) << name;
    EXPECT_THAT(named("import", name), ElementsAre(ErrorOn("file_name", "does not take", ".qcow2"))) << name;
  }
  EXPECT_THAT(Validated(R"({"file_name": "x.ovf"})"), IsEmpty()) << "whatever there is can be imported";
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
