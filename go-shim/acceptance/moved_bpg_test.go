package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// TestMovedFromBpg takes over four VMs that bpg/proxmox 0.111 left in state, by `moved` blocks, without a change.
func TestMovedFromBpg(t *testing.T) {
	c := startCluster(t)
	text, err := os.ReadFile("../../tests/golden/proxmox/bpg-state.json")
	if err != nil {
		t.Fatal(err)
	}
	var theirs struct {
		VMs []theirVM `json:"vms"`
	}
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatal(err)
	}
	config := `
resource "fediversity_proxmox_vm" "simple" {
  name     = "bpg-simple"
  vmid     = 401
  on_boot  = true
  started  = false
  memory   = { size = "512M" }
  disks    = { scsi0 = { storage = "local", size = "1G" } }
  networks = { net0 = { bridge = "vmbr0" } }
}
resource "fediversity_proxmox_vm" "full" {
  name           = "bpg-full"
  node           = "pve1"
  description    = "everything"
  tags           = ["prod", "web"]
  machine        = "q35"
  os_type        = "l26"
  agent          = { enabled = true }
  cpu            = { cores = 2, type = "x86-64-v2-AES", units = 200 }
  memory         = { size = "1G", balloon = "512M" }
  scsi_hardware  = "virtio-scsi-single"
  boot_order     = ["scsi0", "net0"]
  startup        = { order = 3, up_delay = 30 }
  serial_devices = { serial0 = "socket" }
  vga            = { type = "serial0", memory = 16 }
  disks = {
    scsi0   = { storage = "local", size = "2G", discard = "on", iothread = true, ssd = true }
    virtio1 = { storage = "local", size = "1G", format = "raw", backup = false }
  }
  networks = {
    net0 = { bridge = "vmbr0", vlan = 20, mtu = 1400, ipv4 = { address = "10.0.0.7/24", gateway = "10.0.0.1" } }
    net1 = { bridge = "vmbr0", model = "e1000", firewall = true }
  }
  cloud_init = {
    storage       = "local"
    user          = "ops"
    dns_servers   = ["10.0.0.53"]
    search_domain = "example.org"
  }
}
resource "fediversity_proxmox_vm" "clone" {
  name     = "bpg-clone"
  clone    = { source = "409", full = true }
  memory   = { size = "768M" }
  disks    = { scsi0 = { storage = "local", size = "2G" } }
  networks = { net0 = { bridge = "vmbr0" } }
}
resource "fediversity_proxmox_vm" "tmpl" {
  name     = "bpg-tmpl"
  template = true
  disks    = { scsi0 = { storage = "local", size = "1G" } }
}`
	for i := range theirs.VMs {
		theirs.VMs[i].Type = "proxmox_virtual_environment_vm"
		theirs.VMs[i].Attributes["node_name"] = "pve1"
	}
	c.movesHere(t, theirs.VMs, config)
}

// TestMovedFromBpgWithDevices takes over what the recorded states lack: a VM that runs and has all kinds of devices, and
// VMs of the newer resources.
func TestMovedFromBpgWithDevices(t *testing.T) {
	c := startCluster(t)
	var theirs []theirVM
	if err := json.Unmarshal([]byte(devicesInTheirState), &theirs); err != nil {
		t.Fatal(err)
	}
	c.movesHere(t, theirs, `
resource "fediversity_proxmox_vm" "devices" {
  name        = "devices"
  vmid        = 410
  node        = "pve1"
  started     = true
  on_boot     = true
  machine     = "q35"
  viommu      = "intel"
  bios        = "ovmf"
  agent       = { enabled = true, wait_for_ip = "ipv4" }
  cpu         = { cores = 4, type = "host", numa = true }
  memory      = { size = "4G" }
  efi_disk    = { storage = "local-lvm", type = "4m", pre_enrolled_keys = true }
  tpm_state   = { storage = "local-lvm", version = "v2.0" }
  disks       = { virtio0 = { storage = "local-lvm", size = "20G", iothread = true } }
  cdroms      = { ide3 = { volume = "local:iso/nixos.iso" } }
  networks    = { net0 = { bridge = "vmbr0", vlan = 7 } }
  pci_devices = { hostpci0 = { mapping = "gpu", pcie = true } }
  usb_devices = { usb0 = { mapping = "stick", usb3 = true }, usb1 = { host = "1234:5678" } }
  rng         = { source = "/dev/urandom", max_bytes = 1024 }
  audio       = { device = "intel-hda", driver = "spice" }
  watchdog    = { model = "i6300esb", action = "reset" }
  timeouts    = { create = "45m" }
}
resource "fediversity_proxmox_vm" "cloned" {
  name     = "cloned"
  clone    = { source = "409", full = true, storage = "ceph" }
  cpu      = { cores = 4 }
  memory   = { size = "2G", balloon = "1G", shares = 500 }
  disks    = { scsi0 = { storage = "local-lvm", size = "20G", ssd = true } }
  cdroms   = { ide2 = { volume = "none" } }
  networks = { net1 = { bridge = "vmbr0", vlan = 7, trunks = ["10", "20"] } }
  timeouts = { create = "30m" }
}
resource "fediversity_proxmox_vm" "newest" {
  name       = "newest"
  cpu        = { cores = 2, vcpus = 1 }
  networks   = { net0 = { bridge = "vmbr0", ipv4 = { address = "10.0.0.7/24", gateway = "10.0.0.1" }, ipv6 = { address = "auto" } } }
  cloud_init = { user = "ops", dns_servers = ["10.0.0.53"] }
}`)
}

// In the form of bpg/proxmox 0.111, by its documentation.
const devicesInTheirState = `[
  {
    "type": "proxmox_virtual_environment_vm", "name": "devices", "running": true,
    "attributes": {
      "id": "410", "vm_id": 410, "node_name": "pve1", "name": "devices", "started": true, "on_boot": true, "template": false,
      "machine": "q35,viommu=intel", "bios": "ovmf", "reboot_after_update": true, "pool_id": "",
      "timeout_create": 2700, "timeout_clone": 1800, "timeout_shutdown_vm": 1800,
      "agent": [{"enabled": true, "timeout": "15m", "trim": false, "type": "virtio", "wait_for_ip": [{"ipv4": true, "ipv6": false}]}],
      "cpu": [{"cores": 4, "sockets": 1, "type": "host", "numa": true, "hotplugged": 0, "limit": 0, "units": 1024, "affinity": "", "architecture": "", "flags": []}],
      "memory": [{"dedicated": 4096, "floating": 0, "shared": 0, "hugepages": "", "keep_hugepages": false}],
      "efi_disk": [{"datastore_id": "local-lvm", "file_format": "raw", "type": "4m", "pre_enrolled_keys": true}],
      "tpm_state": [{"datastore_id": "local-lvm", "version": "v2.0"}],
      "disk": [{"interface": "virtio0", "datastore_id": "local-lvm", "path_in_datastore": "vm-410-disk-1", "size": 20, "file_format": "raw",
                "aio": "io_uring", "backup": true, "cache": "none", "discard": "ignore", "iothread": true, "replicate": true, "serial": "", "ssd": false, "speed": [], "queues": 0}],
      "cdrom": [{"enabled": false, "file_id": "local:iso/nixos.iso", "interface": "ide3"}],
      "network_device": [{"bridge": "vmbr0", "enabled": true, "model": "virtio", "mac_address": "BC:24:11:00:04:10", "vlan_id": 7, "firewall": false,
                          "disconnected": false, "mtu": 0, "queues": 0, "rate_limit": 0, "trunks": ""}],
      "hostpci": [{"device": "hostpci0", "id": "", "mapping": "gpu", "mdev": "", "pcie": true, "rombar": true, "rom_file": "", "xvga": false}],
      "usb": [{"host": "", "mapping": "stick", "usb3": true}, {"host": "1234:5678", "mapping": "", "usb3": false}],
      "rng": [{"source": "/dev/urandom", "max_bytes": 1024, "period": 0}],
      "audio_device": [{"enabled": true, "device": "intel-hda", "driver": "spice"}],
      "watchdog": [{"enabled": true, "model": "i6300esb", "action": "reset"}]
    },
    "config": {
      "name": "devices", "onboot": "1", "machine": "q35,viommu=intel", "bios": "ovmf", "agent": "enabled=1,fstrim_cloned_disks=0,type=virtio",
      "cores": "4", "sockets": "1", "cpu": "host", "cpuunits": "1024", "numa": "1", "memory": "4096", "balloon": "0",
      "efidisk0": "local-lvm:vm-410-disk-0,efitype=4m,pre-enrolled-keys=1,size=4M", "tpmstate0": "local-lvm:vm-410-disk-2,size=4M,version=v2.0",
      "virtio0": "local-lvm:vm-410-disk-1,aio=io_uring,backup=1,cache=none,discard=ignore,iothread=1,replicate=1,size=20G",
      "ide3": "local:iso/nixos.iso,media=cdrom", "net0": "virtio=BC:24:11:00:04:10,bridge=vmbr0,firewall=0,tag=7",
      "hostpci0": "mapping=gpu,pcie=1,rombar=1", "usb0": "mapping=stick,usb3=1", "usb1": "host=1234:5678,usb3=0",
      "rng0": "source=/dev/urandom,max_bytes=1024", "audio0": "device=intel-hda,driver=spice", "watchdog": "model=i6300esb,action=reset"
    }
  },
  {
    "type": "proxmox_cloned_vm", "name": "cloned",
    "attributes": {
      "id": 411, "node_name": "pve1", "name": "cloned", "description": null, "tags": null, "started": false,
      "clone": {"source_vm_id": 409, "full": true, "target_datastore": "ceph", "retries": 3, "pool_id": null},
      "cpu": {"cores": 4, "sockets": null, "type": null}, "memory": {"size": 2048, "balloon": 1024, "shares": 500},
      "disk": {"scsi0": {"datastore_id": "local-lvm", "size_gb": 20, "file": null, "format": null, "media": null, "ssd": true}},
      "cdrom": {"ide2": {"file_id": "none"}},
      "network": {"net1": {"bridge": "vmbr0", "model": "virtio", "tag": 7, "trunks": [10, 20], "firewall": null}},
      "delete": {"network": ["net0"], "disk": null}, "timeouts": {"create": "30m", "update": null, "delete": null, "read": null}
    },
    "config": {
      "name": "cloned", "cores": "4", "memory": "2048", "balloon": "1024", "shares": "500", "scsi0": "local-lvm:vm-411-disk-0,size=20G,ssd=1",
      "ide2": "none,media=cdrom", "net1": "virtio=BC:24:11:00:04:11,bridge=vmbr0,tag=7,trunks=10;20"
    }
  },
  {
    "type": "proxmox_vm", "name": "newest",
    "attributes": {
      "id": 412, "node_name": "pve1", "name": "newest", "started": false, "template": false, "cpu": {"cores": 2, "vcpus": 1, "sockets": null},
      "network_device": [{"bridge": "vmbr0", "model": "virtio", "mac_address": "BC:24:11:00:04:12", "trunks": null, "vlan_id": null}],
      "initialization": {"dns": {"servers": ["10.0.0.53"], "domain": null}, "user_account": {"username": "ops", "keys": null},
                         "ip_config": [{"ipv4_address": "10.0.0.7/24", "ipv4_gateway": "10.0.0.1", "ipv6_address": "auto", "ipv6_gateway": null}]}
    },
    "config": {
      "name": "newest", "cores": "2", "vcpus": "1", "net0": "virtio=BC:24:11:00:04:12,bridge=vmbr0", "ciuser": "ops", "nameserver": "10.0.0.53",
      "ipconfig0": "ip=10.0.0.7/24,gw=10.0.0.1,ip6=auto"
    }
  }
]`

// theirVM is a VM in a state of bpg/proxmox, and what the cluster holds of it.
type theirVM struct {
	Type       string
	Name       string         `json:"name"`
	Attributes map[string]any `json:"attributes"`
	Config     map[string]any `json:"config"`
	Running    bool
}

// movesHere takes VMs over from a state of bpg/proxmox by `moved` blocks into `config`, and wants no change.
func (c *cluster) movesHere(t *testing.T, vms []theirVM, config string) {
	t.Helper()
	blocks := []string{config}
	var resources []any
	for _, vm := range vms {
		vmid, isOld := vm.Attributes["vm_id"].(float64)
		if !isOld {
			vmid = vm.Attributes["id"].(float64)
		}
		c.makeVM(t, int(vmid))
		held := map[string]string{}
		for key, value := range vm.Config {
			held[key] = fmt.Sprint(value)
		}
		c.hold(t, int(vmid), held)
		c.control(t, "POST", fmt.Sprintf("/vms/%d", int(vmid)), fmt.Sprintf(`{"running": %t}`, vm.Running))
		resources = append(resources, map[string]any{
			"mode": "managed", "type": vm.Type, "name": vm.Name,
			"provider":  `provider["registry.opentofu.org/bpg/proxmox"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": vm.Attributes}},
		})
		blocks = append(blocks, fmt.Sprintf("moved {\n  from = %s.%[2]s\n  to   = fediversity_proxmox_vm.%[2]s\n}", vm.Type, vm.Name))
	}
	c.control(t, "POST", "/refresh", "{}")
	state, err := json.Marshal(map[string]any{"version": 4, "terraform_version": "1.12.6", "serial": 1, "lineage": "moved",
		"outputs": map[string]any{}, "resources": resources})
	if err != nil {
		t.Fatal(err)
	}

	// Init asks for every provider in the state. Nothing calls bpg/proxmox, so any program will do in its place.
	binary := os.Getenv("FEDIVERSITY_PROVIDER")
	rc := makeMirror(t, map[string]string{"fediversity/fediversity/" + version(t): binary, "bpg/proxmox/0.111.1": binary})
	work := newWorkspace(t, rc, map[string]string{"main.tf": c.config(blocks...), "terraform.tfstate": string(state)})
	work.tofu(t, "init")
	before := c.vms(t)
	work.moves(t, len(vms))
	if after := c.vms(t); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the move changed VMs\nfrom %v\n  to %v", before, after)
	}
}
