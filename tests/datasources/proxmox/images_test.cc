#include "datasources/proxmox/images.h"

#include "tests/datasources/proxmox/source_fixture.h"

namespace fediversity::datasources {
namespace {

using ::testing::ElementsAre;
using testing::ErrorOn;
using ::testing::IsEmpty;

class ProxmoxImagesTest : public ProxmoxSourceTest {
 protected:
  ProxmoxImagesTest() : ProxmoxSourceTest(MakeProxmoxImages) {}

  void SetUp() override {
    ProxmoxSourceTest::SetUp();
    proxmox_.With([](emulators::Cluster& cluster) {
      auto const add = [&cluster](const std::string& id, const std::string& content,
                                  const std::string& format, std::uint64_t size, int vmid = 0) {
        emulators::Volume volume{.id = id, .storage = "local", .node = "pve1", .vmid = vmid};
        volume.content = content;
        volume.format = format;
        volume.size = size;
        volume.ctime = 1'795'415'729;
        cluster.AddVolume(volume);
      };
      add("local:iso/tiny.iso", "iso", "iso", 3'145'728);
      add("local:import/nixos.qcow2", "import", "qcow2", 196'616);
      add("local:vztmpl/debian.tar.zst", "vztmpl", "tzst", 1);
      add("local:100/vm-100-disk-0.raw", "images", "raw", 1'073'741'824, 100);
    });
  }
};

TEST_F(ProxmoxImagesTest, AreSortedByIdAndReadInOneRequest) {
  auto const read = Read(R"({"node": "pve1", "storage": "local"})");
  EXPECT_THAT(Column(read, "images", "id"),
              ElementsAre(R"("local:import/nixos.qcow2")", R"("local:iso/tiny.iso")",
                          R"("local:vztmpl/debian.tar.zst")"))
      << "disks of VMs are no images";
  EXPECT_THAT(Column(read, "images", "file_name"),
              ElementsAre(R"("nixos.qcow2")", R"("tiny.iso")", R"("debian.tar.zst")"));
  EXPECT_THAT(Column(read, "images", "content"), ElementsAre(R"("import")", R"("iso")", R"("vztmpl")"));
  EXPECT_THAT(Column(read, "images", "format"), ElementsAre(R"("qcow2")", R"("iso")", R"("tzst")"));
  EXPECT_THAT(Column(read, "images", "size"), ElementsAre("196616", "3145728", "1"));
  EXPECT_EQ(Column(read, "images", "created_at").front(), R"("2026-11-23T06:35:29Z")");
  EXPECT_THAT(Requests(), ElementsAre("GET /nodes/pve1/storage/local/content"));
}

TEST_F(ProxmoxImagesTest, CanBeOfOneKind) {
  EXPECT_THAT(Column(Read(R"({"node": "pve1", "storage": "local", "content": "iso"})"), "images", "id"),
              ElementsAre(R"("local:iso/tiny.iso")"));
  EXPECT_THAT(Column(Read(R"({"node": "pve2", "storage": "local"})"), "images", "id"), IsEmpty());
}

TEST_F(ProxmoxImagesTest, AStorageThatIsNotThereIsAnError) {
  EXPECT_THAT(
      Read(R"({"node": "pve1", "storage": "none"})").diagnostics.list(),
      ElementsAre(ErrorOn("storage", "storage 'none' does not exist", "/nodes/pve1/storage/none/content")));
}

TEST_F(ProxmoxImagesTest, ConfigurationIsChecked) {
  EXPECT_THAT(Validated(R"({"node": "pve1", "storage": "local", "content": "images"})"),
              ElementsAre(ErrorOn("content", "", "vztmpl")));
  EXPECT_THAT(Validated(R"({"node": "pve1"})"), ElementsAre(ErrorOn("storage", "Missing value", "")));
  EXPECT_THAT(Validated(R"({"node": "pve1", "storage": "local"})"), IsEmpty());
}

}  // namespace
}  // namespace fediversity::datasources
