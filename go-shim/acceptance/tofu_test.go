package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
)

// workspace is a directory in which tofu is run by hand, for what plugin-testing has no step for.
type workspace struct {
	directory string
	rc        string
}

// newWorkspace uses the mirror of the whole run; `rc`, if not empty, names another.
func newWorkspace(t *testing.T, rc string, files map[string]string) *workspace {
	t.Helper()
	needEnvironment(t)
	if rc == "" {
		rc = os.Getenv("TF_CLI_CONFIG_FILE")
	}
	w := &workspace{t.TempDir(), rc}
	for name, content := range files {
		w.write(t, name, content)
	}
	return w
}

func (w *workspace) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.directory, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (w *workspace) command(arguments ...string) *exec.Cmd {
	command := exec.Command(os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
	command.Dir = w.directory
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+w.rc, "TF_IN_AUTOMATION=1")
	return command
}

// run answers all that tofu prints.
func (w *workspace) run(arguments ...string) (string, error) {
	output, err := w.command(arguments...).CombinedOutput()
	return string(output), err
}

// tofu ends the test where tofu fails.
func (w *workspace) tofu(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := w.run(arguments...)
	if err != nil {
		t.Fatalf("tofu %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

// fails ends the test where tofu succeeds, and answers what it said on one line, without the frames of diagnostics.
func (w *workspace) fails(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := w.run(append(arguments, "-no-color")...)
	if err == nil {
		t.Fatalf("tofu %s succeeded:\n%s", strings.Join(arguments, " "), output)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
}

// plan is what tofu would do.
func (w *workspace) plan(t *testing.T) tfjson.Plan {
	t.Helper()
	w.tofu(t, "plan", "-out=tfplan")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(w.tofu(t, "show", "-json", "tfplan")), &plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

// makeMirror lays out a mirror with each binary under its "namespace/name/version" and answers the rc file that names it.
func makeMirror(t *testing.T, binaries map[string]string) string {
	t.Helper()
	directory := t.TempDir()
	for address, binary := range binaries {
		parts := strings.Split(address, "/")
		place := filepath.Join(directory, "registry.opentofu.org", address, "linux_amd64")
		if err := os.MkdirAll(place, 0o755); err != nil {
			t.Fatal(err)
		}
		absolute, err := filepath.Abs(binary)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(absolute, filepath.Join(place, "terraform-provider-"+parts[1]+"_v"+parts[2])); err != nil {
			t.Fatal(err)
		}
	}
	rc := filepath.Join(directory, "tofurc")
	content := "provider_installation {\n  filesystem_mirror {\n    path = \"" + directory + "\"\n  }\n}\n"
	if err := os.WriteFile(rc, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return rc
}

// needEnvironment skips a test where nobody has said which provider to test with which host.
func needEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"TF_ACC", "TF_ACC_TERRAFORM_PATH", "TF_CLI_CONFIG_FILE", "FEDIVERSITY_PROVIDER"} {
		if os.Getenv(name) == "" {
			t.Skipf("%s is not set; ./dev test sets it", name)
		}
	}
}

// version is the provider's own, as the whole repository states it.
func version(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../VERSION")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// moves plans and applies `moved` blocks of so many resources: no step may change any of them.
func (w *workspace) moves(t *testing.T, resources int) {
	t.Helper()
	plan := w.plan(t)
	if len(plan.ResourceChanges) != resources {
		t.Errorf("the plan names %d resources, want %d", len(plan.ResourceChanges), resources)
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() || change.PreviousAddress == "" {
			t.Errorf("%s (before %s): %v\nfrom %v\n  to %v", change.Address, change.PreviousAddress, change.Change.Actions,
				change.Change.Before, change.Change.After)
		}
	}
	w.tofu(t, "apply", "tfplan")
	for _, change := range w.plan(t).ResourceChanges {
		if !change.Change.Actions.NoOp() || change.PreviousAddress != "" {
			t.Errorf("after the move %s: %v", change.Address, change.Change.Actions)
		}
	}
}
