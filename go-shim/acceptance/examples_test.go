package acceptance

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const required = "terraform {\n  required_providers {\n    fediversity = { source = \"fediversity/fediversity\" }\n  }\n}\n"

// elsewhere is what guides refer to and do not show.
var elsewhere = map[string]string{
	"import-garage": "resource \"fediversity_garage_key\" \"alice\" {\n  name = \"alice\"\n}\n",
}

// found are the files that the pattern, from the root of the repository, matches; there have to be some.
func found(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob("../../" + pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no %s: %v", pattern, err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// examples are those of the reference pages, by the names of modules. Those of ephemeral resources need other providers
// besides.
func examples(t *testing.T, modules map[string]string) {
	for _, kind := range []string{"resources", "data-sources"} {
		for _, file := range found(t, "examples/"+kind+"/fediversity_*/*.tf") {
			if matched, _ := filepath.Match("import*", filepath.Base(file)); matched {
				continue // only a root module imports
			}
			modules[kind+"_"+filepath.Base(filepath.Dir(file))] += read(t, file)
		}
	}
	for _, file := range found(t, "examples/vm/*.tf") {
		if filepath.Base(file) != "provider.tf" {
			modules["vm"] += read(t, file)
		}
	}
}

// guides show resources of ours between those of other providers, and moves from them.
func guides(t *testing.T, modules map[string]string) {
	block := regexp.MustCompile("(?ms)^```terraform\n(.*?)^```$")
	resource := regexp.MustCompile(`(?ms)^resource "fediversity_.*?^}\n`)
	for _, file := range found(t, "docs/guides/*.md") {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		shown := ""
		for _, match := range block.FindAllStringSubmatch(read(t, file), -1) {
			shown += strings.Join(resource.FindAllString(match[1], -1), "")
		}
		if shown != "" {
			modules["guide_"+name] = elsewhere[name] + shown
		}
	}
}

// TestExamplesAreValid has tofu validate all HCL that people are shown, each example as a module.
func TestExamplesAreValid(t *testing.T) {
	modules := map[string]string{}
	examples(t, modules)
	guides(t, modules)
	if len(modules) < 20 || modules["guide_import-proxmox-vms"] == "" {
		t.Fatalf("there are only %d examples", len(modules))
	}
	variables := regexp.MustCompile(`(?m)^variable "(\w+)"`)
	work := newWorkspace(t, "", map[string]string{"ops.pub": "ssh-ed25519 AAAA ops@example.org\n"})
	main := required
	for name, text := range modules {
		if err := os.MkdirAll(filepath.Join(work.directory, name), 0o755); err != nil {
			t.Fatal(err)
		}
		work.write(t, filepath.Join(name, "main.tf"), required+text)
		main += "module \"" + name + "\" {\n  source = \"./" + name + "\"\n"
		for _, variable := range variables.FindAllStringSubmatch(text, -1) {
			main += "  " + variable[1] + " = \"example\"\n"
		}
		main += "}\n"
	}
	work.write(t, "main.tf", main)
	work.tofu(t, "init")
	work.tofu(t, "validate")
}
