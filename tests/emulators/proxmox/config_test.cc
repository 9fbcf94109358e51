#include "tests/emulators/proxmox/emulator_fixture.h"

namespace fediversity::emulators {
namespace {

using ::testing::MatchesRegex;

class ConfigTest : public EmulatorTest {};

TEST_F(ConfigTest, AnEmptyVmGetsItsIdentity) {
  Create(120);
  Json const config = root_.Config(120);
  EXPECT_EQ(config.size(), 5U) << config;
  EXPECT_EQ(config["boot"], " ");
  EXPECT_THAT(config["smbios1"].get<std::string>(), MatchesRegex("uuid=[0-9a-f-]+"));
  EXPECT_THAT(config["meta"].get<std::string>(), MatchesRegex("creation-qemu=7.2.22,ctime=[0-9]+"));
}

TEST_F(ConfigTest, ANetworkWithoutMacGetsANewOneEveryTime) {
  Create(120, {{"net0", "virtio,bridge=vmbr0"}});
  std::string const first = Option(120, "net0");
  EXPECT_THAT(first, MatchesRegex("virtio=BC:24:11(:[0-9A-F]{2}){3},bridge=vmbr0"));
  EXPECT_EQ(Configure(120, {{"net0", "virtio,bridge=vmbr0"}}).status, 200);
  EXPECT_NE(Option(120, "net0"), first);
  EXPECT_EQ(Configure(120, {{"net0", "model=virtio,queues=2,macaddr=bc:24:11:aa:bb:cc,bridge=vmbr0"}}).status,
            200);
  EXPECT_EQ(Option(120, "net0"), "virtio=bc:24:11:aa:bb:cc,bridge=vmbr0,queues=2");
}

TEST_F(ConfigTest, DisksAreAllocatedReplacedAndDetached) {
  Create(120);
  EXPECT_EQ(Configure(120, {{"scsi0", "local:1"}}).status, 200);
  EXPECT_EQ(Option(120, "scsi0"), "local:120/vm-120-disk-0.raw,size=1G");
  std::string const volume = "local:120/vm-120-disk-0.raw";
  EXPECT_EQ(
      Configure(120, {{"scsi0", volume + ",ssd=1,iothread=1,discard=on,cache=writeback,size=99G"}}).status,
      200);
  EXPECT_EQ(Option(120, "scsi0"), volume + ",cache=writeback,discard=on,iothread=1,size=1G,ssd=1");
  EXPECT_EQ(Configure(120, {{"scsi0", volume}}).status, 200);
  EXPECT_EQ(Option(120, "scsi0"), volume + ",size=1G");
  EXPECT_EQ(Configure(120, {{"scsi0", "local:2"}}).status, 200);
  EXPECT_EQ(Option(120, "scsi0"), "local:120/vm-120-disk-1.raw,size=2G");
  EXPECT_EQ(Option(120, "unused0"), volume);
  EXPECT_EQ(Configure(120, {{"scsi0", "none"}}).status, 200);
  EXPECT_EQ(Option(120, "scsi0"), "none,media=cdrom");
  EXPECT_EQ(Option(120, "unused1"), "local:120/vm-120-disk-1.raw");
  EXPECT_EQ(Configure(120, {{"delete", "unused0"}}).status, 200);
  EXPECT_EQ(Option(120, "unused0"), "(unset)");
  EXPECT_THAT(emulator_.Volumes(), ::testing::ElementsAre("local:120/vm-120-disk-1.raw"));
  EXPECT_EQ(Configure(120, {{"virtio3", "local:120/vm-120-disk-1.raw"}}).status, 200);
  EXPECT_EQ(Option(120, "unused1"), "(unset)");
}

TEST_F(ConfigTest, ACdromDriveGoesToTheEndOfTheBootOrder) {
  Create(120, {{"scsi0", "local:1"}, {"boot", "order=scsi0"}});
  EXPECT_EQ(Configure(120, {{"ide2", "none,media=cdrom"}}).status, 200);
  EXPECT_EQ(Option(120, "boot"), "order=scsi0;ide2");
  EXPECT_EQ(Configure(120, {{"boot", "order=scsi0"}}).status, 200);
  EXPECT_EQ(Option(120, "boot"), "order=scsi0");
  EXPECT_EQ(Configure(120, {{"ide0", "local:cloudinit"}}).status, 200);
  EXPECT_EQ(Option(120, "boot"), "order=scsi0");
}

TEST_F(ConfigTest, ADriveInUseTakesAnotherMediumAndSomeOptionsOnly) {
  Create(120, {{"scsi0", "local:1"}, {"ide2", "none,media=cdrom"}});
  Start(120);
  EXPECT_EQ(Configure(120, {{"ide2", "cdrom,media=cdrom"}}).status, 200);
  std::string const volume = "local:120/vm-120-disk-0.raw";
  EXPECT_EQ(Configure(120, {{"scsi0", volume + ",mbps_rd=5"}}).status, 200);
  WithVm(120, [](Vm& vm) { EXPECT_TRUE(vm.pending.empty()) << vm.pending.begin()->first; });
  EXPECT_EQ(Configure(120, {{"scsi0", volume + ",ssd=1"}}).status, 200);
  WithVm(120, [](Vm& vm) { EXPECT_TRUE(vm.pending.contains("scsi0")); });
}

TEST_F(ConfigTest, SizesReadBackInTheirGreatestUnit) {
  Create(120, {{"scsi3", "local:0.0001"}, {"scsi4", "local:1.3"}, {"scsi5", "local:0.5"}});
  EXPECT_EQ(Option(120, "scsi3"), "local:120/vm-120-disk-0.raw,size=105K");
  EXPECT_EQ(Option(120, "scsi4"), "local:120/vm-120-disk-1.raw,size=1363149K");
  EXPECT_EQ(Option(120, "scsi5"), "local:120/vm-120-disk-2.raw,size=512M");
}

TEST_F(ConfigTest, ResizingFollowsTheCapturedArithmetic) {
  Create(121, {{"scsi0", "local:1"}, {"virtio0", "local:1,format=qcow2"}});
  const std::tuple<std::string, std::string, std::string> kSteps[] = {
      {"scsi0", "1.5G", "raw,size=1536M"},      {"scsi0", "1700000000", "raw,size=1700000000"},
      {"scsi0", "+300M", "raw,size=1967357K"},  {"scsi0", "+0.3G", "raw,size=2336696115"},
      {"scsi0", "2.25G", "raw,size=2304M"},     {"scsi0", "2415919105", "raw,size=2415919105"},
      {"virtio0", "+300M", "qcow2,size=1324M"}, {"virtio0", "1700000000", "qcow2,size=1700000000"}};
  for (const auto& [disk, size, expected] : kSteps) {
    EXPECT_EQ(root_.Run("PUT", VmPath(121, "/resize"), {{"disk", disk}, {"size", size}}), "OK") << size;
    EXPECT_THAT(Option(121, disk), ::testing::EndsWith(expected));
  }
  EXPECT_EQ(root_.Run("PUT", VmPath(121, "/resize"), {{"disk", "scsi0"}, {"size", "1G"}}),
            "shrinking disks is not supported");
  EXPECT_EQ(root_.Run("PUT", VmPath(121, "/resize"), {{"disk", "scsi7"}, {"size", "3G"}}),
            "disk 'scsi7' does not exist");
  EXPECT_EQ(
      root_.Run("PUT", VmPath(121, "/resize"), {{"disk", "virtio0"}, {"size", "+1G"}, {"digest", "11"}}),
      "checksum mismatch (file change by other user?)");
  EXPECT_EQ(root_.Put(VmPath(121, "/resize"), {{"disk", "scsi0"}, {"size", "banana"}}).body["errors"]["size"],
            "value does not match the regex pattern");
}

TEST_F(ConfigTest, TextIsPutInOrder) {
  Create(120);
  EXPECT_EQ(
      Configure(120, {{"tags", "zz;Web,a;web"}, {"description", "line1\nline2: %20 \xC3\xBCmlaut\n"}}).status,
      200);
  EXPECT_EQ(Option(120, "tags"), "a;web;zz");
  EXPECT_EQ(Option(120, "description"), "line1\nline2: %20 \xC3\xBCmlaut");
}

TEST_F(ConfigTest, TheBootOrderForgetsWhatIsGone) {
  Create(120, {{"scsi0", "local:1"}, {"net0", "virtio,bridge=vmbr0"}});
  EXPECT_EQ(Configure(120, {{"boot", "order=net0;scsi0"}}).status, 200);
  EXPECT_EQ(Configure(120, {{"delete", "net0"}}).status, 200);
  EXPECT_EQ(Option(120, "boot"), "order=scsi0");
}

TEST_F(ConfigTest, ValuesReadBackAsCaptured) {
  Create(120);
  const std::pair<std::string, std::string> kKept[] = {{"smbios1", "manufacturer=Acme"},
                                                       {"serial0", "socket"},
                                                       {"cpu", "host,flags=+aes"},
                                                       {"machine", "pc-q35-9.0"},
                                                       {"vga", "qxl,memory=64"},
                                                       {"numa", "1"},
                                                       {"hotplug", "disk,network"},
                                                       {"startup", "order=3,up=10"},
                                                       {"startdate", "now"},
                                                       {"keyboard", "de"},
                                                       {"agent", "0"},
                                                       {"cpulimit", "1.5"},
                                                       {"cpuunits", "2000"},
                                                       {"sockets", "2"},
                                                       {"vcpus", "3"},
                                                       {"balloon", "0"},
                                                       {"rng0", "source=/dev/urandom"},
                                                       {"nameserver", "1.1.1.1 8.8.8.8"},
                                                       {"searchdomain", "a.b"},
                                                       {"citype", "nocloud"},
                                                       {"ciupgrade", "0"},
                                                       {"cicustom", "user=local:snippets/u.yaml"},
                                                       {"bootdisk", "scsi0"}};
  for (const auto& [name, value] : kKept) {
    EXPECT_EQ(Configure(120, {{name, value}}).status, 200) << name;
    EXPECT_EQ(Option(120, name), value);
  }
  EXPECT_EQ(Configure(120, {{"cipassword", "not-a-secret"}}).status, 200);
  EXPECT_EQ(Option(120, "cipassword"), "**********");
}

TEST_F(ConfigTest, APutIsNotAtomic) {
  Create(120);
  EXPECT_EQ(Configure(120, {{"memory", "600"}, {"scsi1", "local:1G"}}).status, 500);
  EXPECT_EQ(Option(120, "memory"), "600");
}

TEST_F(ConfigTest, TheDigestChangesWithTheConfiguration) {
  Create(120);
  std::string const before = Option(120, "digest");
  EXPECT_EQ(Option(120, "digest"), before);
  EXPECT_EQ(Configure(120, {{"memory", "600"}, {"digest", before}}).status, 200);
  EXPECT_NE(Option(120, "digest"), before);
  EXPECT_EQ(root_.Post(VmPath(120, "/config"), {{"memory", "700"}, {"digest", before}}).reason,
            "checksum mismatch (file change by other user?)");
  EXPECT_EQ(Configure(120, {{"memory", "700"}, {"digest", ""}}).status, 200);
}

TEST_F(ConfigTest, WindowsPinsItsMachine) {
  Create(120, {{"ostype", "win11"}, {"machine", "q35"}});
  EXPECT_EQ(Option(120, "machine"), "pc-q35-7.2");
}

TEST_F(ConfigTest, ACloudInitDriveIsDeletedBeforeItIsElsewhere) {
  Create(100, {{"ide2", "local:cloudinit"}});
  TestAnswer const refused = Configure(100, {{"delete", "ide2"}, {"ide0", "local:cloudinit"}});
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused.reason, "ide0 - cloud-init drive is already attached at 'ide2'");
  EXPECT_EQ(Configure(100, {{"delete", "ide2"}}).status, 200);
  EXPECT_EQ(Configure(100, {{"ide0", "local:cloudinit"}}).status, 200);
  EXPECT_EQ(Option(100, "ide0"), "local:100/vm-100-cloudinit.qcow2,media=cdrom");
}

class PendingTest : public EmulatorTest {
 protected:
  void SetUp() override {
    Create(100, {{"memory", "512"},
                 {"cores", "1"},
                 {"net0", "virtio,bridge=vmbr0"},
                 {"scsi0", "local:1"},
                 {"agent", "1"}});
    Start(100);
  }
  Json Pending(const std::string& key) {
    for (const Json& row : root_.Get(VmPath(100, "/pending")).data()) {
      if (row["key"] == key) return row;
    }
    return nullptr;
  }
};

TEST_F(PendingTest, ARunningVmKeepsWhatItCannotTake) {
  EXPECT_EQ(Configure(100, {{"memory", "768"}, {"cores", "2"}, {"name", "web1b"}}).status, 200);
  EXPECT_EQ(Pending("memory"), Json({{"key", "memory"}, {"value", "512"}, {"pending", "768"}}));
  EXPECT_EQ(Pending("cores"), Json({{"key", "cores"}, {"value", 1}, {"pending", 2}}));
  EXPECT_EQ(Pending("name"), Json({{"key", "name"}, {"value", "web1b"}}));
  EXPECT_EQ(root_.Config(100)["memory"], "768");
  EXPECT_EQ(root_.Config(100, {{"current", "1"}})["memory"], "512");
  EXPECT_EQ(Configure(100, {{"revert", "memory"}}).status, 200);
  EXPECT_EQ(Pending("memory"), Json({{"key", "memory"}, {"value", "512"}}));
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/stop")), "OK");
  EXPECT_EQ(root_.Config(100, {{"current", "1"}})["cores"], 2);
}

TEST_F(PendingTest, ARefusedUnplugStaysPending) {
  WithVm(100, [](Vm& vm) { vm.guest.releases_devices = false; });
  TestAnswer const answer = Configure(100, {{"delete", "net0,agent"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body["errors"]["net0"],
            "hotplug problem - error on hot-unplugging device 'net0' - still busy in guest?\n");
  EXPECT_EQ(Pending("net0")["delete"], 1);
  EXPECT_EQ(Pending("agent"), Json({{"key", "agent"}, {"value", "1"}, {"delete", 1}}));
  EXPECT_EQ(Pending("boot"),
            Json({{"key", "boot"}, {"value", "order=scsi0;net0"}, {"pending", "order=scsi0"}}));
  EXPECT_EQ(Option(100, "net0"), "(unset)");
}

TEST_F(PendingTest, DisksAndNetworksArePluggedAtOnce) {
  EXPECT_EQ(Configure(100, {{"scsi1", "local:1"}, {"net1", "virtio,bridge=vmbr0"}}).status, 200);
  EXPECT_TRUE(root_.Config(100, {{"current", "1"}}).contains("scsi1"));
  EXPECT_TRUE(root_.Config(100, {{"current", "1"}}).contains("net1"));
  EXPECT_EQ(Configure(100, {{"delete", "scsi1"}}).status, 200);
  EXPECT_EQ(Option(100, "unused0"), "local:100/vm-100-disk-1.raw");
}

TEST_F(PendingTest, CloudInitTellsWhatTheDriveDoesNotHaveYet) {
  EXPECT_EQ(Configure(100, {{"ciuser", "ops"}}).status, 200);
  EXPECT_EQ(root_.Get(VmPath(100, "/cloudinit")).data(),
            Json::array({{{"key", "ciuser"}, {"pending", "ops"}}}));
  EXPECT_EQ(root_.Put(VmPath(100, "/cloudinit")).status, 200);
  EXPECT_EQ(root_.Get(VmPath(100, "/cloudinit")).data(),
            Json::array({{{"key", "ciuser"}, {"value", "ops"}}}));
  EXPECT_EQ(Configure(100, {{"ciuser", "root"}}).status, 200);
  EXPECT_EQ(root_.Get(VmPath(100, "/cloudinit")).data(),
            Json::array({{{"key", "ciuser"}, {"value", "ops"}, {"pending", "root"}}}));
}

}  // namespace
}  // namespace fediversity::emulators
