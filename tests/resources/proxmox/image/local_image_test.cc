// What `path` stands for where it is the output of a build, as Nix leaves it: a directory, and a link to it.

#include "resources/proxmox/local_image.h"

#include "provider/base/text.h"
#include "tests/resources/proxmox/image/image_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::HasSubstr;

class LocalImageTest : public ImageTest {
 protected:
  // A store with one output in it, and the link "result" to that.
  void SetUp() override {
    ImageTest::SetUp();
    std::filesystem::create_directories(folder_ / "store/abc-nixos/nix-support");
    std::filesystem::create_directory_symlink("store/abc-nixos", folder_ / "result");
    Write("store/abc-nixos/nix-support/hydra-build-products", "file qcow2 /nix/store/abc-nixos/nixos.qcow2");
  }
  std::string Result() const { return (folder_ / "result").string(); }
  std::string ConfigOf(const std::string& path) const { return Cat({R"({"path": ")", path, R"("})"}); }
};

TEST_F(LocalImageTest, TheOneImageOfAnOutputIsUploaded) {
  Write("store/abc-nixos/nixos.qcow2", "built");
  Write("store/abc-nixos/README", "beside it");
  std::string const config = ConfigOf(Result());
  auto const plan = host_.MakePlan(Config(config));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_EQ(plan->after.Find("checksum")->string(), Sha256("built"));
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("built")));
  EXPECT_EQ(Planned(config), Action::kNoOp);
}

TEST_F(LocalImageTest, AnotherBuildOfTheSameContentChangesNothing) {
  Write("store/abc-nixos/nixos.qcow2", "built");
  ASSERT_TRUE(Apply(ConfigOf(Result()))) << host_.Errors();
  std::filesystem::create_directories(folder_ / "store/def-nixos");
  Write("store/def-nixos/other-name.qcow2", "built");
  std::filesystem::remove(folder_ / "result");
  std::filesystem::create_directory_symlink("store/def-nixos", folder_ / "result");
  EXPECT_EQ(Planned(ConfigOf(Result())), Action::kNoOp);
  Write("store/def-nixos/other-name.qcow2", "built anew");
  EXPECT_EQ(Planned(ConfigOf(Result())), Action::kReplace);
  ASSERT_TRUE(Apply(ConfigOf(Result()))) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("built anew")));
}

TEST_F(LocalImageTest, AnOutputThatIsMadeDuringTheRunIsUploaded) {
  auto const plan = host_.MakePlan(Config(ConfigOf((folder_ / "later").string())));
  ASSERT_TRUE(plan.has_value()) << host_.Errors();
  EXPECT_TRUE(plan->after.Find("checksum")->is_unknown());
  std::filesystem::create_directories(folder_ / "later");
  Write("later/disk.raw", "made meanwhile");
  ASSERT_TRUE(host_.Apply(*plan)) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("made meanwhile")));
}

TEST_F(LocalImageTest, SeveralImagesAreAnErrorThatNamesThem) {
  Write("store/abc-nixos/a.qcow2", "one");
  Write("store/abc-nixos/b.img", "two");
  EXPECT_FALSE(Apply(ConfigOf(Result())));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("path", "several images", "a.qcow2, b.img")));
}

TEST_F(LocalImageTest, NoImageIsAnErrorThatNamesWhatThereIs) {
  Write("store/abc-nixos/nixos.qcow2.zst", "packed");
  EXPECT_FALSE(Apply(ConfigOf(Result())));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("path", "no image", "holds nixos.qcow2.zst.")));
}

TEST_F(LocalImageTest, ThePlaceAndTheKindAreThoseOfNixpkgs) {
  auto const find = [this](std::string_view content) {
    auto const found = FindLocalImage(Result(), content);
    return found.ok() ? std::filesystem::path(*found).lexically_relative(Result()).string()
                      : std::string(found.status().message());
  };
  std::filesystem::create_directories(folder_ / "store/abc-nixos/iso");
  std::filesystem::create_directories(folder_ / "store/abc-nixos/tarball");
  Write("store/abc-nixos/iso/nixos.iso", "iso");
  Write("store/abc-nixos/tarball/nixos.tar.xz", "tarball");
  Write("elsewhere", "disk");
  std::filesystem::create_symlink("../../elsewhere", folder_ / "store/abc-nixos/nixos.img");
  EXPECT_EQ(find("import"), "nixos.img");
  EXPECT_EQ(find("vztmpl"), "tarball/nixos.tar.xz");
  EXPECT_THAT(find("iso"), AllOf(HasSubstr("several"), HasSubstr("iso/nixos.iso, nixos.img")));
}

TEST_F(LocalImageTest, ADirectoryOrLinkThatLeadsNowhereIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(FindLocalImage((folder_ / "none").string(), "import").status()));
  std::filesystem::create_symlink("none", folder_ / "dangling");
  EXPECT_TRUE(absl::IsNotFound(FindLocalImage((folder_ / "dangling").string(), "import").status()));
}

}  // namespace
}  // namespace fediversity::resources
