package acceptance

import (
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// TestProxmoxIsImportedByWhateverIsAtHand imports VMs and images by each form of id and by identity, without a change.
func TestProxmoxIsImportedByWhateverIsAtHand(t *testing.T) {
	c := startCluster(t)
	for vmid, name := range map[int]string{300: "by-vmid", 301: "by-name", 302: "by-node", 303: "by-identity", 310: "twice", 311: "twice"} {
		c.makeVM(t, vmid, "name="+name, "scsi0=local:1", "net0=virtio,bridge=vmbr0")
	}
	for _, volume := range []string{"local:import/id.qcow2", "local:iso/identity.iso"} {
		c.control(t, "POST", "/volumes", `{"id": "`+volume+`", "node": "pve1", "size": 4096}`)
	}
	c.control(t, "POST", "/refresh", "{}")
	imports := `
import {
  to = fediversity_proxmox_vm.vmid
  id = "300"
}
import {
  to = fediversity_proxmox_vm.name
  id = "by-name"
}
import {
  to = fediversity_proxmox_vm.node
  id = "pve1/302"
}
import {
  to       = fediversity_proxmox_vm.identity
  identity = { vmid = 303 }
}
import {
  to = fediversity_proxmox_image.id
  id = "pve1/local:import/id.qcow2"
}
import {
  to       = fediversity_proxmox_image.identity
  identity = { node = "pve1", storage = "local", content = "iso", file_name = "identity.iso" }
}
`
	resources := `
resource "fediversity_proxmox_vm" "vmid" { name = "by-vmid" }
resource "fediversity_proxmox_vm" "name" { name = "by-name" }
resource "fediversity_proxmox_vm" "node" {
  name = "by-node"
  node = "pve1"
}
resource "fediversity_proxmox_vm" "identity" { vmid = 303 }
resource "fediversity_proxmox_image" "id" {
  node      = "pve1"
  storage   = "local"
  file_name = "id.qcow2"
}
resource "fediversity_proxmox_image" "identity" {
  node      = "pve1"
  storage   = "local"
  content   = "iso"
  file_name = "identity.iso"
}
`
	work := newWorkspace(t, "", map[string]string{"main.tf": c.config(resources, imports)})
	work.tofu(t, "init")
	before := c.vms(t)
	plan := work.plan(t)
	imported := 0
	for _, change := range plan.ResourceChanges {
		if change.Change.Importing != nil {
			imported++
		}
		if !change.Change.Actions.NoOp() {
			t.Errorf("%s: %v\nfrom %v\n  to %v", change.Address, change.Change.Actions, change.Change.Before, change.Change.After)
		}
	}
	if imported != 6 {
		t.Errorf("%d are imported, want 6", imported)
	}
	work.tofu(t, "apply", "tfplan")
	held := map[string]string{}
	for _, managed := range work.state(t).Values.RootModule.Resources {
		if vmid, isVM := managed.AttributeValues["vmid"].(json.Number); isVM {
			held[managed.Name] = vmid.String()
		} else {
			held[managed.Name], _ = managed.AttributeValues["id"].(string)
		}
		want := map[string]string{"fediversity_proxmox_vm.vmid": "300", "fediversity_proxmox_vm.name": "301", "fediversity_proxmox_vm.node": "302",
			"fediversity_proxmox_vm.identity": "303", "fediversity_proxmox_image.id": "local:import/id.qcow2",
			"fediversity_proxmox_image.identity": "local:iso/identity.iso"}[managed.Address]
		if held[managed.Name] != want {
			t.Errorf("%s is %s, want %s", managed.Address, held[managed.Name], want)
		}
	}
	if after := c.vms(t); len(after) != len(before) {
		t.Errorf("the import changed the cluster from %v to %v", before, after)
	}

	said := work.fails(t, "import", "fediversity_proxmox_vm.ambiguous", "twice")
	if !strings.Contains(said, "fediversity_proxmox_vm.ambiguous") {
		t.Errorf("without a block for it: %s", said)
	}
	work.write(t, "ambiguous.tf", `resource "fediversity_proxmox_vm" "ambiguous" { name = "twice" }`)
	for id, want := range map[string]string{"twice": "310, 311", "nobody": "No VM has this name", "pve1/x": "Import id not understood"} {
		if said := work.fails(t, "import", "fediversity_proxmox_vm.ambiguous", id); !strings.Contains(said, want) {
			t.Errorf("import of %q: %s", id, said)
		}
	}
}

// state is what tofu holds.
func (w *workspace) state(t *testing.T) tfjson.State {
	t.Helper()
	var state tfjson.State
	state.UseJSONNumber(true)
	if err := json.Unmarshal([]byte(w.tofu(t, "show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	return state
}

// TestProxmoxDataSources reads all five of them.
func TestProxmoxDataSources(t *testing.T) {
	c := startCluster(t)
	c.makeVM(t, 200, "name=alice-web", "tags=web;prod", "memory=1024")
	c.makeVM(t, 201, "name=alice-mail", "tags=mail")
	c.makeVM(t, 300, "name=bob")
	c.control(t, "POST", "/volumes", `{"id": "local:import/nixos.qcow2", "node": "pve1", "size": 4096}`)
	c.control(t, "POST", "/nodes/pve3", `{"online": false}`)
	c.control(t, "POST", "/refresh", "{}")
	work := newWorkspace(t, "", map[string]string{"main.tf": c.config(`
data "fediversity_proxmox_vms" "alice" { name_regex = "^alice-" }
data "fediversity_proxmox_vms" "web" { tags = ["WEB"] }
data "fediversity_proxmox_nodes" "online" { online = true }
data "fediversity_proxmox_storages" "disks" {
  node    = "pve1"
  content = "images"
}
data "fediversity_proxmox_images" "import" {
  node    = "pve1"
  storage = "local"
  content = "import"
}
data "fediversity_proxmox_version" "this" {}

output "alice" { value = { for vm in data.fediversity_proxmox_vms.alice.vms : vm.name => vm.vmid } }
output "web" { value = data.fediversity_proxmox_vms.web.vms[*].memory }
output "nodes" { value = data.fediversity_proxmox_nodes.online.nodes[*].name }
output "storages" { value = data.fediversity_proxmox_storages.disks.storages[*].name }
output "images" { value = data.fediversity_proxmox_images.import.images[*].id }
output "major" { value = tonumber(data.fediversity_proxmox_version.this.release) >= 8 }
`)})
	work.tofu(t, "init")
	work.tofu(t, "apply", "-auto-approve")
	for name, want := range map[string]string{
		"alice":    `{"alice-mail":201,"alice-web":200}`,
		"web":      `[1073741824]`,
		"nodes":    `["pve1","pve2"]`,
		"storages": `["local","local-lvm","shared"]`,
		"images":   `["local:import/nixos.qcow2"]`,
		"major":    `true`,
	} {
		if got := strings.TrimSpace(work.tofu(t, "output", "-json", name)); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}
