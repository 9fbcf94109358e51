package acceptance

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// api calls the cluster as a person with every right does, and answers the data.
func (c *cluster) api(t *testing.T, method, path string, form url.Values) json.RawMessage {
	t.Helper()
	request, err := http.NewRequest(method, c.Endpoint+"/api2/json"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "PVEAPIToken="+c.Token)
	if len(form) > 0 {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, content, err)
	}
	var body struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(content, &body); err != nil {
		t.Fatalf("%s: %v", content, err)
	}
	return body.Data
}

// makeVM makes a VM on pve1 with the options given as "key=value".
func (c *cluster) makeVM(t *testing.T, vmid int, options ...string) {
	t.Helper()
	form := url.Values{"vmid": {fmt.Sprint(vmid)}}
	for _, option := range options {
		key, value, _ := strings.Cut(option, "=")
		form.Set(key, value)
	}
	c.api(t, "POST", "/nodes/pve1/qemu", form)
	c.control(t, "POST", "/finish-tasks", "{}")
}

// TestImportProxmoxWritesWhatIsThere holds what the command writes for twenty differently made VMs against a plan.
func TestImportProxmoxWritesWhatIsThere(t *testing.T) {
	c := startCluster(t)
	c.api(t, "POST", "/pools", url.Values{"poolid": {"customers"}})
	made := [][]string{
		{"name=bare"},
		{"name=bare"}, // a second one of that name
		{"memory=1025"},
		{"name=pooled", "pool=customers", "tags=Prod;web;a"},
		{"name=texts", "description=Runs ${the} \"site\"\nsecond line\n%{ if }\n"},
		{"name=scsi", "scsihw=virtio-scsi-single", "scsi0=local-lvm:2,iothread=1,discard=on,ssd=1,cache=writeback", "scsi30=local:1,format=qcow2"},
		{"name=virtio", "virtio0=local-lvm:1,backup=0,mbps_rd=1.5,iops_wr=100", "virtio15=shared:1"},
		{"name=sata", "sata0=local-lvm:1,serial=a%2Cb", "sata5=none,media=cdrom", "boot=order=sata0"},
		{"name=nets", "net0=virtio,bridge=vmbr0,tag=20,firewall=1,mtu=1400,queues=2,trunks=10;20-30", "net3=e1000=BC:24:11:00:00:09,bridge=vmbr0,link_down=1,rate=2.5"},
		{"name=cloud", "ide2=local-lvm:cloudinit", "ciuser=ops", "cipassword=obviously-fake", "net0=virtio,bridge=vmbr0",
			"ipconfig0=ip=203.0.113.9/24,gw=203.0.113.1,ip6=auto", "nameserver=192.0.2.1 192.0.2.2", "searchdomain=example.org",
			"sshkeys=ssh-ed25519%20AAAAC3Nza%20ops%40example.org%0Assh-ed25519%20AAAAC3Nzb%20admin%40example.org"},
		{"name=custom", "ide0=local-lvm:cloudinit", "cicustom=user=local:snippets/u.yaml,vendor=local:snippets/v.yaml", "citype=nocloud", "ciupgrade=0"},
		{"name=efi", "bios=ovmf", "machine=q35", "efidisk0=local-lvm:1,efitype=4m,pre-enrolled-keys=1", "tpmstate0=local-lvm:1,version=v2.0", "ostype=win11"},
		{"name=agent", "agent=enabled=1,fstrim_cloned_disks=1,type=isa"},
		{"name=cpu", "cpu=x86-64-v2-AES,flags=+aes;-pcid", "cores=4", "sockets=2", "vcpus=3", "cpulimit=1.5", "cpuunits=200", "numa=1", "numa0=cpus=0-3,hostnodes=0,memory=512,policy=bind"},
		{"name=memory", "memory=2048", "balloon=1024", "shares=500"},
		{"name=no-balloon", "memory=512", "balloon=0"},
		{"name=devices", "serial0=socket", "vga=serial0", "audio0=device=ich9-intel-hda,driver=spice", "rng0=source=/dev/urandom,max_bytes=1024,period=1000",
			"watchdog=i6300esb,action=reset", "usb0=spice"},
		{"name=switches", "acpi=0", "kvm=0", "tablet=0", "localtime=1", "keyboard=de", "hotplug=network,usb", "onboot=1", "protection=1", "startup=order=2,up=30"},
		{"name=named", "smbios1=uuid=11111111-2222-3333-4444-555555555555,base64=1,serial=c2VyaWFs"},
		{"name=running", "net0=virtio,bridge=vmbr0", "boot=order=net0"},
	}
	for i, options := range made {
		c.makeVM(t, 100+i, options...)
	}
	c.api(t, "POST", fmt.Sprintf("/nodes/pve1/qemu/%d/status/start", 100+len(made)-1), nil)
	c.control(t, "POST", "/finish-tasks", "{}")
	c.control(t, "POST", "/refresh", "{}")

	work := newWorkspace(t, "", map[string]string{"main.tf": c.config(), "proxmox.json": fmt.Sprintf(`{"proxmox":{"fingerprint":%q}}`, c.Fingerprint)})
	command := exec.Command(os.Getenv("FEDIVERSITY_PROVIDER"), "import", "proxmox", "--config", "proxmox.json")
	command.Dir = work.directory
	command.Env = append(os.Environ(), "PROXMOX_VE_ENDPOINT="+c.Endpoint, "PROXMOX_VE_API_TOKEN="+c.Token)
	command.Stderr = os.Stderr
	written, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	work.write(t, "vms.tf", string(written))
	work.tofu(t, "fmt", "-check", "vms.tf")
	work.tofu(t, "init")
	plan := work.plan(t)
	if len(plan.ResourceChanges) != len(made) {
		t.Errorf("the plan names %d VMs, want %d", len(plan.ResourceChanges), len(made))
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() || change.Change.Importing == nil {
			t.Errorf("%s: %v\nfrom %v\n  to %v", change.Address, change.Change.Actions, change.Change.Before, change.Change.After)
		}
	}
	before := c.vms(t)
	work.tofu(t, "apply", "tfplan")
	for _, change := range work.plan(t).ResourceChanges {
		if !change.Change.Actions.NoOp() {
			t.Errorf("after the import %s: %v", change.Address, change.Change.Actions)
		}
	}
	if after := c.vms(t); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the import changed VMs\nfrom %v\n  to %v", before, after)
	}
}

// TestMovedFromBpg takes over four VMs that bpg/proxmox 0.111 left in state, by `moved` blocks, without a change.
func TestMovedFromBpg(t *testing.T) {
	c := startCluster(t)
	text, err := os.ReadFile("../../tests/golden/proxmox/bpg-state.json")
	if err != nil {
		t.Fatal(err)
	}
	var theirs struct {
		VMs []struct {
			Name       string         `json:"name"`
			Attributes map[string]any `json:"attributes"`
			Config     map[string]any `json:"config"`
		} `json:"vms"`
	}
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatal(err)
	}
	config := []string{`
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
}`}
	var resources []any
	for _, vm := range theirs.VMs {
		vmid := int(vm.Attributes["vm_id"].(float64))
		c.makeVM(t, vmid)
		held := map[string]any{}
		for key := range c.vms(t)[fmt.Sprint(vmid)].Config {
			held[key] = nil // what the emulator made, away with it
		}
		for key, value := range vm.Config {
			held[key] = fmt.Sprint(value)
		}
		body, err := json.Marshal(map[string]any{"config": held})
		if err != nil {
			t.Fatal(err)
		}
		c.control(t, "POST", fmt.Sprintf("/vms/%d", vmid), string(body))
		vm.Attributes["node_name"] = "pve1"
		resources = append(resources, map[string]any{
			"mode": "managed", "type": "proxmox_virtual_environment_vm", "name": vm.Name,
			"provider":  `provider["registry.opentofu.org/bpg/proxmox"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": vm.Attributes}},
		})
		config = append(config, fmt.Sprintf("moved {\n  from = proxmox_virtual_environment_vm.%[1]s\n  to   = fediversity_proxmox_vm.%[1]s\n}", vm.Name))
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
	work := newWorkspace(t, rc, map[string]string{"main.tf": c.config(config...), "terraform.tfstate": string(state)})
	work.tofu(t, "init")
	before := c.vms(t)
	plan := work.plan(t)
	if len(plan.ResourceChanges) != len(theirs.VMs) {
		t.Errorf("the plan names %d VMs, want %d", len(plan.ResourceChanges), len(theirs.VMs))
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() || change.PreviousAddress == "" {
			t.Errorf("%s (before %s): %v\nfrom %v\n  to %v", change.Address, change.PreviousAddress, change.Change.Actions,
				change.Change.Before, change.Change.After)
		}
	}
	work.tofu(t, "apply", "tfplan")
	for _, change := range work.plan(t).ResourceChanges {
		if !change.Change.Actions.NoOp() || change.PreviousAddress != "" {
			t.Errorf("after the move %s: %v", change.Address, change.Change.Actions)
		}
	}
	if after := c.vms(t); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the move changed VMs\nfrom %v\n  to %v", before, after)
	}
}
