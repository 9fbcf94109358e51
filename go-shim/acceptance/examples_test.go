package acceptance

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestExamplesAreValid has tofu validate what the reference pages show of resources and data sources, each example as a
// module. Those of ephemeral resources need other providers besides.
func TestExamplesAreValid(t *testing.T) {
	var examples []string
	for _, kind := range []string{"resources", "data-sources"} {
		found, err := filepath.Glob("../../examples/" + kind + "/fediversity_*/*.tf")
		if err != nil || len(found) == 0 {
			t.Fatalf("there are no examples of %s: %v", kind, err)
		}
		examples = append(examples, found...)
	}
	const provider = "terraform {\n  required_providers {\n    fediversity = { source = \"fediversity/fediversity\" }\n  }\n}\n"
	variables := regexp.MustCompile(`(?m)^variable "(\w+)"`)
	work := newWorkspace(t, "", nil)
	main := provider
	for _, example := range examples {
		if matched, _ := filepath.Match("import*", filepath.Base(example)); matched {
			continue // only a root module imports
		}
		text, err := os.ReadFile(example)
		if err != nil {
			t.Fatal(err)
		}
		kind := filepath.Base(filepath.Dir(filepath.Dir(example)))
		name := kind + "_" + filepath.Base(filepath.Dir(example))
		if err := os.MkdirAll(filepath.Join(work.directory, name), 0o755); err != nil {
			t.Fatal(err)
		}
		work.write(t, filepath.Join(name, "provider.tf"), provider)
		work.write(t, filepath.Join(name, filepath.Base(example)), string(text))
		main += "module \"" + name + "\" {\n  source = \"./" + name + "\"\n"
		for _, variable := range variables.FindAllStringSubmatch(string(text), -1) {
			main += "  " + variable[1] + " = \"example\"\n"
		}
		main += "}\n"
	}
	work.write(t, "main.tf", main)
	work.tofu(t, "init")
	work.tofu(t, "validate")
}
