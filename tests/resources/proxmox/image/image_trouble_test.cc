// Files that are in the way, and transfers that fail.

#include "provider/base/text.h"
#include "resources/proxmox/image.h"
#include "tests/resources/proxmox/image/image_fixture.h"

namespace fediversity::resources {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::IsEmpty;

constexpr const char* kUpload = "/nodes/pve1/storage/local/upload";
constexpr const char* kDownload = "/nodes/pve1/storage/local/download-url";

class ImageTroubleTest : public ImageTest {
 protected:
  std::string FromFile(const std::string& content, const std::string& more = "") {
    return Cat({R"({"path": ")", Write("local.qcow2", content), R"(")", more, "}"});
  }
};

TEST_F(ImageTroubleTest, AFileInTheWayOfAnUploadIsNotTouched) {
  PutVolume("local:import/x.qcow2", "by hand");
  EXPECT_FALSE(Apply(FromFile("of this machine")));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "exists already", "pve1/local:import/x.qcow2")));
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("by hand")));
  EXPECT_EQ(proxmox_.Count("POST|PUT|DELETE", ".*"), 0);
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTroubleTest, AFileInTheWayOfADownloadIsNotTouched) {
  Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "by hand");
  EXPECT_FALSE(Apply(kFromUrl));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "exists already", "adopt = true")));
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("by hand")));
}

TEST_F(ImageTroubleTest, TheSameContentInTheWayIsTakenOver) {
  std::string const sum = Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "content");
  ASSERT_TRUE(Apply(Cat({R"({"url": ")", kUrl, R"(", "checksum": ")", sum, R"("})"}))) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + sum));
}

TEST_F(ImageTroubleTest, AnotherChecksumInTheWayIsNotTouched) {
  std::string const sum = Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "by hand");
  proxmox_.AddFault({.action = Fault::Action::kFailTask,
                     .method = "POST",
                     .path = kDownload,
                     .message = "checksum mismatch: got 'aa' != expect 'bb', aborting"});
  EXPECT_FALSE(Apply(Cat({R"({"url": ")", kUrl, R"(", "checksum": ")", sum, R"("})"})));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "exists already", "whose checksum is another one")));
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("by hand")));
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTroubleTest, AdoptOverwritesWithTheLocalFile) {
  PutVolume("local:import/x.qcow2", "by hand");
  ASSERT_TRUE(Apply(FromFile("of this machine", R"(, "adopt": true)"))) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("of this machine")));
}

TEST_F(ImageTroubleTest, AdoptDownloadsInPlaceOfWhatIsThere) {
  Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "by hand");
  std::string const adopting = Cat({R"({"url": ")", kUrl, R"(", "adopt": true})"});
  ASSERT_TRUE(Apply(adopting)) << host_.Errors();
  EXPECT_EQ(State("size"), "7");
  EXPECT_EQ(proxmox_.Count("DELETE", ".*/content/.*"), 1);
  EXPECT_EQ(Planned(adopting), Action::kNoOp);
}

TEST_F(ImageTroubleTest, WhatIsThereStaysWhereTheUrlHasNothing) {
  PutVolume("local:import/x.qcow2", "by hand");
  EXPECT_FALSE(Apply(Cat({R"({"url": ")", kUrl, R"(", "adopt": true})"})));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("url", "nothing to download", "404 Not Found")));
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("by hand")));
  EXPECT_FALSE(host_.exists());
}

// Some servers sign a URL for GET only, and some credentials may download but not ask.
TEST_F(ImageTroubleTest, AdoptDownloadsWhatCannotBeAskedFor) {
  Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "by hand");
  proxmox_.AddFault({.method = "GET",
                     .path = ".*/query-url-metadata",
                     .message = "invalid server response: '403 Forbidden'"});
  ASSERT_TRUE(Apply(Cat({R"({"url": ")", kUrl, R"(", "adopt": true})"}))) << host_.Errors();
  EXPECT_EQ(State("size"), "7");
}

// The host kept nothing of an apply whose process was killed.
TEST_F(ImageTroubleTest, WhatAKilledApplyHasLeftIsOverwritten) {
  Serve(kUrl, "content");
  proxmox_.AddFault(
      {.action = Fault::Action::kCutAfter, .method = "POST", .path = kDownload, .on_strike = [this] {
         journal_.Die();
       }});
  proxmox_.AddFault({.action = Fault::Action::kCutBefore, .method = "DELETE", .times = 1000});
  EXPECT_FALSE(Apply(kFromUrl));
  proxmox_.ClearFaults();
  journal_.ComeBack();
  ASSERT_FALSE(Held().empty());
  auto const its_resource = MakeProxmoxImage(backends_.proxmox, backends_.journal);
  oracle::Host next(*its_resource);
  Configure();
  auto const plan = next.MakePlan(Config(kFromUrl));
  ASSERT_TRUE(plan.has_value()) << next.Errors();
  proxmox_.ForgetRequests();
  ASSERT_TRUE(next.Apply(*plan)) << next.Errors();
  EXPECT_EQ(proxmox_.Count("DELETE", ".*/content/.*"), 1);
  EXPECT_EQ(proxmox_.Count("POST", kDownload), 1);
  EXPECT_TRUE(journal_.IsEmpty());
}

TEST_F(ImageTroubleTest, WhatWasThereBeforeAKilledApplyIsLeftAlone) {
  Serve(kUrl, "content");
  PutVolume("local:import/x.qcow2", "by hand");
  proxmox_.AddFault(
      {.action = Fault::Action::kCutBefore, .path = ".*/content", .times = 1000, .on_strike = [this] {
         journal_.Die();
       }});
  EXPECT_FALSE(Apply(kFromUrl));
  proxmox_.ClearFaults();
  journal_.ComeBack();
  EXPECT_FALSE(Apply(kFromUrl));
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("by hand")));
}

TEST_F(ImageTroubleTest, AnUploadThatFailsHalfWayLeavesNothing) {
  proxmox_.AddFault({.action = Fault::Action::kFailTaskAfter,
                     .method = "POST",
                     .path = kUpload,
                     .message = "import failed: No space left on device"});
  EXPECT_FALSE(Apply(FromFile("content")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "No space left on device", "")));
  EXPECT_THAT(proxmox_.Volumes(), IsEmpty());
  EXPECT_FALSE(host_.exists());
  ASSERT_TRUE(Apply(FromFile("content"))) << host_.Errors();
}

// Somebody else puts it between the listing and the download.
TEST_F(ImageTroubleTest, AFileThatCameMeanwhileOutlivesTheDownloadThatItGetsInTheWayOf) {
  Serve(kUrl, "content");
  for (const char* message :
       {"refusing to override existing file '/var/lib/vz/import/x.qcow2'",
        "checksum mismatch: got 'aa' != expect 'bb', aborting", "download failed: exit code 8"}) {
    proxmox_.AddFault(
        {.action = Fault::Action::kFailTaskAfter, .method = "POST", .path = kDownload, .message = message});
    EXPECT_FALSE(Apply(kFromUrl));
    EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", message, ""))) << message;
    EXPECT_THAT(proxmox_.Volumes(), ElementsAre("local:import/x.qcow2")) << message;
    EXPECT_FALSE(host_.exists());
    proxmox_.With([](emulators::Cluster& cluster) { cluster.RemoveVolume("local:import/x.qcow2", "pve1"); });
  }
}

TEST_F(ImageTroubleTest, AFileThatCameMeanwhileOutlivesAnUploadThatIsRefused) {
  proxmox_.AddFault({.action = Fault::Action::kAnswerAfter,
                     .method = "POST",
                     .path = kUpload,
                     .status = 403,
                     .message = "Permission check failed (/storage/local, Datastore.AllocateTemplate)"});
  EXPECT_FALSE(Apply(FromFile("content")));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "lack Datastore.AllocateTemplate", "")));
  EXPECT_THAT(proxmox_.Volumes(), ElementsAre("local:import/x.qcow2"));
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTroubleTest, AFileThatCameMeanwhileOutlivesAnUploadOfTheWrongContent) {
  proxmox_.AddFault({.action = Fault::Action::kFailTaskAfter,
                     .method = "POST",
                     .path = kUpload,
                     .message = "checksum mismatch: got 'aa' != expect 'bb'"});
  EXPECT_FALSE(Apply(FromFile("content")));
  EXPECT_THAT(proxmox_.Volumes(), ElementsAre("local:import/x.qcow2"));
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTroubleTest, AnUploadWhoseOutcomeNobodyKnowsIsRecorded) {
  proxmox_.AddFault({.action = Fault::Action::kCutAfter, .method = "POST", .path = kUpload});
  EXPECT_FALSE(Apply(FromFile("content")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "", "It is recorded in state")));
  EXPECT_TRUE(host_.tainted());
  ASSERT_TRUE(Apply(FromFile("content"))) << host_.Errors();
  EXPECT_THAT(Held(), ElementsAre("local:import/x.qcow2 " + Sha256("content")));
  EXPECT_FALSE(host_.tainted());
  EXPECT_EQ(Planned(FromFile("content")), Action::kNoOp);
}

TEST_F(ImageTroubleTest, APartThatCannotBeDeletedIsRecorded) {
  proxmox_.AddFault({.action = Fault::Action::kFailTaskAfter, .method = "POST", .path = kUpload});
  proxmox_.AddFault(
      {.action = Fault::Action::kAnswerBefore, .method = "DELETE", .path = ".*", .message = "busy"});
  EXPECT_FALSE(Apply(FromFile("content")));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "emulated failure", "busy")));
  EXPECT_TRUE(host_.tainted());
  ASSERT_TRUE(Apply(FromFile("content"))) << host_.Errors();
  EXPECT_THAT(proxmox_.Volumes(), ElementsAre("local:import/x.qcow2"));
}

TEST_F(ImageTroubleTest, ATaskThatEndsWellWithoutAFileIsAnError) {
  proxmox_.AddFault({.action = Fault::Action::kFailTask, .method = "POST", .path = kUpload, .message = "OK"});
  EXPECT_FALSE(Apply(FromFile("content")));
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "is not there although its transfer ended well", "")));
  EXPECT_FALSE(host_.exists());
}

TEST_F(ImageTroubleTest, AStorageThatLacksTheContentIsRefusedByTheService) {
  Serve(kUrl, "content");
  EXPECT_FALSE(Apply(Cat({R"({"url": ")", kUrl, R"(", "storage": "local-lvm"})"})));
  EXPECT_THAT(diagnostics(), Contains(ErrorOn("", "local-lvm", "")));
}

TEST_F(ImageTroubleTest, AnImageIsNotGoneBecauseItsStorageIsNotListed) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.RemoveVolume("local:import/x.qcow2", "pve1");
    cluster.storages["local"].content.erase("import");
  });
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(),
              ElementsAre(ErrorOn("", "not configured for the content type import", "tofu state rm")));
  proxmox_.With([](emulators::Cluster& cluster) { cluster.storages.erase("local"); });
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "lists no such storage", "")));
  EXPECT_TRUE(host_.exists());
}

TEST_F(ImageTroubleTest, AnImageIsNotGoneBecauseItsNodeIsDown) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(Cat({R"({"url": ")", kUrl, R"(", "node": "pve2"})"}))) << host_.Errors();
  proxmox_.SetNodeOnline("pve2", false);
  Configure();
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "cannot be reached", "")));
  EXPECT_TRUE(host_.exists());
}

TEST_F(ImageTroubleTest, AnImageIsNotGoneBecauseItMayNotBeSeen) {
  Serve(kUrl, "content");
  ASSERT_TRUE(Apply(kFromUrl)) << host_.Errors();
  Configure(proxmox_.MakeToken("nobody@pve", "t", "PVEVMUser", "/vms"));
  EXPECT_FALSE(host_.Refresh());
  EXPECT_THAT(diagnostics(), ElementsAre(ErrorOn("", "the credentials lack", "/storage/local")));
  EXPECT_TRUE(host_.exists());
}

TEST_F(ImageTroubleTest, WarningsOfTheTaskAreShown) {
  proxmox_.AddFault({.action = Fault::Action::kWarnTask, .method = "POST", .path = kUpload});
  ASSERT_TRUE(Apply(FromFile("content"))) << host_.Errors();
  EXPECT_THAT(diagnostics(),
              ElementsAre(testing::WarningOn("", "Proxmox warns about local:import/x.qcow2", "")));
}

}  // namespace
}  // namespace fediversity::resources
