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

	c.takesOver(t, len(made))
}

// TestImportProxmoxWritesWhatIsUncommon does so for VMs of which each has something that few have, and that a token could
// not have set: whoever imports them only reads it.
func TestImportProxmoxWritesWhatIsUncommon(t *testing.T) {
	c := startCluster(t)
	c.makeVM(t, 100, "name=template", "scsi0=local:1,format=qcow2")
	c.api(t, "POST", "/nodes/pve1/qemu/100/template", nil)
	c.control(t, "POST", "/finish-tasks", "{}")
	c.api(t, "POST", "/nodes/pve1/qemu/100/clone", url.Values{"newid": {"101"}, "name": {"linked"}, "full": {"0"}})
	c.makeVM(t, 102, "name=available")
	c.api(t, "POST", "/cluster/ha/resources", url.Values{"sid": {"vm:102"}, "state": {"stopped"}, "max_restart": {"2"}})
	c.makeVM(t, 103, "name=elsewhere", "scsi0=shared:1")
	c.control(t, "POST", "/vms/103", `{"node": "pve2"}`)
	c.makeVM(t, 104, "name=snapshots", "scsi0=local-lvm:1")
	c.api(t, "POST", "/nodes/pve1/qemu/104/snapshot", url.Values{"snapname": {"before"}})
	c.makeVM(t, 105, "name=detached", "scsi0=local-lvm:1", "scsi1=local-lvm:1")
	c.api(t, "PUT", "/nodes/pve1/qemu/105/config", url.Values{"delete": {"scsi1"}})
	c.makeVM(t, 106, "name=waits", "cores=1")
	c.api(t, "POST", "/nodes/pve1/qemu/106/status/start", nil)
	c.control(t, "POST", "/finish-tasks", "{}")
	c.api(t, "PUT", "/nodes/pve1/qemu/106/config", url.Values{"cores": {"2"}, "machine": {"q35"}})
	c.makeVM(t, 107, "name=cloud-scsi", "scsi1=local-lvm:cloudinit", "ciuser=ops")
	for vmid, held := range map[int]map[string]string{
		108: {"name": "root", "args": "-no-shutdown", "affinity": "0-1", "hookscript": "local:snippets/hook.sh", "hugepages": "2"},
		109: {"name": "passed", "hostpci0": "0000:01:00.0,pcie=1", "hostpci1": "mapping=gpu", "usb0": "host=1234:5678", "usb1": "mapping=stick,usb3=1",
			"serial0": "/dev/ttyS0", "machine": "q35,viommu=intel"},
		110: {"name": "device", "scsi0": "/dev/disk/by-id/ata-disk,size=1G", "sata0": "cdrom,media=cdrom"},
		111: {"name": "legacy", "boot": "cdn", "bootdisk": "scsi0", "scsi0": "local:111/vm-111-disk-0.raw,size=1G"},
		112: {"name": "by-hand", "net0": "virtio=BC:24:11:00:00:12,bridge=vmbr0", "ipconfig0": "ip=manual,ip6=manual"},
	} {
		c.makeVM(t, vmid)
		c.hold(t, vmid, held)
	}
	c.control(t, "POST", "/finish-tasks", "{}")
	c.control(t, "POST", "/refresh", "{}")
	c.takesOver(t, 13, "--templates")
}

// hold makes `options` all that the VM's configuration holds besides its identity.
func (c *cluster) hold(t *testing.T, vmid int, options map[string]string) {
	t.Helper()
	held := map[string]any{}
	for key := range c.vms(t)[fmt.Sprint(vmid)].Config {
		if key != "smbios1" && key != "meta" && key != "vmgenid" {
			held[key] = nil
		}
	}
	for key, value := range options {
		held[key] = value
	}
	body, err := json.Marshal(map[string]any{"config": held})
	if err != nil {
		t.Fatal(err)
	}
	c.control(t, "POST", fmt.Sprintf("/vms/%d", vmid), string(body))
}

// takesOver holds what `import proxmox` writes for all VMs, `count` of them, against a plan, and applies it.
func (c *cluster) takesOver(t *testing.T, count int, options ...string) {
	t.Helper()
	work := newWorkspace(t, "", map[string]string{"main.tf": c.config(), "proxmox.json": fmt.Sprintf(`{"proxmox":{"fingerprint":%q}}`, c.Fingerprint)})
	command := exec.Command(os.Getenv("FEDIVERSITY_PROVIDER"), append([]string{"import", "proxmox", "--config", "proxmox.json"}, options...)...)
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
	if len(plan.ResourceChanges) != count {
		t.Errorf("the plan names %d VMs, want %d", len(plan.ResourceChanges), count)
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
