package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// fixed are the attributes of which these tests have one value only, with the reason.
var fixed = map[string]string{
	"vmid":                       "another one is another VM",
	"template":                   "there is no way back",
	"clone.source":               "it says what a new VM is made from",
	"clone.full":                 "as clone.source",
	"clone.storage":              "as clone.source",
	"clone.format":               "as clone.source",
	"clone.snapshot":             "as clone.source",
	"disks.*.import_from":        "it says what a new disk is made from",
	"disks.*.volume":             "another one is another disk",
	"efi_disk.type":              "it is the form of the volume, which stays",
	"efi_disk.pre_enrolled_keys": "as efi_disk.type",
	"tpm_state.version":          "as efi_disk.type",
	"vga.clipboard":              "Proxmox knows no other value",
	"cloud_init.password_wo":     "its version says that it is another one",
}

// settable are the paths of all attributes that a configuration can have, "disks.*.size".
func settable(prefix string, attributes map[string]*tfjson.SchemaAttribute) []string {
	var paths []string
	for name, attribute := range attributes {
		if !attribute.Required && !attribute.Optional {
			continue
		}
		path := prefix + name
		nested := attribute.AttributeNestedType
		if nested == nil {
			paths = append(paths, path)
		} else if nested.NestingMode == tfjson.SchemaNestingModeSingle {
			paths = append(paths, settable(path+".", nested.Attributes)...)
		} else {
			paths = append(paths, settable(path+".*.", nested.Attributes)...)
		}
	}
	return paths
}

// collect notes what stands at each path of a configuration, "disks.scsi0.size".
func collect(path string, value any, found map[string]string) {
	if object, ok := value.(map[string]any); ok {
		for key, element := range object {
			collect(path+"."+key, element, found)
		}
	} else if value != nil {
		text, _ := json.Marshal(value)
		found[path] = string(text)
	}
}

// coverage plans configurations of VMs, and answers what stands at each path of each resource in each of them.
func coverage(t *testing.T, configurations ...string) (*tfjson.SchemaBlock, []map[string]map[string]string) {
	t.Helper()
	work := newWorkspace(t, "", map[string]string{"main.tf": configurations[0]})
	work.tofu(t, "init")
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte(work.tofu(t, "providers", "schema", "-json")), &schemas); err != nil {
		t.Fatal(err)
	}
	var block *tfjson.SchemaBlock
	for _, provider := range schemas.Schemas {
		block = provider.ResourceSchemas["fediversity_proxmox_vm"].Block
	}
	var found []map[string]map[string]string
	for _, configuration := range configurations {
		work.write(t, "main.tf", configuration)
		resources := map[string]map[string]string{}
		for _, planned := range work.plan(t).Config.RootModule.Resources {
			paths := map[string]string{}
			for name, expression := range planned.Expressions {
				collect(name, expression.ConstantValue, paths)
			}
			resources[planned.Address] = paths
		}
		found = append(found, resources)
	}
	return block, found
}

// starred has "*" in place of the keys of maps, "disks.*.size".
func starred(block *tfjson.SchemaBlock, path string) string {
	steps := strings.Split(path, ".")
	nested := block.Attributes[steps[0]].AttributeNestedType
	if len(steps) > 1 && nested != nil && nested.NestingMode == tfjson.SchemaNestingModeMap {
		steps[1] = "*"
	}
	if len(steps) > 1 && nested == nil {
		steps = steps[:1] // a map of texts
	}
	return strings.Join(steps, ".")
}

// TestEveryAttributeOfAVMIsSetAndChanged holds the configurations of these tests against the schema: an attribute that
// is added to the one has to be added to the other.
func TestEveryAttributeOfAVMIsSetAndChanged(t *testing.T) {
	cluster := startCluster(t, "--version", "8.4") // which still has groups of HA
	cluster.prepareSpecial(t)
	variant := func(number int) string {
		again := strings.NewReplacer(`"web" {`, `"special" {`).Replace(special(number))
		return cluster.configAsRoot(everything(number), again, inOtherWays, grouped(number))
	}
	block, found := coverage(t, variant(0), variant(1))
	set, changed := map[string]bool{}, map[string]bool{}
	for address, before := range found[0] {
		for path, value := range before {
			attribute := starred(block, path)
			set[attribute] = true
			if after, there := found[1][address][path]; there && after != value {
				changed[attribute] = true
			}
		}
	}
	var unset, unchanged []string
	for _, path := range settable("", block.Attributes) {
		if !set[path] {
			unset = append(unset, path)
		}
		if _, stays := fixed[path]; changed[path] == stays {
			unchanged = append(unchanged, path)
		}
	}
	sort.Strings(unset)
	sort.Strings(unchanged)
	if len(set) == 0 || len(unset) > 0 {
		t.Errorf("no configuration of these tests sets %s", strings.Join(unset, ", "))
	}
	if len(unchanged) > 0 {
		t.Errorf("these are either never changed, or changed and called fixed: %s", strings.Join(unchanged, ", "))
	}
}

// keptOption is whether a VM has the option whatever its configuration says, or loses it with its slot.
func keptOption(option string) bool {
	kept := []string{"boot", "cipassword", "digest", "meta", "name", "smbios1", "vmgenid"}
	slots := []string{"efidisk", "ide", "ipconfig", "net", "sata", "scsi", "tpmstate", "virtio"}
	kind := strings.TrimRight(option, "0123456789")
	return slices.Contains(kept, option) || kind != option && slices.Contains(slots, kind)
}

func TestEveryOptionOfAVMIsUnset(t *testing.T) {
	for name, configuration := range map[string]string{"special": special(0), "everything": everything(0)} {
		t.Run(name, func(t *testing.T) {
			cluster := startCluster(t)
			cluster.prepareSpecial(t)
			work := newWorkspace(t, "", map[string]string{"main.tf": cluster.configAsRoot(configuration)})
			work.tofu(t, "init")
			work.tofu(t, "apply", "-auto-approve")
			options := func() []string {
				for _, vm := range cluster.vms(t) {
					return slices.Sorted(maps.Keys(vm.Config))
				}
				return nil
			}
			unset := slices.DeleteFunc(options(), keptOption)
			if len(unset) < 20 {
				t.Fatalf("the VM has only %v", unset)
			}
			quoted, _ := json.Marshal(unset)
			called := "web"
			if name == "special" {
				called = name
			}
			work.write(t, "main.tf", cluster.configAsRoot(fmt.Sprintf("resource \"fediversity_proxmox_vm\" \"web\" {\n  name = %q\n  unset = %s\n}\n", called, quoted)))
			work.tofu(t, "apply", "-auto-approve")
			if left := slices.DeleteFunc(options(), keptOption); len(left) > 0 {
				t.Errorf("the VM still has %v", left)
			}
			work.tofu(t, "plan", "-detailed-exitcode")
		})
	}
}
