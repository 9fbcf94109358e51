package acceptance

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// special sets every attribute that everything() does not, as root@pam, who alone may set some of them.
func special(variant int) string {
	pick := func(values ...string) string { return values[variant%len(values)] }
	return `resource "fediversity_proxmox_vm" "web" {
  name           = "special"
  vmid           = 300
  node           = "` + pick("pve1", "pve2") + `"
  pool           = "` + pick("customers", "tenants") + `"
  protection     = ` + pick("true", "false") + `
  reboot         = "` + pick("never", "when_needed") + `"
  bios           = "ovmf"
  machine        = "q35"
  viommu         = "` + pick("intel", "virtio") + `"
  acpi           = ` + pick("true", "false") + `
  kvm            = ` + pick("false", "true") + `
  local_time     = ` + pick("true", "false") + `
  hotplug        = ` + pick(`["disk", "usb"]`, `["network"]`) + `
  args           = "` + pick("-no-shutdown", "-cpu host") + `"
  hook_script    = "shared:snippets/` + pick("first", "second") + `.sh"
  scsi_hardware  = "virtio-scsi-single"
  cpu            = { cores = 2, affinity = "` + pick("0-1", "0,2") + `", numa = true }
  memory         = { size = "1G", hugepages = "` + pick("2", "any") + `", keep_hugepages = ` + pick("true", "false") + ` }
  numa_nodes     = { numa0 = { cpus = "` + pick("0-1", "0;1") + `", host_nodes = "` + pick("0", "0-1") + `", memory = ` + pick("512", "1024") + `, policy = "` + pick("bind", "interleave") + `" } }
  efi_disk       = { storage = "` + pick("shared", "local") + `", type = "4m", pre_enrolled_keys = true, format = "` + pick("qcow2", "raw") + `" }
  tpm_state      = { storage = "` + pick("shared", "local") + `", version = "v2.0" }
  disks = {
    scsi0 = {
      storage = "` + pick("shared", "local") + `", format = "` + pick("qcow2", "raw") + `", import_from = "shared:import/base.qcow2", aio = "` + pick("native", "threads") + `", cache = "none"
      backup = ` + pick("true", "false") + `, iothread = ` + pick("true", "false") + `, on_remove = "` + pick("detach", "delete") + `"
      detect_zeroes = ` + pick("true", "false") + `, queues = ` + pick("2", "4") + `, read_only = ` + pick("false", "true") + `
      replicate = ` + pick("false", "true") + `, rerror = "` + pick("report", "stop") + `", werror = "` + pick("enospc", "ignore") + `"
      wwn = "0x500000000000000` + pick("1", "2") + `", keep_on_destroy = ` + pick("true", "false") + `
      mbps_rd_max = ` + pick("11", "12") + `, mbps_wr = ` + pick("13", "14") + `, mbps_wr_max = ` + pick("15", "16") + `
      iops_rd = ` + pick("100", "101") + `, iops_rd_max = ` + pick("110", "111") + `, iops_wr = ` + pick("120", "121") + `, iops_wr_max = ` + pick("130", "131") + `
    }
    scsi1 = { volume = "shared:900/vm-900-disk-0.qcow2", shared = ` + pick("true", "false") + ` }
  }
  networks = {
    net0 = {
      bridge = "` + pick("vmbr0", "vmbr1") + `", mtu = ` + pick("1400", "1300") + `, queues = ` + pick("2", "4") + `, trunks = ` + pick(`["10", "20-30"]`, `["40"]`) + `
      ipv4 = { address = "10.0.0.7/24", gateway = "10.0.0.` + pick("1", "2") + `" }
      ipv6 = { address = "2001:db8::7/64", gateway = "2001:db8::` + pick("1", "2") + `" }
    }
    net1 = { bridge = "vmbr0", model = "` + pick("e1000", "virtio") + `", rate = ` + pick("1.5", "3") + `, link_down = ` + pick("true", "false") + ` }
  }
  cloud_init = {
    storage = "shared", drive = "` + pick("ide2", "sata0") + `", type = "` + pick("nocloud", "configdrive2") + `", upgrade = ` + pick("false", "true") + `
    user_data = "shared:snippets/` + pick("u", "v") + `.yaml", vendor_data = "shared:snippets/` + pick("v", "u") + `.yaml"
    network_data = "shared:snippets/` + pick("n", "m") + `.yaml", meta_data = "shared:snippets/` + pick("m", "n") + `.yaml"
  }
  agent = { enabled = true, freeze_fs = ` + pick("false", "true") + `, network_interfaces = ` + pick("true", "false") + `, wait_for_ip = "` + pick("any", "ipv4") + `" }
  vga    = { type = "virtio", memory = ` + pick("32", "64") + `, clipboard = "vnc" }
  audio  = { device = "` + pick("AC97", "intel-hda") + `", driver = "` + pick("spice", "none") + `" }
  smbios = {
    manufacturer = "Example", product = "` + pick("a", "b") + `", version = "` + pick("1", "2") + `"
    serial = "7", sku = "` + pick("c", "d") + `", family = "` + pick("e", "f") + `"
  }
  amd_sev = {
    type = "` + pick("snp", "es") + `", allow_smt = ` + pick("true", "false") + `, kernel_hashes = ` + pick("false", "true") + `
    no_debug = ` + pick("true", "false") + `, no_key_sharing = ` + pick("false", "true") + `
  }
  pci_devices = {
    hostpci0 = { mapping = "` + pick("gpu", "other") + `", mdev = "nvidia-` + pick("1", "2") + `", pcie = ` + pick("true", "false") + `, primary_gpu = ` + pick("true", "false") + ` }
    hostpci1 = { host = "0000:01:00.` + pick("0", "1") + `", rombar = ` + pick("false", "true") + `, rom_file = "` + pick("a", "b") + `.rom" }
  }
  usb_devices = {
    usb0 = { mapping = "` + pick("stick", "key") + `", usb3 = ` + pick("true", "false") + ` }
    usb1 = { host = "` + pick("1234:5678", "1234:5679") + `" }
  }
  virtiofs  = { virtiofs0 = { mapping = "` + pick("data", "more") + `", cache = "` + pick("auto", "never") + `", direct_io = ` + pick("true", "false") + `, expose_acl = ` + pick("true", "false") + `, expose_xattr = ` + pick("true", "false") + ` } }
  ha        = { state = "` + pick("stopped", "ignored") + `", max_restart = ` + pick("1", "3") + `, max_relocate = ` + pick("2", "1") + ` }
  migration = { with_local_disks = ` + pick("true", "false") + `, target_storage = "` + pick("shared", "local:shared") + `" }
  shutdown  = { timeout = "` + pick("1m", "2m") + `", force = ` + pick("true", "false") + ` }
  timeouts  = { create = "` + pick("5m", "6m") + `", read = "` + pick("1m", "2m") + `", update = "` + pick("5m", "6m") + `", delete = "` + pick("5m", "6m") + `" }
  serial_devices = { serial0 = "` + pick("socket", "/dev/ttyS0") + `" }
  unset     = ["` + pick("rng0", "watchdog") + `"]
}
`
}

// What no configuration of special() and everything() can have, with the test that has it.
const inOtherWays = `resource "fediversity_proxmox_vm" "clone" { # TestVMIsClonedInEveryWay
  clone = { source = "nixos", full = true, storage = "shared", format = "qcow2", snapshot = "before" }
}
resource "fediversity_proxmox_vm" "template" { # TestVMIsClonedStartedAndFollowed
  template = true
}
`

// prepareSpecial puts into the cluster what special() refers to.
func (c *cluster) prepareSpecial(t *testing.T) {
	t.Helper()
	for _, pool := range []string{"customers", "tenants"} {
		c.api(t, "POST", "/pools", url.Values{"poolid": {pool}})
	}
	volumes := []string{"import/base.qcow2", "900/vm-900-disk-0.qcow2", "snippets/first.sh", "snippets/second.sh"}
	for _, name := range []string{"u", "v", "n", "m"} {
		volumes = append(volumes, "snippets/"+name+".yaml")
	}
	for _, volume := range volumes {
		c.control(t, "POST", "/volumes", fmt.Sprintf(`{"id": "shared:%s", "size": 1073741824}`, volume))
	}
}

func TestVMWithEverySpecialAttributeSetChangedAndLeftOut(t *testing.T) {
	cluster := startCluster(t)
	cluster.prepareSpecial(t)
	least := `resource "fediversity_proxmox_vm" "web" {
  name = "special"
}
`
	steps(t,
		resource.TestStep{Config: cluster.configAsRoot(special(0)), ConfigPlanChecks: willDo(plancheck.ResourceActionCreate)},
		resource.TestStep{Config: cluster.configAsRoot(special(1)), ConfigPlanChecks: willDo(plancheck.ResourceActionUpdate)},
		resource.TestStep{Config: cluster.configAsRoot(special(0)), ConfigPlanChecks: willDo(plancheck.ResourceActionUpdate)},
		resource.TestStep{Config: cluster.configAsRoot(special(1)), ConfigPlanChecks: willDo(plancheck.ResourceActionUpdate)},
		resource.TestStep{
			Config: cluster.configAsRoot(least),
			// What Proxmox does not hold goes from state, and what it holds stays in the VM.
			Check: func(*terraform.State) error {
				held := cluster.vms(t)["300"].Config
				for key, value := range map[string]string{"args": "-cpu host", "affinity": "0,2", "hugepages": "any", "bios": "ovmf"} {
					if held[key] != value {
						return fmt.Errorf("%s is %q, want %q", key, held[key], value)
					}
				}
				return nil
			},
		},
		resource.TestStep{
			Config: cluster.configAsRoot(),
			Check: func(*terraform.State) error {
				if left := cluster.vms(t); len(left) > 0 {
					return fmt.Errorf("the cluster still has %v", left)
				}
				return nil
			},
		},
	)
}

func TestVMIsClonedInEveryWay(t *testing.T) {
	cluster := startCluster(t)
	cluster.makeVM(t, 900, "name=nixos", "scsi0=shared:1,format=qcow2", "cores=2")
	cluster.api(t, "POST", "/nodes/pve1/qemu/900/snapshot", url.Values{"snapname": {"before"}})
	cluster.control(t, "POST", "/finish-tasks", "{}")
	cluster.api(t, "PUT", "/nodes/pve1/qemu/900/config", url.Values{"cores": {"7"}})
	cluster.control(t, "POST", "/refresh", "{}")
	clone := `resource "fediversity_proxmox_vm" "web" {
  name  = "web"
  node  = "pve2"
  clone = { source = "nixos", full = true, storage = "shared", format = "raw", snapshot = "before" }
}
`
	steps(t, resource.TestStep{
		Config:           cluster.config(clone),
		ConfigPlanChecks: willDo(plancheck.ResourceActionCreate),
		Check: func(*terraform.State) error {
			for vmid, vm := range cluster.vms(t) {
				if vmid == "900" {
					continue
				}
				if vm.Node != "pve2" || vm.Config["cores"] != "2" || !strings.Contains(vm.Config["scsi0"], ".raw") {
					return fmt.Errorf("the clone is %v", vm)
				}
			}
			return nil
		},
	})
}

// grouped sets what Proxmox VE has only up to version 8.
func grouped(variant int) string {
	return `resource "fediversity_proxmox_vm" "grouped" {
  name = "grouped"
  ha   = { state = "stopped", group = "` + []string{"left", "right"}[variant] + `" }
}
`
}

func TestVMInAnHAGroup(t *testing.T) {
	old := startCluster(t, "--version", "8.4")
	steps(t,
		resource.TestStep{Config: old.config(grouped(0))},
		resource.TestStep{Config: old.config(grouped(1))},
	)
}

func TestVMInAnHAGroupWhereThereAreNone(t *testing.T) {
	steps(t, resource.TestStep{
		Config:      startCluster(t).config(grouped(0)),
		PlanOnly:    true,
		ExpectError: regexp.MustCompile("This cluster has no HA groups"),
	})
}
