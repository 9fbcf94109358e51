// `import proxmox` on an emulated cluster.

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "tests/emulators/proxmox/emulator.h"
#include "tests/provider/cli/cli_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/tofu.h"

namespace fediversity::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Config = std::map<std::string, std::string>;

class ImportProxmoxTest : public CliTest {
 protected:
  ImportProxmoxTest() { Use(proxmox_.root_token()); }

  void Use(const std::string& token) {
    Set({{"PROXMOX_VE_ENDPOINT", proxmox_.Url()},
         {"PROXMOX_VE_API_TOKEN", token},
         {"PROXMOX_VE_INSECURE", "1"}});
  }

  void AddVm(int vmid, const std::string& node, const Config& config, bool running = false) {
    proxmox_.With([&](emulators::Cluster& cluster) {
      emulators::Vm vm{.vmid = vmid, .node = node};
      vm.config = {config.begin(), config.end()};
      vm.running = running;
      cluster.vms[vmid] = std::move(vm);
      cluster.Refresh();
      return 0;
    });
  }

  // VMs as the GUI, `qm`, a provider and an old version make them, and two of one name.
  void AddAll() {
    AddVm(100, "pve1",
          {{"name", "web"},
           {"cores", "2"},
           {"memory", "4096"},
           {"balloon", "2048"},
           {"cpu", "x86-64-v2-AES,flags=+aes"},
           {"tags", "prod;web"},
           {"boot", "order=scsi0;net0"},
           {"scsi0", "local-lvm:vm-100-disk-0,discard=on,iothread=1,size=40G,ssd=1"},
           {"scsihw", "virtio-scsi-single"},
           {"ide2", "local-lvm:vm-100-cloudinit,media=cdrom"},
           {"net0", "virtio=BC:24:11:00:01:00,bridge=vmbr0,firewall=1,tag=120"},
           {"ipconfig0", "ip=203.0.113.9/24,gw=203.0.113.1"},
           {"ciuser", "ops"},
           {"cipassword", "obviously-fake"},
           {"sshkeys", "ssh-ed25519%20AAAAC3NzaC1lZDI1NTE5AAAAIJq1%20ops%40example.org%0A"},
           {"agent", "1"},
           {"description", "Runs ${the} \"site\"\nsecond line"},
           {"smbios1", "uuid=11111111-2222-3333-4444-555555555555"},
           {"meta", "creation-qemu=10.0.2,ctime=1795420282"}},
          true);
    AddVm(101, "pve2",
          {{"name", "db.example.org"},
           {"memory", "512"},
           {"virtio0", "shared:101/vm-101-disk-0.qcow2,size=10G,unknown=kept"},
           {"sata1", "none,media=cdrom"},
           {"efidisk0", "shared:101/vm-101-disk-1.qcow2,efitype=4m,pre-enrolled-keys=1,size=528K"},
           {"unused0", "shared:101/vm-101-disk-2.qcow2"},
           {"bios", "ovmf"},
           {"serial0", "socket"},
           {"usb0", "spice"},
           {"hotplug", "disk,network"},
           {"startup", "order=2,up=30"},
           {"arch", "x86_64"}});
    AddVm(102, "pve1", {{"name", "web"}, {"tags", "test;web"}, {"memory", "1025"}});
    AddVm(103, "pve3", {{"memory", "2048"}, {"tags", "prod"}});
    AddVm(900, "pve1", {{"name", "nixos-25.11"}, {"template", "1"}, {"memory", "2048"}});
    proxmox_.With([](emulators::Cluster& cluster) {
      cluster.pools["customers"].vms = {101, 102};
      cluster.Refresh();
      return 0;
    });
  }

  // The VMIDs that are imported with these options.
  std::string Imported(Arguments arguments) {
    arguments.insert(arguments.begin(), {"import", "proxmox"});
    EXPECT_EQ(Run(arguments), 0) << err_;
    std::string ids;
    constexpr std::string_view kId = "  id = \"";
    for (std::size_t at = out_.find(kId); at != std::string::npos; at = out_.find(kId, at + 1)) {
      std::size_t const begin = at + kId.size();
      ids += (ids.empty() ? "" : " ") + out_.substr(begin, out_.find('"', begin) - begin);
    }
    return ids;
  }

  emulators::ProxmoxEmulator proxmox_{{}};
};

TEST_F(ImportProxmoxTest, PrintsBlocksForEveryVm) {
  AddAll();
  proxmox_.ForgetRequests();
  ASSERT_EQ(Run({"import", "proxmox"}), 0) << err_;
  EXPECT_EQ(err_, "");
  EXPECT_THAT(out_, Not(HasSubstr("obviously-fake")));
  testing::ExpectGolden("import-proxmox.tf", out_);
  EXPECT_EQ(proxmox_.Count("GET", "/cluster/resources"), 1);
  EXPECT_EQ(proxmox_.Count("GET", "/nodes/[^/]+/qemu/[0-9]+/config"), 4);
  EXPECT_EQ(proxmox_.requests().size(), 5U) << "one listing, and one configuration for each VM";
}

TEST_F(ImportProxmoxTest, WhatIsPrintedIsFormattedHcl) {
  auto const tofu = testing::FindTofu();
  if (!tofu.has_value()) GTEST_SKIP() << "there is no tofu";
  auto const result =
      testing::RunTofu(*tofu, {"fmt", "-"}, folder_.string(), Read("tests/golden/import-proxmox.tf"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->status.ok()) << result->error;
  EXPECT_EQ(result->output, Read("tests/golden/import-proxmox.tf"));
}

TEST_F(ImportProxmoxTest, OptionsLeaveSomeVmsOut) {
  AddAll();
  EXPECT_EQ(Imported({}), "100 101 102 103");
  EXPECT_EQ(Imported({"--templates"}), "100 101 102 103 900");
  EXPECT_EQ(Imported({"--pool", "customers"}), "101 102");
  EXPECT_EQ(Imported({"--tag", "web"}), "100 102");
  EXPECT_EQ(Imported({"--tag", "web", "--tag=PROD"}), "100");
  EXPECT_EQ(Imported({"--node=pve2", "--node=pve3"}), "101 103");
  EXPECT_EQ(Imported({"--name", "w?b", "--name=db.*"}), "100 101 102");
  EXPECT_EQ(Imported({"--name", "*", "--node", "pve1", "--templates"}), "100 102 900");
  EXPECT_EQ(Imported({"--vmid", "102", "--vmid", "103"}), "102 103");
}

TEST_F(ImportProxmoxTest, NothingLeftIsAnErrorThatSaysHowManyThereAre) {
  AddAll();
  EXPECT_EQ(Run({"import", "proxmox", "--pool", "no-such-pool"}), 1);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, HasSubstr("the credentials see 5"));
  EXPECT_EQ(Run({"import", "proxmox", "--vmid", "100", "--vmid", "555"}), 1);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, AllOf(HasSubstr("no VM 555"), HasSubstr("VM.Audit")));
}

TEST_F(ImportProxmoxTest, WhatCannotBeReadIsNamedAndTheRestIsWritten) {
  AddAll();
  proxmox_.With([](emulators::Cluster& cluster) {
    cluster.vms[102].config["net0"] = "virtio=BC:24:11:00:00:01,bridge=vmbr0,bridge=vmbr1";
    return 0;
  });
  proxmox_.SetNodeOnline("pve3", false);
  proxmox_.Refresh();
  EXPECT_EQ(Run({"import", "proxmox"}), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("\"100\""), HasSubstr("\"101\""), Not(HasSubstr("\"102\"")),
                          Not(HasSubstr("\"103\""))));
  EXPECT_THAT(err_,
              AllOf(HasSubstr("VM 102 (web)\nError: "), HasSubstr("`net0`"), HasSubstr("VM 103\nError: "),
                    HasSubstr("pve3"), HasSubstr("2 of 4 could not be read")));

  EXPECT_EQ(Run({"import", "proxmox", "--name", "db*"}), 1) << "VM 103 may be called so";
  EXPECT_THAT(out_, AllOf(HasSubstr("\"101\""), Not(HasSubstr("\"100\""))));
  EXPECT_THAT(err_, AllOf(HasSubstr("VM 103\nError: The name of the VM is not known"), HasSubstr("pve3"),
                          HasSubstr("1 of 2 could not be read")));
  EXPECT_EQ(Run({"import", "proxmox", "--name", "db*", "--node", "pve2"}), 0) << err_;
  // The cluster knows the tags of VM 103 without its node.
  EXPECT_EQ(Run({"import", "proxmox", "--tag", "prod", "--tag", "web"}), 0) << err_;
  EXPECT_EQ(Run({"import", "proxmox", "--tag", "prod", "--tag", "web", "--name", "w*"}), 0) << err_;
}

TEST_F(ImportProxmoxTest, AnAuditorSuffices) {
  AddAll();
  Use(proxmox_.MakeToken("bob@pve", "t1", "PVEAuditor", "/"));
  EXPECT_EQ(Imported({}), "100 101 102 103");
  for (const auto& request : proxmox_.requests()) EXPECT_EQ(request.method, "GET");
}

TEST_F(ImportProxmoxTest, MisuseLeadsToTheHelp) {
  EXPECT_EQ(Run({"import", "proxmox", "--zone", "example.org"}), 2);
  EXPECT_THAT(err_, HasSubstr("There is no option --zone here"));
  EXPECT_EQ(Run({"import", "proxmox", "--templates=yes"}), 2);
  EXPECT_THAT(err_, HasSubstr("--templates takes no value"));
  EXPECT_EQ(Run({"import", "dns", "--zone", "example.org", "--templates"}), 2);
  EXPECT_THAT(err_, HasSubstr("There is no option --templates here"));
}

}  // namespace
}  // namespace fediversity::cli
