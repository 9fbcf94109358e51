#include "tests/emulators/proxmox/emulator_fixture.h"

namespace fediversity::emulators {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LifecycleTest : public EmulatorTest {};

TEST_F(LifecycleTest, PowerTasksTellTheirOutcome) {
  Create(100, {{"name", "w"}});
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/stop")), "OK");
  Start(100);
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/start")), "VM 100 already running");
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current")).data()["status"], "running");
  EXPECT_EQ(root_.Delete(VmPath(100)).reason, "VM 100 is running - destroy failed");
  EXPECT_EQ(root_.Post(VmPath(100, "/template")).reason,
            "you can't convert a VM to template if VM is running");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/suspend")), "OK");
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current")).data()["qmpstatus"], "paused");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/resume")), "OK");
  WithVm(100, [](Vm& vm) { vm.guest.answers_shutdown = false; });
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/shutdown"), {{"timeout", "2"}}),
            "VM quit/powerdown failed - got timeout");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/shutdown"), {{"timeout", "2"}, {"forceStop", "1"}}), "OK");
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current")).data()["status"], "stopped");
}

TEST_F(LifecycleTest, AStartThatFailsDoesNotFailTheCreation) {
  Create(122, {{"scsi0", "local:1"}, {"net0", "virtio,bridge=vmbr77"}, {"start", "1"}});
  EXPECT_EQ(root_.Get(VmPath(122, "/status/current")).data()["status"], "stopped");
  EXPECT_EQ(root_.Run("POST", VmPath(122, "/status/start")), "bridge 'vmbr77' does not exist");
}

TEST_F(LifecycleTest, AFailedCreationLeavesNoConfigurationAndNoDisk) {
  EXPECT_THAT(root_.Run("POST", "/nodes/pve/qemu",
                        {{"vmid", "122"}, {"scsi0", "local:1"}, {"scsi1", "local:900000000"}}),
              HasSubstr("The image size is too large for file format 'raw'"));
  EXPECT_EQ(root_.Run("POST", "/nodes/pve/qemu",
                      {{"vmid", "122"}, {"scsi0", "local:0,import-from=local:import/none.qcow2"}}),
            "unable to create VM 122 - failed to stat '/var/lib/vz/import/none.qcow2'");
  EXPECT_THAT(emulator_.Vmids(), IsEmpty());
  EXPECT_THAT(emulator_.Volumes(), IsEmpty());
}

TEST_F(LifecycleTest, ClonesHaveAnIdentityOfTheirOwn) {
  Create(100, {{"name", "w1"},
               {"scsi0", "local:1"},
               {"scsi1", "local:1,format=qcow2"},
               {"ide2", "local:cloudinit"},
               {"net0", "virtio,bridge=vmbr0"},
               {"tags", "a;b"}});
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/clone"), {{"newid", "101"}, {"name", "c1"}, {"full", "1"}}),
            "OK");
  Json const source = root_.Config(100);
  Json const clone = root_.Config(101);
  for (const char* const name : {"smbios1", "vmgenid", "net0"}) EXPECT_NE(clone[name], source[name]);
  for (const char* const name : {"meta", "tags", "boot"}) EXPECT_EQ(clone[name], source[name]);
  EXPECT_EQ(clone["scsi0"], "local:101/vm-101-disk-0.raw,size=1G");
  EXPECT_EQ(clone["scsi1"], "local:101/vm-101-disk-1.qcow2,size=1G");
  EXPECT_EQ(clone["ide2"], "local:101/vm-101-cloudinit.qcow2,media=cdrom");
}

TEST_F(LifecycleTest, LinkedClonesHoldTheirTemplate) {
  Create(101, {{"scsi0", "local:1"}, {"scsi1", "local:1,format=qcow2,discard=on"}});
  EXPECT_EQ(root_.Run("POST", VmPath(101, "/template")), "OK");
  EXPECT_EQ(Option(101, "scsi1"), "local:101/base-101-disk-1.qcow2,discard=on,size=1G");
  EXPECT_EQ(root_.Run("POST", VmPath(101, "/status/start")), "you can't start a vm if it's a template");
  EXPECT_EQ(root_.Post(VmPath(101, "/clone"), {{"newid", "103"}, {"storage", "local"}}).reason,
            "parameter 'storage' not allowed for linked clones");
  EXPECT_EQ(root_.Run("POST", VmPath(101, "/clone"), {{"newid", "102"}, {"name", "linked"}}), "OK");
  EXPECT_EQ(Option(102, "scsi0"), "local:101/base-101-disk-0.raw/102/vm-102-disk-0.qcow2,size=1G");
  EXPECT_EQ(Option(102, "scsi1"),
            "local:101/base-101-disk-1.qcow2/102/vm-102-disk-1.qcow2,discard=on,size=1G");
  EXPECT_EQ(Configure(102, {{"scsi3", "local:0.5"}}).status, 200);
  EXPECT_EQ(Option(102, "scsi3"), "local:102/vm-102-disk-2.raw,size=512M");
  EXPECT_EQ(root_.Post(VmPath(101, "/clone"), {{"newid", "102"}}).reason,
            "unable to create VM 102: config file already exists");
  EXPECT_EQ(root_.Run("DELETE", VmPath(101)),
            "base volume 'local:101/base-101-disk-0.raw' is still in use by linked cloned");
  EXPECT_EQ(root_.Run("DELETE", VmPath(102)), "OK");
  EXPECT_EQ(root_.Run("DELETE", VmPath(101)), "OK");
  EXPECT_THAT(emulator_.Volumes(), IsEmpty());
}

TEST_F(LifecycleTest, ACloneSaysWhatIsMissing) {
  Create(121, {{"scsi0", "local:1"}});
  auto const clone = [&](const Params& more) {
    Params params = {{"newid", "123"}, {"full", "1"}};
    params.insert(more.begin(), more.end());
    return root_.Post(VmPath(121, "/clone"), params).reason;
  };
  EXPECT_EQ(clone({{"storage", "nosuch"}}), "storage 'nosuch' does not exist");
  EXPECT_EQ(clone({{"target", "othernode"}}), "no such cluster node 'othernode'");
  EXPECT_EQ(clone({{"snapname", "nosnap"}}), "snapshot 'nosnap' does not exist");
  EXPECT_EQ(clone({{"pool", "nopool"}}), "Permission check failed (pool 'nopool' does not exist)");
  EXPECT_EQ(root_.Post(VmPath(999, "/clone"), {{"newid", "123"}}).reason,
            "unable to find configuration file for VM 999 on node 'pve'");
}

TEST_F(LifecycleTest, DeletionLeavesOrTakesWhatNoVmNames) {
  Create(100, {{"scsi0", "local:1"}});
  EXPECT_EQ(
      root_
          .Post("/nodes/pve/storage/local/content",
                {{"filename", "vm-100-disk-9.qcow2"}, {"size", "1G"}, {"vmid", "100"}, {"format", "qcow2"}})
          .data(),
      "local:100/vm-100-disk-9.qcow2");
  EXPECT_EQ(root_.Run("DELETE", VmPath(100), {{"purge", "1"}}), "OK");
  EXPECT_THAT(emulator_.Volumes(), ElementsAre("local:100/vm-100-disk-9.qcow2"));
  Create(100);
  EXPECT_EQ(root_.Run("DELETE", VmPath(100), {{"destroy-unreferenced-disks", "1"}}), "OK");
  EXPECT_THAT(emulator_.Volumes(), IsEmpty());
}

TEST_F(LifecycleTest, AProtectedVmStays) {
  Create(100, {{"protection", "1"}});
  EXPECT_EQ(root_.Delete(VmPath(100)).reason, "can't remove VM 100 - protection mode enabled");
}

TEST_F(LifecycleTest, AnImageIsUploadedAndImported) {
  std::string image(196'616, '\0');
  image.replace(0, 4, "QFI\xfb");
  image[28] = 4;  // 64 MiB, most significant byte first
  auto const upload = [&](const std::string& fields, const std::string& name) {
    std::string const body = fields +
                             "--x\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"" + name +
                             "\"\r\n\r\n" + image + "\r\n--x--\r\n";
    return root_.SendBody("POST", "/nodes/pve/storage/local/upload", body, "multipart/form-data; boundary=x");
  };
  const std::string kContent = "--x\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nimport\r\n";
  EXPECT_EQ(upload("", "img.qcow2").body["errors"]["content"], "property is missing and it is not optional");
  EXPECT_EQ(upload(kContent, "img.txt").body["errors"]["filename"], "wrong file extension");
  EXPECT_EQ(upload(kContent, "img.qcow2").status, 200);
  EXPECT_THAT(emulator_.Volumes(), ElementsAre("local:import/img.qcow2"));
  Create(110, {{"scsi0", "local:0,import-from=local:import/img.qcow2,format=qcow2"},
               {"bios", "ovmf"},
               {"efidisk0", "local:1,efitype=4m,pre-enrolled-keys=0"}});
  EXPECT_EQ(Option(110, "scsi0"), "local:110/vm-110-disk-1.qcow2,size=64M");
  EXPECT_EQ(Option(110, "efidisk0"), "local:110/vm-110-disk-0.raw,efitype=4m,pre-enrolled-keys=0,size=528K");
  EXPECT_EQ(root_.Post(VmPath(110, "/move_disk"), {{"disk", "scsi0"}, {"storage", "local"}}).reason,
            "you can't move to the same storage with same format");
  EXPECT_EQ(root_.Run("POST", VmPath(110, "/move_disk"),
                      {{"disk", "scsi0"}, {"storage", "local"}, {"format", "raw"}, {"delete", "1"}}),
            "OK");
  EXPECT_EQ(Option(110, "scsi0"), "local:110/vm-110-disk-2.raw,size=64M");
  EXPECT_EQ(root_.Run("DELETE", "/nodes/pve/storage/local/content/local:import/img.qcow2"), "OK");
  EXPECT_THAT(emulator_.Volumes(), Not(Contains("local:import/img.qcow2")));
}

TEST_F(LifecycleTest, ADownloadChecksWhatItFetched) {
  emulator_.With([](Cluster& cluster) {
    cluster.served["https://images.test/x.qcow2"] = {
        .size = 1000, .virtual_size = 1 << 20, .sums = {{"sha256", "abc"}}};
  });
  Params params = {{"url", "https://images.test/x.qcow2"},
                   {"filename", "x.qcow2"},
                   {"content", "import"},
                   {"checksum", "bad"},
                   {"checksum-algorithm", "sha256"}};
  const std::string path = "/nodes/pve/storage/local/download-url";
  EXPECT_EQ(root_.Run("POST", path, params), "checksum mismatch: got 'abc' != expect 'bad'");
  EXPECT_THAT(emulator_.Volumes(), IsEmpty());
  params["checksum"] = "abc";
  EXPECT_EQ(root_.Run("POST", path, params), "OK");
  EXPECT_EQ(root_.Run("POST", path, params), "OK");
  params["checksum"] = "other";
  EXPECT_EQ(root_.Run("POST", path, params), "checksum mismatch: got 'abc' != expect 'other', aborting");
  EXPECT_THAT(emulator_.Volumes(), ElementsAre("local:import/x.qcow2"));
  params.erase("checksum");
  params.erase("checksum-algorithm");
  EXPECT_EQ(root_.Run("POST", path, params),
            "refusing to override existing file '/var/lib/vz/import/x.qcow2'");
  params["url"] = "https://images.test/none.qcow2";
  params["filename"] = "y.qcow2";
  EXPECT_THAT(root_.Run("POST", path, params), HasSubstr("failed: exit code 8"));
}

TEST_F(LifecycleTest, SnapshotsNeedAStorageThatHasThem) {
  Create(100, {{"scsi0", "local:1,format=qcow2"}, {"memory", "512"}});
  Create(101, {{"scsi0", "local:1"}});
  EXPECT_EQ(root_.Run("POST", VmPath(101, "/snapshot"), {{"snapname", "s1"}}),
            "snapshot feature is not available");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/snapshot"), {{"snapname", "s1"}}), "OK");
  EXPECT_EQ(Configure(100, {{"memory", "768"}}).status, 200);
  EXPECT_EQ(Option(100, "parent"), "s1");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/snapshot/s1/rollback")), "OK");
  EXPECT_EQ(Option(100, "memory"), "512");
  EXPECT_EQ(root_.Run("DELETE", VmPath(100, "/snapshot/s2")), "snapshot 's2' does not exist");
  EXPECT_EQ(root_.Run("DELETE", VmPath(100, "/snapshot/s1")), "OK");
  EXPECT_EQ(root_.Get(VmPath(100, "/snapshot")).data().size(), 1U);
}

TEST_F(LifecycleTest, ARollbackTakesTheSizeOfADiskBack) {
  Create(100, {{"scsi0", "local:1,format=qcow2"}});
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/snapshot"), {{"snapname", "s1"}}), "OK");
  EXPECT_EQ(root_.Run("PUT", VmPath(100, "/resize"), {{"disk", "scsi0"}, {"size", "+1G"}}), "OK");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/snapshot/s1/rollback")), "OK");
  EXPECT_EQ(root_.Get("/nodes/pve/storage/local/content").data()[0]["size"], 1 << 30);
}

TEST_F(LifecycleTest, OnlyIsoFilesAreUnpacked) {
  TestAnswer const refused =
      root_.Post("/nodes/pve/storage/local/download-url", {{"url", "https://images.test/x.qcow2"},
                                                           {"filename", "x.qcow2"},
                                                           {"content", "import"},
                                                           {"compression", "gz"}});
  EXPECT_EQ(refused.reason, "decompression not supported for import");
}

TEST_F(LifecycleTest, TheAgentAnswersIfItRuns) {
  Create(100);
  const std::string path = VmPath(100, "/agent/network-get-interfaces");
  EXPECT_EQ(root_.Get(path).reason, "No QEMU guest agent configured");
  EXPECT_EQ(Configure(100, {{"agent", "enabled=1"}}).status, 200);
  EXPECT_EQ(root_.Get(path).reason, "VM 100 is not running");
  Start(100);
  EXPECT_EQ(root_.Get(path).reason, "QEMU guest agent is not running");
  WithVm(100, [](Vm& vm) {
    vm.guest.agent_runs = true;
    vm.guest.interfaces = {{{"name", "eth0"}, {"hardware-address", "bc:24:11:00:00:01"}}};
    vm.guest.files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAA\n";
  });
  EXPECT_EQ(root_.Get(path).data()["result"][0]["name"], "eth0");
  Params const file = {{"file", "/etc/ssh/ssh_host_ed25519_key.pub"}};
  EXPECT_EQ(root_.Get(VmPath(100, "/agent/file-read"), file).data()["content"], "ssh-ed25519 AAAA\n");
}

// Three nodes.
class ClusterTest : public EmulatorTest {
 protected:
  ClusterTest() : EmulatorTest(Version::kNine, {"pve1", "pve2", "pve3"}) {}
};

TEST_F(ClusterTest, AVmMovesWithItsDisks) {
  Create(100, {{"scsi0", "local:1"}, {"scsi1", "shared:1"}}, "pve1");
  const std::string migrate = VmPath(100, "/migrate", "pve1");
  EXPECT_EQ(root_.Post(migrate, {{"target", "nonode"}}).reason, "no such cluster node 'nonode'");
  EXPECT_EQ(root_.Post(migrate, {{"target", "pve1"}}).body["errors"]["target"], "target is local node.");
  EXPECT_EQ(root_.Run("POST", migrate, {{"target", "pve2"}}), "OK");
  EXPECT_EQ(root_.Get(VmPath(100, "/config", "pve1")).reason,
            "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist");
  EXPECT_EQ(root_.Get(VmPath(100, "/config", "pve2")).data()["scsi0"], "local:100/vm-100-disk-0.raw,size=1G");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/start", "pve2")), "OK");
  const std::string back = VmPath(100, "/migrate", "pve2");
  EXPECT_EQ(root_.Post(back, {{"target", "pve3"}}).reason, "can't migrate running VM without --online");
  EXPECT_THAT(root_.Run("POST", back, {{"target", "pve3"}, {"online", "1"}}),
              HasSubstr("without with-local-disks"));
  EXPECT_EQ(root_.Run("POST", back, {{"target", "pve3"}, {"online", "1"}, {"with-local-disks", "1"}}), "OK");
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current", "pve3")).data()["status"], "running");
}

TEST_F(ClusterTest, ANodeThatIsDownAnswersThroughNobody) {
  Create(100, {}, "pve2");
  emulator_.SetNodeOnline("pve2", false);
  TestAnswer const answer = root_.Get(VmPath(100, "/config", "pve2"));
  EXPECT_EQ(answer.status, 595);
  EXPECT_EQ(answer.reason, "No route to host");
  EXPECT_TRUE(answer.body.is_null());
  Json const nodes = root_.Get("/nodes").data();
  EXPECT_EQ(nodes[1]["status"], "offline");
}

TEST_F(ClusterTest, HaTakesAVmFromANodeThatFailed) {
  Create(100, {{"scsi0", "shared:1"}}, "pve2");
  EXPECT_EQ(root_.Post("/cluster/ha/resources", {{"sid", "vm:100"}, {"state", "started"}}).status, 200);
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current", "pve2")).data()["status"], "running");
  emulator_.SetNodeOnline("pve2", false);
  emulator_.Refresh();
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current", "pve1")).data()["ha"]["managed"], 1);
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/stop", "pve1")), "OK");
  EXPECT_EQ(root_.Get("/cluster/ha/resources/vm:100").data()["state"], "stopped");
  EXPECT_EQ(root_.Get(VmPath(100, "/status/current", "pve1")).data()["status"], "stopped");
}

TEST_F(ClusterTest, AClonesTargetNeedsSharedDisks) {
  Create(100, {{"scsi0", "local:1"}}, "pve1");
  Create(101, {{"scsi0", "shared:1"}}, "pve1");
  Params const params = {{"newid", "200"}, {"full", "1"}, {"target", "pve2"}};
  EXPECT_EQ(root_.Post(VmPath(100, "/clone", "pve1"), params).reason,
            "can't clone VM to node 'pve2' (VM uses local storage)");
  EXPECT_EQ(root_.Run("POST", VmPath(101, "/clone", "pve1"), params), "OK");
  EXPECT_EQ(root_.Get(VmPath(200, "/config", "pve2")).data()["scsi0"],
            "shared:200/vm-200-disk-0.raw,size=1G");
}

TEST_F(ClusterTest, AClonesTargetNeedsSharedCdroms) {
  root_.Run("POST", "/nodes/pve1/qemu",
            {{"vmid", "100"}, {"scsi0", "shared:1"}, {"ide2", "local:cloudinit"}});
  Params const params = {{"newid", "200"}, {"full", "1"}, {"target", "pve2"}};
  EXPECT_EQ(root_.Post(VmPath(100, "/clone", "pve1"), params).reason,
            "can't clone VM to node 'pve2' (VM uses local storage)");
  WithVm(100, [](Vm& vm) { vm.config["ide2"] = "none,media=cdrom"; });
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/clone", "pve1"), params), "OK");
}

TEST_F(ClusterTest, ALinkedCloneIsWhereItsBaseIs) {
  Create(100, {{"scsi0", "shared:1"}}, "pve1");
  ASSERT_EQ(root_.Run("POST", VmPath(100, "/template", "pve1")), "OK");
  for (const auto& [parameter, value] : {std::pair{"storage", "shared"}, {"format", "qcow2"}}) {
    EXPECT_EQ(root_.Post(VmPath(100, "/clone", "pve1"), {{"newid", "200"}, {parameter, value}}).reason,
              std::string("parameter '") + parameter + "' not allowed for linked clones");
  }
}

TEST_F(ClusterTest, TheTpmStateOfARunningVmIsNotCopied) {
  Create(100, {{"scsi0", "shared:1"}, {"tpmstate0", "shared:1,version=v2.0"}}, "pve1");
  ASSERT_EQ(root_.Run("POST", VmPath(100, "/status/start", "pve1")), "OK");
  Params const params = {{"newid", "200"}, {"full", "1"}};
  EXPECT_EQ(root_.Post(VmPath(100, "/clone", "pve1"), params).reason,
            "cannot clone TPM state while VM is running");
  ASSERT_EQ(root_.Run("POST", VmPath(100, "/status/stop", "pve1")), "OK");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/clone", "pve1"), params), "OK");
}

TEST_F(ClusterTest, ALockedVmDoesNotMove) {
  Create(100, {{"scsi0", "local:1"}}, "pve1");
  WithVm(100, [](Vm& vm) { vm.config["lock"] = "backup"; });
  TestAnswer const answer = root_.Post(VmPath(100, "/migrate", "pve1"), {{"target", "pve2"}});
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.reason, "VM is locked (backup)");
}

TEST_F(ClusterTest, AMoveToOtherStoragesNeedsRightsOnThem) {
  Create(100, {{"scsi0", "local:1"}}, "pve1");
  emulator_.With([](Cluster& cluster) {
    cluster.access.roles["mover"] = {"VM.Migrate"};
    cluster.access.roles["changer"] = {"VM.Migrate", "VM.Config.Disk"};
    return 0;
  });
  auto const move = [&](const TestClient& client, const char* storage) {
    return client.Post(VmPath(100, "/migrate", "pve1"), {{"target", "pve2"}, {"targetstorage", storage}})
        .reason;
  };
  TestClient const mover = ClientWith(emulator_.MakeToken("mover@pve", "t", "mover", "/vms"));
  EXPECT_EQ(move(mover, "shared"), "Permission check failed (/vms/100, VM.Config.Disk)");
  TestClient const changer = ClientWith(emulator_.MakeToken("changer@pve", "t", "changer", "/vms"));
  EXPECT_EQ(move(changer, "local:shared"),
            "Permission check failed (/storage/shared, Datastore.AllocateSpace)");
  EXPECT_EQ(move(mover, "1"), "OK");
}

TEST_F(ClusterTest, BlockStoragesNameVolumesWithoutAFolder) {
  Create(100, {{"scsi0", "local-lvm:1"}, {"ide2", "local-lvm:cloudinit"}}, "pve1");
  EXPECT_EQ(root_.Config(100)["scsi0"], "local-lvm:vm-100-disk-0,size=1G");
  EXPECT_EQ(root_.Config(100)["ide2"], "local-lvm:vm-100-cloudinit,media=cdrom");
  EXPECT_EQ(root_.Put(VmPath(100, "/config", "pve1"), {{"scsi1", "local-lvm:1,format=qcow2"}}).reason,
            "unsupported format 'qcow2'");
}

}  // namespace
}  // namespace fediversity::emulators
