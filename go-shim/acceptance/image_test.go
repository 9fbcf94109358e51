package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestVMFromTheImageOfANixBuild uploads the one image in the output of a build, makes a VM of it, and builds anew.
func TestVMFromTheImageOfANixBuild(t *testing.T) {
	cluster := startCluster(t)
	config := cluster.config(`
resource "fediversity_proxmox_image" "nixos" {
  node      = "pve1"
  storage   = "local"
  file_name = "nixos.raw"
  path      = "${path.module}/result"
}
resource "fediversity_proxmox_vm" "web" {
  name  = "web"
  node  = "pve1"
  disks = { scsi0 = { storage = "local", import_from = fediversity_proxmox_image.nixos.id, size = "2G" } }
}
`)
	work := newWorkspace(t, "", map[string]string{"main.tf": config})
	build := func(output, content string) {
		directory := filepath.Join(work.directory, "store", output)
		for name, text := range map[string]string{"nixos.img": content, "nix-support/hydra-build-products": "file raw nixos.img"} {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(directory, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		result := filepath.Join(work.directory, "result")
		if err := os.Remove(result); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("store", output), result); err != nil {
			t.Fatal(err)
		}
	}
	planned := func() map[string]string {
		actions := map[string]string{}
		for _, change := range work.plan(t).ResourceChanges {
			switch change.Change.Actions.NoOp() {
			case true:
				actions[change.Type] = "no-op"
			default:
				var words []string
				for _, action := range change.Change.Actions {
					words = append(words, string(action))
				}
				actions[change.Type] = strings.Join(words, "+")
			}
		}
		return actions
	}
	expect := func(image, vm string) {
		t.Helper()
		if actions := planned(); actions["fediversity_proxmox_image"] != image || actions["fediversity_proxmox_vm"] != vm {
			t.Errorf("the plan is %v, want image: %s, VM: %s", actions, image, vm)
		}
	}

	build("abc-nixos", strings.Repeat("image", 1000))
	work.tofu(t, "init")
	expect("create", "create")
	work.tofu(t, "apply", "tfplan")
	expect("no-op", "no-op")
	if disk := cluster.vms(t)["100"].Config["scsi0"]; !strings.Contains(disk, "size=2G") {
		t.Errorf("the disk is %q", disk)
	}
	build("def-nixos", strings.Repeat("image", 1000))
	expect("no-op", "no-op") // the same content, wherever it is
	build("ghi-nixos", strings.Repeat("other", 1000))
	expect("delete+create", "no-op") // a VM that exists keeps its disk
	work.tofu(t, "apply", "tfplan")
	expect("no-op", "no-op")
	work.tofu(t, "destroy", "-auto-approve")
	if left := cluster.vms(t); len(left) > 0 {
		t.Errorf("the cluster still has %v", left)
	}
}
