// What replaces an image, and what does not.

#include "provider/base/text.h"
#include "tests/emulators/proxmox/storage_files.h"
#include "tests/resources/proxmox/image/image_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;
using testing::WarningOn;

constexpr const char* kMirror = "https://mirror.example.org/nixos.qcow2";

std::string FromUrl(const std::string& url, const std::string& checksum = "", const std::string& more = "") {
  std::string const sum = checksum.empty() ? "" : Cat({R"(, "checksum": ")", checksum, R"(")"});
  return Cat({R"({"url": ")", url, R"(")", sum, more, "}"});
}
std::string FromFile(const std::string& path, const std::string& more = "") {
  return Cat({R"({"path": ")", path, R"(")", more, "}"});
}

class ImagePlanTest : public ImageTest {
 protected:
  // How often content was written or deleted.
  int Writes() const { return proxmox_.Count("POST|PUT|DELETE", ".*"); }
};

TEST_F(ImagePlanTest, AnotherUrlOfTheSameContentChangesNothing) {
  std::string const sum = Serve(kUrl, "content");
  Serve(kMirror, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum))) << host_.Errors();
  proxmox_.ForgetRequests();
  EXPECT_EQ(Planned(FromUrl(kMirror, sum)), Action::kUpdate);
  ASSERT_TRUE(Apply(FromUrl(kMirror, sum))) << host_.Errors();
  EXPECT_EQ(Writes(), 0);
  EXPECT_EQ(Planned(FromUrl(kMirror, sum)), Action::kNoOp);
}

TEST_F(ImagePlanTest, TheSameChecksumInCapitalsIsTheSame) {
  std::string const sum = Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum))) << host_.Errors();
  std::string capitals = sum;
  for (char& digit : capitals) digit = static_cast<char>(std::toupper(digit));
  EXPECT_EQ(Planned(FromUrl(kUrl, capitals)), Action::kNoOp);
}

TEST_F(ImagePlanTest, AnotherChecksumReplaces) {
  std::string const sum = Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum))) << host_.Errors();
  std::string const next = Serve(kUrl, "next release");
  EXPECT_EQ(Planned(FromUrl(kUrl, next)), Action::kReplace);
  ASSERT_TRUE(Apply(FromUrl(kUrl, next))) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + next));
}

TEST_F(ImagePlanTest, AnotherUrlWithoutChecksumReplaces) {
  Serve(kUrl, "content");
  Serve(kMirror, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl))) << host_.Errors();
  EXPECT_EQ(Planned(FromUrl(kMirror)), Action::kReplace);
}

TEST_F(ImagePlanTest, AChecksumThatIsAddedIsCheckedByTheNode) {
  std::string const sum = Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "content");
  ASSERT_TRUE(Import("pve1/local:import/x.qcow2")) << host_.Errors();
  EXPECT_EQ(Planned(FromUrl(kUrl, sum)), Action::kUpdate);
  proxmox_.ForgetRequests();
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum))) << host_.Errors();
  EXPECT_EQ(proxmox_.Count("POST", ".*/download-url"), 1);
  EXPECT_EQ(proxmox_.Count("DELETE", ".*"), 0);
  EXPECT_EQ(State("checksum"), Cat({"\"", sum, "\""}));
  EXPECT_EQ(Planned(FromUrl(kUrl, sum)), Action::kNoOp);
}

TEST_F(ImagePlanTest, AChecksumThatIsAddedAndDoesNotHoldIsAnError) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl))) << host_.Errors();
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "POST",
                     .path = ".*/download-url",
                     .message = "checksum mismatch: got 'aa' != expect 'bb', aborting"});
  EXPECT_FALSE(Apply(FromUrl(kUrl, Sha256("other"))));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("checksum", "has another checksum", "-replace")));
  EXPECT_EQ(State("checksum"), "null");
  EXPECT_FALSE(host_.tainted());
}

TEST_F(ImagePlanTest, AChecksumThatIsLeftOutIsKept) {
  std::string const sum = Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum))) << host_.Errors();
  EXPECT_EQ(Planned(FromUrl(kUrl)), Action::kNoOp);
}

TEST_F(ImagePlanTest, AnotherCompressionReplaces) {
  std::string const sum = Serve(kUrl, "content");
  std::string const iso = R"(, "content": "iso", "file_name": "x.iso")";
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum, iso))) << host_.Errors();
  EXPECT_EQ(Planned(FromUrl(kUrl, sum, iso + R"(, "compression": "zst")")), Action::kReplace);
}

TEST_F(ImagePlanTest, AFileWithAnotherContentReplaces) {
  std::string const path = Write("local.qcow2", "first");
  ASSERT_TRUE(Apply(FromFile(path))) << host_.Errors();
  Write("local.qcow2", "other");  // of the same size
  EXPECT_EQ(Planned(FromFile(path)), Action::kReplace);
  ASSERT_TRUE(Apply(FromFile(path))) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("other")));
  EXPECT_EQ(Planned(FromFile(path)), Action::kNoOp);
}

TEST_F(ImagePlanTest, TheSameContentElsewhereChangesNothing) {
  ASSERT_TRUE(Apply(FromFile(Write("a.qcow2", "content")))) << host_.Errors();
  proxmox_.ForgetRequests();
  std::string const other = FromFile(Write("b.qcow2", "content"));
  ASSERT_TRUE(Apply(other)) << host_.Errors();
  EXPECT_EQ(Writes(), 0);
  // Neither does a download of it.
  std::string const sum = Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl, sum))) << host_.Errors();
  EXPECT_EQ(Writes(), 0);
}

TEST_F(ImagePlanTest, AnotherAlgorithmForTheSameFileChangesNothing) {
  std::string const path = Write("local.qcow2", "content");
  ASSERT_TRUE(Apply(FromFile(path))) << host_.Errors();
  proxmox_.ForgetRequests();
  std::string const sha512 =
      FromFile(path, Cat({R"(, "checksum": "sha512:)", emulators::HexDigest("sha512", "content"), R"(")"}));
  ASSERT_TRUE(Apply(sha512)) << host_.Errors();
  EXPECT_EQ(Writes(), 0);
  EXPECT_EQ(Planned(sha512), Action::kNoOp);
}

TEST_F(ImagePlanTest, AFileThatIsGoneChangesNothing) {
  std::string const path = Write("local.qcow2", "content");
  ASSERT_TRUE(Apply(FromFile(path))) << host_.Errors();
  std::filesystem::remove(path);
  EXPECT_EQ(Planned(FromFile(path)), Action::kNoOp);
  EXPECT_THAT(diagnostics(), ElementsAre(WarningOn("path", "is not there", "stays as it is")));
}

TEST_F(ImagePlanTest, AFileThatIsNotTheOneThatIsConfiguredIsAnError) {
  std::string const path = Write("local.qcow2", "content");
  EXPECT_FALSE(host_.MakePlan(Config(FromFile(path, Cat({R"(, "checksum": ")", Sha256("other"), R"(")"}))))
                   .has_value());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("checksum", "another one", Sha256("content"))));
}

TEST_F(ImagePlanTest, ContentThatSomebodyElseChangedIsReplaced) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl))) << host_.Errors();
  PutVolume("local:import/x.qcow2", "something else");
  EXPECT_EQ(Planned(FromUrl(kUrl)), Action::kReplace);
  ASSERT_TRUE(Apply(FromUrl(kUrl))) << host_.Errors();
  EXPECT_EQ(State("size"), "7");
  EXPECT_EQ(Planned(FromUrl(kUrl)), Action::kNoOp);
}

TEST_F(ImagePlanTest, AnotherNameOrStorageReplaces) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl))) << host_.Errors();
  EXPECT_EQ(Planned(FromUrl(kUrl, "", R"(, "file_name": "y.qcow2")")), Action::kReplace);
  EXPECT_EQ(Planned(FromUrl(kUrl, "", R"(, "storage": "shared")")), Action::kReplace);
  EXPECT_EQ(Planned(FromUrl(kUrl, "", R"(, "node": "pve2")")), Action::kReplace);
}

TEST_F(ImagePlanTest, AnotherNodeOfASharedStorageChangesNothing) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(FromUrl(kUrl, "", R"(, "storage": "shared")"))) << host_.Errors();
  std::string const other_node = FromUrl(kUrl, "", R"(, "storage": "shared", "node": "pve2")");
  proxmox_.ForgetRequests();
  EXPECT_EQ(Planned(other_node), Action::kUpdate);
  ASSERT_TRUE(Apply(other_node)) << host_.Errors();
  EXPECT_EQ(Writes(), 0);
  EXPECT_EQ(Planned(other_node), Action::kNoOp);
}

}  // namespace
}  // namespace fediversity::resources
