#include "tests/emulators/proxmox/emulator_fixture.h"

namespace fediversity::emulators {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ErrorsTest : public EmulatorTest {};

TEST_F(ErrorsTest, NamesEveryBadParameter) {
  TestAnswer const answer = root_.Post("/nodes/pve/qemu", {{"vmid", "5"},
                                                           {"memory", "abc"},
                                                           {"scsi0", "bogus"},
                                                           {"net0", "foo"},
                                                           {"bogusparam", "1"},
                                                           {"name", "bad name"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.reason, "Parameter verification failed.");
  Json const expected = {
      {"memory",
       "invalid format - format error\nmemory.current: type check ('integer') failed - got 'abc'\n"},
      {"scsi0",
       "invalid format - format error\nscsi0.file: invalid format - unable to parse volume ID 'bogus'\n\n"},
      {"name", "invalid format - value does not look like a valid DNS name\n"},
      {"net0",
       "invalid format - format error\nnet0.model: value 'foo' does not have a value in the enumeration 'e1000, "
       "e1000-82540em, e1000-82544gc, e1000-82545em, e1000e, i82551, i82557b, i82559er, ne2k_isa, ne2k_pci, pcnet, "
       "rtl8139, virtio, vmxnet3'\n"},
      {"vmid", "invalid format - value does not look like a valid VM ID\n"},
      {"bogusparam",
       "property is not defined in schema and the schema does not allow additional properties"}};
  EXPECT_EQ(answer.body["errors"], expected);
  EXPECT_TRUE(emulator_.Vmids().empty());
}

struct Bad {
  Params params;
  std::string name;
  std::string why;
};

TEST_F(ErrorsTest, SaysWhyAValueIsRefused) {
  Create(100);
  const std::string kUnknown =
      "property is not defined in schema and the schema does not allow additional properties";
  const Bad kBad[] = {
      {{{"memory", "1"}},
       "memory",
       "invalid format - format error\nmemory.current: value must have a minimum value of 16\n"},
      {{{"cores", "0"}}, "cores", "value must have a minimum value of 1"},
      {{{"ipconfig0", "ip=300.1.1.1/24"}},
       "ipconfig0",
       "invalid format - format error\nipconfig0.ip: invalid format - value does not look like a valid ipv4 network "
       "configuration\n\n"},
      {{{"onboot", "true"}}, "onboot", "type check ('boolean') failed - got 'true'"},
      {{{"ostype", "win99"}},
       "ostype",
       "value 'win99' does not have a value in the enumeration 'other, wxp, w2k, w2k3, w2k8, wvista, win7, win8, "
       "win10, win11, l24, l26, solaris'"},
      {{{"cpu", "bogus"}},
       "cpu",
       "invalid format - Built-in cputype 'bogus' is not defined (missing 'custom-' prefix?)\n"},
      {{{"machine", "zz"}},
       "machine",
       "invalid format - format error\nmachine.type: value does not match the regex pattern\n"},
      {{{"scsi40", "local:1"}}, "scsi40", kUnknown},
      {{{"ide0", "local:1,iothread=1"}},
       "ide0",
       "invalid format - format error\nide0.iothread: " + kUnknown + "\n"},
      {{{"scsi0", "local:1,format=vhdx"}},
       "scsi0",
       "invalid format - format error\nscsi0.format: value 'vhdx' does not have a value in the enumeration 'raw, qcow, "
       "qed, qcow2, vmdk, cloop'\n"},
      {{{"delete", "foo"}}, "delete", "unknown option 'foo'"},
      {{{"delete", "memory"}, {"memory", "64"}},
       "delete",
       "you can't use '-memory' and -delete memory' at the same time"},
      {{{"delete", "memory"}, {"revert", "memory"}},
       "revert",
       "you can't use '-delete memory' and -revert memory' at the same time"},
      {{{"hookscript", "local:snippets/x.sh"}},
       "hookscript",
       "script 'local:snippets/x.sh' does not exist\n"},
  };
  TestClient const root = root_.As("root@pam", emulator_.root_password());  // who alone may set all of them
  for (const Bad& bad : kBad) {
    TestAnswer const answer = root.Put(VmPath(100, "/config"), bad.params);
    EXPECT_EQ(answer.status, 400) << bad.name;
    EXPECT_EQ(answer.body["errors"], Json({{bad.name, bad.why}}));
  }
}

TEST_F(ErrorsTest, DiesWithTheMessageInReasonAndBody) {
  Create(100);
  const std::pair<Params, std::string> kDeaths[] = {
      {{{"scsi1", "local:99999999x"}}, "unable to parse directory volume name '99999999x'"},
      {{{"scsi1", "local:1G"}}, "unable to parse directory volume name '1G'"},
      {{{"scsi1", "nosuch:1"}}, "storage 'nosuch' does not exist"},
      {{{"scsi1", "local:100/vm-100-disk-77.raw"}}, "volume 'local:100/vm-100-disk-77.raw' does not exist"},
      {{{"ide2", "local:iso/none.iso,media=cdrom"}}, "volume 'local:iso/none.iso' does not exist"},
      {{}, "no options specified"},
      {{{"memory", "768"}, {"digest", "abc"}}, "checksum mismatch (file change by other user?)"},
      {{{"boot", "order=net9"}}, "invalid bootorder: device 'net9' does not exist'"},
  };
  for (const auto& [params, message] : kDeaths) {
    TestAnswer const answer = Configure(100, params);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.reason, message);
    EXPECT_EQ(answer.message(), message + "\n");
  }
}

TEST_F(ErrorsTest, OptionsThatAreDescribedByNameAreChecked) {
  Create(100);
  const std::string kUnknown =
      "property is not defined in schema and the schema does not allow additional properties";
  const std::pair<const char*, const char*> kBad[] = {{"hostpci0", "mapping=gpu,pci=1"},
                                                      {"hostpci0", "mapping=gpu,vendor-id=8086"},
                                                      {"cicustom", "user=snippet.yaml"},
                                                      {"cicustom", "users=local:snippets/u.yaml"},
                                                      {"hotplug", "disk,fan"},
                                                      {"affinity", "0-"},
                                                      {"net0", "virtio,bridge=a b"},
                                                      {"amd-sev", "type=best"},
                                                      {"smbios1", "uuid=1"},
                                                      {"smbios1", "vendor=Acme"},
                                                      {"cpu", "host,flag=+aes"},
                                                      {"cpu", "host,flags=aes"},
                                                      {"ipconfig0", "ip=static"}};
  for (const auto& [name, value] : kBad) {
    TestAnswer const answer = Configure(100, {{name, value}});
    ASSERT_EQ(answer.status, 400) << name << "=" << value;
    EXPECT_TRUE(answer.body["errors"].contains(name)) << answer.body;
  }
  EXPECT_EQ(Configure(100, {{"ipconfig0", "ip=manual,ip6=manual"}, {"hotplug", "0"}}).status, 200);
}

class ErrorsOfEightTest : public EmulatorTest {
 protected:
  ErrorsOfEightTest() : EmulatorTest(Version::kEight) {}
};

TEST_F(ErrorsOfEightTest, RefusesWhatCameWithNine) {
  Create(100);
  const std::pair<const char*, const char*> kNew[] = {
      {"agent", "1,freeze-fs=0"},          {"agent", "1,guest-fsfreeze=0"},
      {"machine", "q35,aw-bits=48"},       {"net0", "virtio,bridge=vmbr0,host-tunnel=1"},
      {"tpmstate0", "local:1,format=raw"}, {"allow-ksm", "1"}};
  for (const auto& [name, value] : kNew) EXPECT_EQ(Configure(100, {{name, value}}).status, 400) << value;
  EXPECT_EQ(Configure(100, {{"agent", "1,freeze-fs-on-backup=0"}}).status, 200);
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "101"}, {"ha-managed", "1"}}).status, 400);
  EXPECT_EQ(root_.Post(VmPath(100, "/migrate"), {{"target", "pve2"}, {"with-conntrack-state", "1"}}).status,
            400);
}

TEST_F(ErrorsTest, TheMetadataIsOfRootAlone) {
  Create(100);
  TestAnswer const answer = Configure(100, {{"delete", "meta"}});
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.reason, "only root can set 'meta' config");
}

TEST_F(ErrorsTest, ExtJsIsAlwaysToldThatAllIsWell) {
  Create(100);
  TestAnswer const verified = root_.SendTo("/api2/extjs", "PUT", VmPath(100, "/config"), {{"memory", "1"}});
  EXPECT_EQ(verified.status, 200);
  EXPECT_EQ(verified.body["success"], 0);
  EXPECT_EQ(verified.body["status"], "400");
  EXPECT_EQ(verified.body["errors"]["memory"],
            "invalid format - format error\nmemory.current: value must have a minimum value of 16\n");
  TestAnswer const died =
      root_.SendTo("/api2/extjs", "PUT", VmPath(100, "/config"), {{"memory", "512"}, {"digest", "abc"}});
  EXPECT_EQ(died.status, 200);
  EXPECT_EQ(died.body["status"], 500);
  EXPECT_EQ(died.message(), "checksum mismatch (file change by other user?)\n");
}

TEST_F(ErrorsTest, AMissingVmIsNamed) {
  const std::string message = "Configuration file 'nodes/pve/qemu-server/999.conf' does not exist";
  EXPECT_EQ(root_.Get(VmPath(999, "/config")).reason, message);
  EXPECT_EQ(root_.Get(VmPath(999, "/status/current")).reason, message);
  EXPECT_EQ(Configure(999, {{"memory", "512"}}).reason, message);
  EXPECT_EQ(root_.Delete(VmPath(999)).reason, message);
  EXPECT_EQ(root_.Run("POST", VmPath(999, "/status/start")), message);
}

TEST_F(ErrorsTest, UnknownThingsAreToldApart) {
  TestAnswer const path = root_.Get("/nosuch");
  EXPECT_EQ(path.status, 501);
  EXPECT_EQ(path.message(), "Method 'GET /nosuch' not implemented");
  EXPECT_THAT(root_.Get("/nodes/nonode/status").reason, StartsWith("hostname lookup 'nonode' failed"));
  EXPECT_EQ(root_.Get("/nodes/pve/storage/nosuch/content").reason, "storage 'nosuch' does not exist");
  EXPECT_EQ(root_.Get("/nodes/pve/tasks/UPID:bad/status").body["errors"]["upid"],
            "unable to parse worker upid");
  EXPECT_EQ(
      root_.Get("/nodes/pve/tasks/UPID:pve:00000FFF:0002B9C4:6B03DF27:qmcreate:120:root@pam!tofu:/status")
          .body["errors"]["upid"],
      "no such task");
}

TEST_F(ErrorsTest, ADeleteWithABodyIsRefused) {
  Create(100);
  TestAnswer const answer =
      root_.SendBody("DELETE", VmPath(100), "purge=1", "application/x-www-form-urlencoded");
  EXPECT_EQ(answer.status, 501);
  EXPECT_THAT(emulator_.Vmids(), ::testing::ElementsAre(100));
}

TEST_F(ErrorsTest, JsonBodiesTakeBooleans) {
  Create(100);
  TestAnswer const answer =
      root_.SendBody("PUT", VmPath(100, "/config"), R"({"onboot":true,"memory":700})", "application/json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(root_.Config(100)["onboot"], 1);
  EXPECT_EQ(root_.Config(100)["memory"], "700");
}

TEST_F(ErrorsTest, AVmidIsTakenOnce) {
  Create(100);
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "100"}}).reason,
            "unable to create VM 100 - VM 100 already exists on node 'pve'");
  EXPECT_EQ(root_.Get("/cluster/nextid").data(), "101");
  EXPECT_EQ(root_.Get("/cluster/nextid", {{"vmid", "100"}}).body["errors"]["vmid"], "VM 100 already exists");
}

TEST_F(ErrorsTest, ALockedVmRefusesAtOnceOrInItsTask) {
  Create(100, {{"scsi0", "local:1"}});
  WithVm(100, [](Vm& vm) { vm.config["lock"] = "backup"; });
  EXPECT_EQ(Configure(100, {{"memory", "1024"}}).reason, "VM is locked (backup)");
  EXPECT_EQ(Configure(100, {{"memory", "1024"}, {"digest", "abc"}}).reason,
            "checksum mismatch (file change by other user?)")
      << "which is looked at first";
  EXPECT_EQ(root_.Post(VmPath(100, "/clone"), {{"newid", "160"}}).reason, "VM is locked (backup)");
  EXPECT_EQ(root_.Run("POST", VmPath(100, "/status/start")), "VM is locked (backup)");
  EXPECT_EQ(root_.Run("PUT", VmPath(100, "/resize"), {{"disk", "scsi0"}, {"size", "+1G"}}),
            "VM is locked (backup)");
  EXPECT_EQ(root_.Run("DELETE", VmPath(100)), "VM is locked (backup)");
}

TEST_F(ErrorsTest, WithoutQuorumNothingIsWritten) {
  Create(100, {{"scsi0", "local:1"}});
  emulator_.With([](Cluster& cluster) { cluster.quorate = false; });
  EXPECT_EQ(root_.Post("/nodes/pve/qemu", {{"vmid", "140"}}).reason, "cluster not ready - no quorum?");
  EXPECT_EQ(root_.Post(VmPath(100, "/status/start")).reason, "cluster not ready - no quorum?");
  EXPECT_EQ(root_.Post(VmPath(100, "/clone"), {{"newid", "141"}}).reason, "cluster not ready - no quorum?");
  EXPECT_THAT(Configure(100, {{"memory", "1024"}}).reason, HasSubstr("Permission denied"));
  // A captured server lost the disks although the task failed.
  EXPECT_THAT(root_.Run("DELETE", VmPath(100)), HasSubstr("Permission denied"));
  EXPECT_TRUE(emulator_.Volumes().empty());
  EXPECT_THAT(emulator_.Vmids(), ::testing::ElementsAre(100));
}

}  // namespace
}  // namespace fediversity::emulators
