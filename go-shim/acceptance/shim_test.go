package acceptance

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestWholeLifeThroughTheShim puts the Go shim in the provider's place and looks at what it traced.
func TestWholeLifeThroughTheShim(t *testing.T) {
	needEnvironment(t)
	server := startNameServer(t)
	program, trace := filepath.Join(t.TempDir(), "shim"), filepath.Join(t.TempDir(), "trace")
	if output, err := exec.Command("go", "build", "-o", program, "../cmd/shim").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	t.Setenv("FEDIVERSITY_SHIM_TRACE", trace)
	work := newWorkspace(t, makeMirror(t, map[string]string{"fediversity/fediversity/" + version(t): program}), map[string]string{
		"main.tf": server.config(recordSet("web", "social", "A", "ttl = 300", records("203.0.113.9")),
			"data \"fediversity_dns_zone\" \"all\" {\n  zone = \"example.org\"\n}"),
	})
	work.tofu(t, "init")
	work.tofu(t, "validate")
	work.tofu(t, "apply", "-auto-approve")
	if got := server.dig(t, "social", "A"); got != "203.0.113.9" {
		t.Errorf("the server holds %q", got)
	}
	for _, change := range work.plan(t).ResourceChanges {
		if !change.Change.Actions.NoOp() {
			t.Errorf("after apply %s: %v", change.Address, change.Change.Actions)
		}
	}
	work.tofu(t, "state", "rm", "fediversity_dns_record_set.web")
	work.tofu(t, "import", "fediversity_dns_record_set.web", "example.org/social/A")
	work.tofu(t, "destroy", "-auto-approve")
	if got := server.dig(t, "social", "A"); got != "" {
		t.Errorf("after destroy the server holds %q", got)
	}

	codes := readTrace(t, trace)
	for _, method := range []string{
		"GetProviderSchema", "GetResourceIdentitySchemas", "ValidateProviderConfig", "ConfigureProvider",
		"ValidateResourceConfig", "UpgradeResourceState", "ReadResource", "PlanResourceChange", "ApplyResourceChange",
		"ImportResourceState", "ValidateDataResourceConfig", "ReadDataSource",
	} {
		if codes["/tfplugin6.Provider/"+method] != "OK" {
			t.Errorf("%s: %q in the trace, want OK", method, codes["/tfplugin6.Provider/"+method])
		}
	}
}

// readTrace answers the status of each method; a method that ever failed keeps that status.
func readTrace(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	codes := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var line struct{ Method, Code string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%v in %s", err, lines.Text())
		}
		if known, ok := codes[line.Method]; !ok || known == "OK" {
			codes[line.Method] = line.Code
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return codes
}
