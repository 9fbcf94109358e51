package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const machine = "fediversity_proxmox_vm.web"

// everything sets every attribute that a VM without special hardware can have; `variant` gives each another value.
func everything(variant int) string {
	pick := func(values ...string) string { return values[variant%len(values)] }
	return `resource "fediversity_proxmox_vm" "web" {
  name        = "` + pick("web", "web-2") + `"
  node        = "pve1"
  description = "` + pick("first", "second") + `"
  tags        = ` + pick(`["b", "a"]`, `["c"]`) + `
  on_boot     = ` + pick("true", "false") + `
  protection  = false
  started     = ` + pick("false", "true") + `
  reboot      = "when_needed"
  cpu = {
    type = "` + pick("x86-64-v2-AES", "host") + `", cores = ` + pick("2", "4") + `, sockets = ` + pick("1", "2") + `, vcpus = ` + pick("2", "3") + `, limit = ` + pick("1.5", "2") + `
    units = ` + pick("200", "300") + `, flags = ` + pick(`["+aes"]`, `["+aes", "-pcid"]`) + `, numa = ` + pick("false", "true") + `
  }
  memory = { size = "` + pick("1G", "2048M") + `", balloon = "` + pick("512M", "1G") + `", shares = ` + pick("500", "1000") + ` }
  disks = {
    scsi0 = {
      storage = "shared", size = "` + pick("2G", "3G") + `", format = "qcow2", discard = "` + pick("on", "ignore") + `", iothread = true
      ssd = ` + pick("true", "false") + `, cache = "` + pick("none", "writeback") + `", serial = "` + pick("disk-1", "disk 2") + `", mbps_rd = ` + pick("10", "20.5") + `
    }
    ` + pick("virtio1", "sata2") + ` = { storage = "shared", size = "1G", backup = false, on_remove = "delete" }
  }
  cdroms   = { ide0 = { volume = "` + pick("none", "cdrom") + `" } }
  networks = {
    net0 = {
      bridge = "vmbr0", mac_address = "BC:24:11:00:00:0` + pick("1", "2") + `", vlan = ` + pick("20", "30") + `, firewall = ` + pick("true", "false") + `
      ipv4 = { address = "` + pick("10.0.0.7/24", "dhcp") + `" }, ipv6 = { address = "` + pick("2001:DB8::7/64", "auto") + `" }
    }
    ` + pick("net1", "net3") + ` = { bridge = "vmbr0", model = "e1000", rate = ` + pick("1.5", "3") + `, link_down = ` + pick("true", "false") + ` }
  }
  cloud_init = {
    storage = "` + pick("shared", "local") + `", user = "` + pick("ops", "admin") + `", ssh_keys = ["ssh-ed25519 AAAAC3Nza ` + pick("ops", "admin") + `@example.org"]
    dns_servers = ` + pick(`["10.0.0.53"]`, `["10.0.0.53", "10.0.0.54"]`) + `, search_domain = "` + pick("example.org", "example.net") + `"
    password_wo = "obviously-fake", password_wo_version = ` + pick("1", "2") + `
  }
  agent         = { enabled = ` + pick("true", "false") + `, type = "` + pick("virtio", "isa") + `", fstrim_cloned_disks = ` + pick("true", "false") + ` }
  os_type       = "` + pick("l26", "other") + `"
  machine       = "` + pick("q35", "pc") + `"
  bios          = "` + pick("seabios", "ovmf") + `"
  scsi_hardware = "` + pick("virtio-scsi-single", "virtio-scsi-pci") + `"
  boot_order    = ` + pick(`["scsi0", "net0"]`, `["net0"]`) + `
  startup       = { order = ` + pick("3", "4") + `, up_delay = ` + pick("30", "60") + `, down_delay = ` + pick("10", "20") + ` }
  tablet        = ` + pick("false", "true") + `
  keyboard      = "` + pick("de", "en-us") + `"
  vga           = { type = "` + pick("serial0", "std") + `" }
  rng           = { source = "/dev/` + pick("urandom", "random") + `", max_bytes = ` + pick("1024", "2048") + `, period = ` + pick("1000", "2000") + ` }
  watchdog      = { model = "` + pick("i6300esb", "ib700") + `", action = "` + pick("reset", "poweroff") + `" }
  smbios        = { manufacturer = "` + pick("Example", "Other, Inc.") + `", serial = "` + pick("42", "43") + `" }
  audio         = { device = "ich9-intel-hda" }
}
`
}

func willDo(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(machine, action)},
		PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

func TestVMWithEverythingSetChangedAndLeftOut(t *testing.T) {
	cluster := startCluster(t)
	least := `resource "fediversity_proxmox_vm" "web" {
  name   = "web-2"
  reboot = "when_needed"
}
`
	again := strings.Replace(everything(0), `size = "2G", format`, `size = "3G", format`, 1) // disks never shrink
	steps(t,
		resource.TestStep{Config: cluster.config(everything(0)), ConfigPlanChecks: willDo(plancheck.ResourceActionCreate)},
		resource.TestStep{Config: cluster.config(everything(1)), ConfigPlanChecks: willDo(plancheck.ResourceActionUpdate)},
		resource.TestStep{Config: cluster.config(least), ConfigPlanChecks: willDo(plancheck.ResourceActionNoop)},
		resource.TestStep{Config: cluster.config(again), ConfigPlanChecks: willDo(plancheck.ResourceActionUpdate)},
		resource.TestStep{
			Config: cluster.config(),
			Check: func(*terraform.State) error {
				if left := cluster.vms(t); len(left) > 0 {
					return fmt.Errorf("the cluster still has %v", left)
				}
				return nil
			},
		},
	)
}

func TestVMIsClonedStartedAndFollowed(t *testing.T) {
	cluster := startCluster(t)
	template := `resource "fediversity_proxmox_vm" "template" {
  name     = "nixos"
  node     = "pve1"
  template = true
  cpu      = { cores = 2 }
  disks    = { scsi0 = { storage = "shared", size = "1G" } }
}
`
	clone := template + `resource "fediversity_proxmox_vm" "web" {
  name    = "web"
  clone   = { source = fediversity_proxmox_vm.template.vmid }
  disks   = { scsi0 = { size = "2G" } }
  started = true
}
`
	steps(t,
		resource.TestStep{
			Config:           cluster.config(clone),
			ConfigPlanChecks: willDo(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(machine, tfjsonpath.New("cpu").AtMapKey("cores"), knownvalue.Int64Exact(2)),
				statecheck.ExpectKnownValue(machine, tfjsonpath.New("started"), knownvalue.Bool(true)),
			},
		},
		resource.TestStep{ // moved by hand or by HA: nobody moves it back
			PreConfig: func() {
				cluster.control(t, "POST", "/vms/101", `{"node": "pve3"}`)
				cluster.control(t, "POST", "/refresh", "")
			},
			Config:           cluster.config(clone),
			ConfigPlanChecks: willDo(plancheck.ResourceActionNoop),
		},
	)
}
