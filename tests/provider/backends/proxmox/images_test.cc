// Storages, volumes and downloads.

#include "tests/provider/backends/proxmox/api_fixture.h"

namespace fediversity::proxmox {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class ImagesTest : public ApiTest {
 protected:
  static constexpr const char* kVolume = "DELETE /nodes/pve/storage/local/content/local:iso/tiny.iso";
  absl::Status Delete() { return api_->DeleteVolume("pve", "local:iso/tiny.iso", Limits()).status(); }
};

TEST_F(ImagesTest, VolumesAreListedByKind) {
  service_->On(
      "GET /nodes/pve/storage/local/content?content=iso",
      Data(R"([{"volid": "local:iso/tiny.iso", "content": "iso", "format": "iso", "size": 3145728}])"));
  auto const volumes = api_->ListVolumes("pve", "local", "iso", Limits());
  ASSERT_TRUE(volumes.ok()) << volumes.status();
  EXPECT_EQ((*volumes)->front().volid, "local:iso/tiny.iso");
  EXPECT_EQ((*volumes)->front().size, 3145728);
}

TEST_F(ImagesTest, OneListingOfEachKindServesAll) {
  service_->On("GET /nodes/pve/storage/local/content?content=iso", Data("[]"));
  service_->On("GET /nodes/pve/storage/local/content?content=import", Data("[]"));
  service_->On("GET /nodes/pve/storage/other/content?content=iso", Data("[]"));
  auto const list_all = [this] {
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(api_->ListVolumes("pve", "local", "iso", Limits()).ok());
      EXPECT_TRUE(api_->ListVolumes("pve", "local", "import", Limits()).ok());
      EXPECT_TRUE(api_->ListVolumes("pve", "other", "iso", Limits()).ok());
    }
  };
  list_all();
  EXPECT_THAT(service_->lines(), SizeIs(3));
  OnTask(kVolume);
  ASSERT_TRUE(Delete().ok());
  service_->Forget();
  list_all();
  EXPECT_THAT(service_->lines(), SizeIs(3)) << "a write is followed by a new look";
}

TEST_F(ImagesTest, AFailedListingIsTriedByTheNext) {
  service_->On("GET /nodes/pve/storage/local/content?content=iso",
               {Failure(403, "Permission check failed (/storage/local, Datastore.Audit)"), Data("[]")});
  EXPECT_TRUE(absl::IsPermissionDenied(api_->ListVolumes("pve", "local", "iso", Limits()).status()));
  EXPECT_TRUE(api_->ListVolumes("pve", "local", "iso", Limits()).ok());
}

TEST_F(ImagesTest, AStorageThatIsNotThereIsNotFound) {
  service_->On("GET /nodes/pve/storage/nosuch/content", Failure(500, "storage 'nosuch' does not exist"));
  EXPECT_TRUE(absl::IsNotFound(api_->ListVolumes("pve", "nosuch", "", Limits()).status()));
}

TEST_F(ImagesTest, TheNodeDownloads) {
  OnTask("POST /nodes/pve/storage/local/download-url");
  ASSERT_TRUE(api_->DownloadUrl({.node = "pve",
                                 .storage = "local",
                                 .content = "import",
                                 .filename = "x.qcow2",
                                 .url = "https://example.org/x.qcow2",
                                 .checksum = Checksum{"sha256", "ab"},
                                 .compression = "zst",
                                 .verify_certificates = false},
                                Limits())
                  .ok());
  EXPECT_EQ(
      service_->lines().front(),
      "POST /nodes/pve/storage/local/download-url url=https%3A%2F%2Fexample.org%2Fx.qcow2&content=import"
      "&filename=x.qcow2&checksum-algorithm=sha256&checksum=ab&compression=zst&verify-certificates=0");
}

TEST_F(ImagesTest, ADownloadThatFailsSaysWhy) {
  OnTask("POST /nodes/pve/storage/local/download-url", "download failed: 404 Not Found");
  EXPECT_THAT(
      Text(api_->DownloadUrl({.node = "pve", .storage = "local", .filename = "x.iso"}, Limits()).status()),
      HasSubstr("storage local on node pve: downloading x.iso: download failed: 404 Not Found"));
}

// The service names the URL in the exit status, and its log does again and again.
TEST_F(ImagesTest, WhatGivesAccessToAUrlIsNotShown) {
  std::string const url = "https://ops:fake-password@images.example/x.iso?expires=5&sig=obviously-fake#top";
  std::string const log = R"([{"n": 1, "t": "downloading )" + url + R"( to /x.iso"},
                              {"n": 2, "t": "WARNING: )" +
                          url + R"( is old"}])";
  DownloadRequest const request{.node = "pve", .storage = "local", .filename = "x.iso", .url = url};
  constexpr const char* kDownload = "POST /nodes/pve/storage/local/download-url";
  constexpr const char* kShown = "https://(secret)@images.example/x.iso?(secret)#top";
  OnTask(kDownload, "download failed: wget '" + url + "' failed", log);
  std::string const text = Text(api_->DownloadUrl(request, Limits()).status());
  EXPECT_THAT(text, HasSubstr(std::string("download failed: wget '") + kShown + "' failed"));
  EXPECT_THAT(text, HasSubstr(std::string("downloading ") + kShown + " to /x.iso"));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("fake-password")), Not(HasSubstr("obviously-fake"))));
  OnTask(kDownload, "WARNINGS: 1", log);
  auto const done = api_->DownloadUrl(request, Limits());
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(done->warnings, ElementsAre(std::string("WARNING: ") + kShown + " is old"));
  service_->On(kDownload, BadParameters(R"({"url": "cannot fetch ')" + url + R"('"})"));
  EXPECT_THAT(Text(api_->DownloadUrl(request, Limits()).status()), Not(HasSubstr("obviously-fake")));
}

TEST_F(ImagesTest, WhatGivesAccessToAUrlIsNotShownWhereItIsTried) {
  std::string const url = "https://ops:fake-password@images.example/x.iso?sig=obviously-fake";
  constexpr std::string_view kTried = "GET /nodes/pve/query-url-metadata";
  for (auto const& reply : {Failure(500, "invalid server response: '404 Not Found' for " + url), Lost()}) {
    service_->On(std::string(kTried), reply);
    std::string const text = Text(api_->TryUrl("pve", url, true, Limits()));
    EXPECT_THAT(text, AllOf(Not(HasSubstr("fake-password")), Not(HasSubstr("obviously-fake"))));
  }
}

TEST_F(ImagesTest, AVolumeThatIsGoneIsDeleted) {
  OnTask(kVolume);
  EXPECT_TRUE(Delete().ok());
  service_->On(kVolume, Failure(500, "volume 'local:iso/tiny.iso' does not exist"));
  EXPECT_TRUE(Delete().ok());
  service_->On(kVolume, Failure(500, "storage 'local' does not exist"));
  EXPECT_FALSE(Delete().ok()) << "a storage that is not configured any more may still hold it";
  service_->On(kVolume, Failure(403, "Permission check failed (/storage/local, Datastore.Allocate)"));
  EXPECT_TRUE(absl::IsPermissionDenied(Delete()));
  EXPECT_TRUE(absl::IsInvalidArgument(api_->DeleteVolume("pve", "tiny.iso", Limits()).status()));
}

}  // namespace
}  // namespace fediversity::proxmox
