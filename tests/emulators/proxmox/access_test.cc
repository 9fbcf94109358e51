#include "tests/emulators/common/percent.h"
#include "tests/emulators/proxmox/emulator_fixture.h"

namespace fediversity::emulators {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class AccessTest : public EmulatorTest {};

TEST_F(AccessTest, RefusesWithoutCredentials) {
  TestAnswer const answer = TestClient(emulator_, {.authorization = ""}).Get("/version");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.reason, "No ticket");
  EXPECT_TRUE(answer.body.is_null());
}

TEST_F(AccessTest, RefusesAWrongSecret) {
  TestAnswer const answer = ClientWith("root@pam!tofu=wrong").Get("/version");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.reason, "Authentication failed!");
}

TEST_F(AccessTest, TellsABadPasswordInTheBody) {
  TestAnswer const answer = root_.Post("/access/ticket", {{"username", "root@pam"}, {"password", "wrong"}});
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.message(), "authentication failure\n");
}

TEST_F(AccessTest, ATicketWritesWithItsCsrfTokenOnly) {
  Create(100);
  Json const ticket =
      root_.Post("/access/ticket", {{"username", "root@pam"}, {"password", emulator_.root_password()}})
          .data();
  std::string const cookie = "PVEAuthCookie=" + PercentEncode(ticket["ticket"]);
  TestClient const without(emulator_, {.authorization = "", .cookie = cookie});
  EXPECT_EQ(without.Get("/version").status, 200);
  TestAnswer const refused = without.Put(VmPath(100, "/config"), {{"memory", "600"}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.reason, "Permission denied - invalid csrf token");
  TestClient const root = root_.As("root@pam", emulator_.root_password());
  EXPECT_EQ(root.Put(VmPath(100, "/config"), {{"args", "-nographic"}}).status, 200);
  EXPECT_EQ(Option(100, "args"), "-nographic");
}

TEST_F(AccessTest, TicketsExpireAfterTwoHours) {
  TestClient const root = root_.As("root@pam", emulator_.root_password());
  emulator_.Advance(std::chrono::hours(1));
  EXPECT_EQ(root.Get("/version").status, 200);
  emulator_.Advance(std::chrono::hours(2));
  TestAnswer const late = root.Get("/version");
  EXPECT_EQ(late.status, 401);
  EXPECT_EQ(late.reason, "Authentication failed!");
}

TEST_F(AccessTest, AListingLeavesOutWhatTheTokenMayNotSee) {
  Create(100, {{"name", "hidden"}});
  ASSERT_EQ(root_.Post("/pools", {{"poolid", "tenants"}}).status, 200);
  Create(101, {{"name", "seen"}, {"pool", "tenants"}});
  emulator_.Refresh();
  TestClient const tenant = ClientWith(emulator_.MakeToken("bob@pve", "t1", "PVEVMAdmin", "/pool/tenants"));
  Json const rows = tenant.Get("/cluster/resources", {{"type", "vm"}}).data();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0]["name"], "seen");
  EXPECT_THAT(tenant.Get("/nodes/pve/qemu").data(), SizeIs(1));
  EXPECT_EQ(tenant.Get(VmPath(101, "/config")).status, 200);
  for (int const vmid : {100, 999}) {
    TestAnswer const refused = tenant.Get(VmPath(vmid, "/config"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.reason, "Permission check failed (/vms/" + std::to_string(vmid) + ", VM.Audit)");
  }
}

TEST_F(AccessTest, CreatingNamesWhatIsMissingStepByStep) {
  std::string const token = emulator_.MakeToken("bob@pve", "t1", "PVEVMAdmin", "/vms/150");
  TestClient const bob = ClientWith(token);
  auto const create = [&](Params params) {
    params["vmid"] = "150";
    return bob.Post("/nodes/pve/qemu", params).reason;
  };
  EXPECT_EQ(bob.Post("/nodes/pve/qemu", {{"vmid", "151"}}).reason, "Permission check failed");
  EXPECT_EQ(create({{"scsi0", "local:1"}}),
            "Permission check failed (/storage/local, Datastore.AllocateSpace)");
  emulator_.MakeToken("bob@pve", "t2", "PVEDatastoreUser", "/storage/local");
  EXPECT_EQ(create({{"scsi0", "local:1"}, {"net0", "virtio,bridge=vmbr0"}}),
            "Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)");
  EXPECT_EQ(create({{"scsi0", "local:1"}}), "OK");
}

TEST_F(AccessTest, ATokenOfRootIsNotRoot) {
  Create(100);
  const std::pair<Params, std::string> kRefused[] = {
      {{{"args", "-foo"}}, "only root can set 'args' config"},
      {{{"affinity", "0-1"}}, "only root can set 'affinity' config"},
      {{{"ivshmem", "size=1"}}, "only root can set 'ivshmem' config"},
      {{{"lock", "backup"}}, "only root can set 'lock' config"},
      {{{"delete", "lock"}}, "only root can set 'lock' config"},
      {{{"vmgenid", "1"}}, "only root can set 'vmgenid' config"},
      {{{"hostpci0", "0000:00:01.0"}}, "only root can set 'hostpci0' config for non-mapped devices"},
      {{{"hostpci0", "mapping=gpu,romfile=vbios.bin"}}, "only root@pam can set 'romfile' option"},
      {{{"usb0", "host=1234:5678"}}, "only root can set 'usb0' config for real devices"},
      {{{"scsi1", "/dev/sda"}},
       "Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 581."},
  };
  for (const auto& [params, reason] : kRefused) {
    TestAnswer const answer = Configure(100, params);
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.reason, reason);
  }
  TestAnswer const skip = Configure(100, {{"memory", "1024"}, {"skiplock", "1"}});
  EXPECT_EQ(skip.status, 400);
  EXPECT_EQ(skip.body["errors"]["skiplock"], "Only root may use this option.");
}

TEST_F(AccessTest, OptionsOfTheHostAreForRootAlone) {
  Create(100);
  WithVm(100, [](Vm& vm) {
    vm.config["serial0"] = "/dev/ttyS0";
    vm.config["hugepages"] = "any";
  });
  EXPECT_EQ(Configure(100, {{"amd-sev", "std"}}).reason, "only root can set 'amd-sev' config");
  EXPECT_EQ(Configure(100, {{"keephugepages", "1"}}).reason, "only root can set 'keephugepages' config");
  EXPECT_EQ(Configure(100, {{"delete", "hugepages"}}).reason, "only root can set 'hugepages' config");
  EXPECT_EQ(Configure(100, {{"delete", "serial0"}}).reason,
            "only root can set 'serial0' config for real devices");
  TestClient const root = root_.As("root@pam", emulator_.root_password());
  EXPECT_EQ(root.Put(VmPath(100, "/config"), {{"delete", "hugepages,serial0"}}).status, 200);
}

// Each privilege by itself, with the first option that needs it.
TEST_F(AccessTest, EachOptionNeedsItsPrivilege) {
  Create(100);
  WithVm(100, [](Vm& vm) { vm.config["scsi0"] = "local:100/vm-100-disk-0.raw,size=1G"; });
  const std::tuple<const char*, const char*, const char*> kNeeds[] = {
      {"bios", "ovmf", "VM.Config.Options"},   {"keyboard", "de", "VM.Config.Options"},
      {"tdf", "1", "VM.Config.Options"},       {"hotplug", "disk", "VM.Config.HWType"},
      {"tablet", "0", "VM.Config.HWType"},     {"boot", "order=scsi0", "VM.Config.Disk"},
      {"bootdisk", "scsi0", "VM.Config.Disk"}, {"vmstatestorage", "local", "VM.Config.Disk"},
      {"numa0", "cpus=0", "VM.Config.CPU"},    {"startup", "order=1", "VM.Config.Options"},
  };
  int number = 0;
  for (const auto& [option, value, privilege] : kNeeds) {
    std::string const id = std::to_string(++number);
    emulator_.With([&](Cluster& cluster) {
      cluster.access.roles["only" + id] = {privilege};
      cluster.access.roles["other"] = {"VM.Config.Cloudinit"};
      return 0;
    });
    TestClient const none = ClientWith(emulator_.MakeToken("none" + id + "@pve", "t", "other", "/vms"));
    EXPECT_EQ(none.Put(VmPath(100, "/config"), {{option, value}}).reason,
              std::string("Permission check failed (/vms/100, ") + privilege + ")");
    TestClient const some = ClientWith(emulator_.MakeToken("some" + id + "@pve", "t", "only" + id, "/vms"));
    std::string const reason = some.Put(VmPath(100, "/config"), {{option, value}}).reason;
    EXPECT_THAT(reason, Not(HasSubstr("/vms/100"))) << option;
  }
}

TEST_F(AccessTest, SomeOptionsReachBeyondTheVm) {
  Create(100);
  TestClient const bob = ClientWith(emulator_.MakeToken("bob@pve", "t", "PVEVMAdmin", "/vms"));
  auto const refusal = [&](const char* option, const char* value) {
    return bob.Put(VmPath(100, "/config"), {{option, value}}).reason;
  };
  EXPECT_EQ(refusal("startup", "order=1"), "Permission check failed (/, Sys.Modify)");
  EXPECT_EQ(refusal("ide2", "cdrom"), "Permission check failed (/, Sys.Console)");
  EXPECT_EQ(refusal("vmstatestorage", "local"),
            "Permission check failed (/storage/local, Datastore.AllocateSpace)");
  EXPECT_EQ(refusal("hostpci0", "mapping=gpu"), "Permission check failed (/mapping/pci/gpu, Mapping.Use)");
  EXPECT_EQ(refusal("net0", "virtio,bridge=vmbr0"),
            "Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)");
}

TEST_F(AccessTest, ACloneNeedsWhatItsSourceHas) {
  Create(100, {{"scsi0", "local:1"}, {"net0", "virtio,bridge=vmbr0"}});
  TestClient const bob = ClientWith(emulator_.MakeToken("bob@pve", "t", "PVEVMAdmin", "/vms"));
  auto const clone = [&] { return bob.Post(VmPath(100, "/clone"), {{"newid", "200"}}).reason; };
  EXPECT_EQ(clone(), "Permission check failed (/storage/local, Datastore.AllocateSpace)");
  emulator_.MakeToken("bob@pve", "t2", "PVEDatastoreUser", "/storage/local");
  EXPECT_EQ(clone(), "Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)");
  emulator_.MakeToken("bob@pve", "t3", "PVESDNUser", "/sdn");
  WithVm(100, [](Vm& vm) { vm.config["usb0"] = "mapping=stick"; });
  EXPECT_EQ(clone(), "Permission check failed (/mapping/usb/stick, Mapping.Use)");
  WithVm(100, [](Vm& vm) { vm.config["usb0"] = "host=1234:5678"; });
  EXPECT_EQ(clone(), "only root can set 'usb0' config for real devices");
  WithVm(100, [](Vm& vm) { vm.config.erase("usb0"); });
  EXPECT_EQ(clone(), "OK");
}

TEST_F(AccessTest, ASeparatedTokenHasRightsOfItsOwnOnly) {
  ASSERT_EQ(root_.Post("/access/users", {{"userid", "bob@pve"}, {"password", "not-a-secret"}}).status, 200);
  Json const token = root_.Post("/access/users/bob@pve/token/t1").data();
  ASSERT_EQ(root_.Put("/access/acl", {{"path", "/"}, {"users", "bob@pve"}, {"roles", "PVEAuditor"}}).status,
            200);
  Create(100);
  TestClient const bob = ClientWith("bob@pve!t1=" + token["value"].get<std::string>());
  EXPECT_EQ(bob.Get(VmPath(100, "/config")).status, 403);
  ASSERT_EQ(
      root_.Put("/access/acl", {{"path", "/vms"}, {"tokens", "bob@pve!t1"}, {"roles", "PVEAdmin"}}).status,
      200);
  EXPECT_EQ(bob.Get(VmPath(100, "/config")).status, 200);
  EXPECT_THAT(bob.Put(VmPath(100, "/config"), {{"memory", "600"}}).reason,
              HasSubstr("Permission check failed"));
}

}  // namespace
}  // namespace fediversity::emulators
