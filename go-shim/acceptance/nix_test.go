package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// governed is a configuration whose provider block has `nix` set to these settings.
func (s *nameServer) governed(settings string, body ...string) string {
	return strings.Replace(s.config(body...), "  dns = {", "  nix = { "+settings+" }\n  dns = {", 1)
}

// withoutNix is the path of a directory that has what a provider needs but no Nix.
func withoutNix(t *testing.T) []string {
	t.Helper()
	return []string{"PATH=" + t.TempDir()}
}

// refuses runs tofu, which has to fail and say each of these; what tofu wraps and frames does not count.
func (w *workspace) refuses(t *testing.T, environment []string, arguments []string, say ...string) string {
	t.Helper()
	output, err := w.attempt(environment, arguments...)
	if err == nil {
		t.Fatalf("tofu %s succeeds:\n%s", strings.Join(arguments, " "), output)
	}
	plain := regexp.MustCompile(`[\s│╷╵]+`).ReplaceAllString(output, " ")
	for _, want := range say {
		if !strings.Contains(plain, want) {
			t.Errorf("tofu %s does not say %q:\n%s", strings.Join(arguments, " "), want, output)
		}
	}
	return output
}

func TestRulesInNixRefuseOnTheLine(t *testing.T) {
	server := startNameServer(t)
	const settings = `environment = "./environment.nix"`
	set := func(ttl int) string {
		return recordSet("web", "social", "A", fmt.Sprintf("ttl = %d", ttl), records("203.0.113.9"))
	}
	work := newWorkspace(t, "", map[string]string{
		"main.tf":         server.governed(settings, set(86400)),
		"environment.nix": "{\n  offer.dns_record_set.max_ttl = 3600;\n}\n",
	})
	work.tofu(t, "init")
	for _, command := range [][]string{{"validate", "-no-color"}, {"plan", "-no-color"}} {
		work.refuses(t, nil, command, "Refused by the hosting provider's rules", ": ttl = 86400",
			"A TTL of 86400 seconds is above the environment's limit of 3600.", "It is set in ./environment.nix:2.")
	}
	work.write(t, "main.tf", server.governed(settings, set(3600)))
	work.tofu(t, "apply", "-auto-approve")
	if got := server.dig(t, "social", "A"); strings.TrimSpace(got) != "203.0.113.9" {
		t.Errorf("the server holds %q", got)
	}
	work.plansNothing(t)

	// The provider's own default goes through the rules as well.
	work.write(t, "environment.nix", "{ offer.dns_record_set.max_ttl = 600; }\n")
	work.write(t, "main.tf", server.governed(settings, set(600), recordSet("other", "other", "A", records("203.0.113.9"))))
	work.refuses(t, nil, []string{"plan", "-no-color"}, "A TTL of 3600 seconds is above the environment's limit of 600.")

	// What the rules say about what is not known yet, they say once it is.
	work.write(t, "environment.nix", `{
  rules.dns_record_set.names = { request, ... }: {
    path = [ "name" ];
    holds = builtins.match "social|id-[0-9]+" request.name != null;
    message = "The name ${request.name} is no name of ours.";
  };
}
`)
	work.write(t, "main.tf", server.governed(settings, set(600), `resource "terraform_data" "name" { input = "other" }
resource "fediversity_dns_record_set" "other" {
  zone = "`+zone+`"
  name = terraform_data.name.output
  type = "A"
  records = ["203.0.113.9"]
}`))
	work.tofu(t, "plan", "-no-color")
	work.refuses(t, nil, []string{"apply", "-auto-approve", "-no-color"}, "The name other is no name of ours.", "name = terraform_data.name.output")
	if got := server.dig(t, "other", "A"); got != "" {
		t.Errorf("a name that is refused is served: %q", got)
	}
}

func TestRulesInNixFillIn(t *testing.T) {
	server := startNameServer(t)
	const settings = `environment = "./environment.nix"`
	body := recordSet("web", "social", "A", records("203.0.113.9"))
	work := newWorkspace(t, "", map[string]string{
		"main.tf":         server.governed(settings, body),
		"environment.nix": "{ defaults.dns_record_set.ttl = { request, ... }: if request.type == \"A\" then 120 else null; }\n",
	})
	work.tofu(t, "init")
	if output := work.tofu(t, "plan", "-no-color"); !regexp.MustCompile(`\+ ttl +=\s120\b`).MatchString(output) {
		t.Errorf("the plan does not show the default:\n%s", output)
	}
	work.tofu(t, "apply", "-auto-approve")
	if ttl := server.ttl(t, "social", "A"); ttl != "120" {
		t.Errorf("the server holds the TTL %s", ttl)
	}
	work.plansNothing(t)
	// A default is for what is made: another one leaves what exists as it is.
	work.write(t, "environment.nix", "{ defaults.dns_record_set.ttl = 60; }\n")
	work.plansNothing(t)
	// On another machine, without a cache.
	output, err := work.attempt([]string{"XDG_CACHE_HOME=" + t.TempDir()}, "plan", "-detailed-exitcode")
	if err != nil {
		t.Errorf("with an empty cache: %v\n%s", err, output)
	}
	// What takes no default is said to the author of the rules, once.
	work.write(t, "environment.nix", "{ defaults.dns_record_set.timeouts = { create = \"1m\"; }; }\n")
	work.refuses(t, nil, []string{"plan", "-no-color"}, "`timeouts` takes no default")
}

func TestMistakesInTheRulesAreToldOnce(t *testing.T) {
	server := startNameServer(t)
	work := newWorkspace(t, "", map[string]string{
		"main.tf": server.governed(`environment = "./environment.nix"`,
			recordSet("web", "n${count.index}", "A", "count = 20", records("203.0.113.9"))),
		"environment.nix": "{\n  offer.dns_record_set.max_ttl = \"x\";\n}\n",
	})
	work.tofu(t, "init")
	output := work.refuses(t, nil, []string{"plan", "-no-color"}, "Mistake in the hosting provider's rules", "./environment.nix:2")
	if count := strings.Count(output, "Mistake in the hosting provider's rules"); count != 1 {
		t.Errorf("it is said %d times:\n%s", count, output)
	}
}

func TestNixNeedNotBeThere(t *testing.T) {
	server := startNameServer(t)
	body := recordSet("web", "social", "A", "ttl = 300", records("203.0.113.9"))
	work := newWorkspace(t, "", map[string]string{"main.tf": server.governed("enabled = true", body)})
	work.tofu(t, "init")
	for _, command := range [][]string{{"validate", "-no-color"}, {"plan", "-no-color"}} {
		work.refuses(t, withoutNix(t), command, "Nix was not found", "apt install nix-bin", "nix = { enabled = false }")
	}
	work.write(t, "main.tf", server.governed("enabled = false", body))
	if output, err := work.attempt(withoutNix(t), "apply", "-auto-approve"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	// To destroy asks no rules.
	work.write(t, "main.tf", server.governed("enabled = true"))
	if output, err := work.attempt(withoutNix(t), "apply", "-auto-approve"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if got := server.dig(t, "social", "A"); got != "" {
		t.Errorf("the server still holds %q", got)
	}
}

// A setting that another resource gives is not known while that is planned: one warning, and rules at apply.
func TestRulesThatAreNotKnownYet(t *testing.T) {
	server := startNameServer(t)
	body := func(arguments ...string) []string {
		return []string{`resource "terraform_data" "environment" { input = "./environment.nix" }`,
			recordSet("web", "social", "A", append(arguments, records("203.0.113.9"))...),
			recordSet("other", "other", "A", append(arguments, records("203.0.113.9"))...)}
	}
	work := newWorkspace(t, "", map[string]string{
		"main.tf":         server.governed("environment = terraform_data.environment.output", body()...),
		"environment.nix": "{ defaults.dns_record_set.ttl = 90; offer.dns_record_set.max_ttl = 100; }\n",
	})
	work.tofu(t, "init")
	output := work.tofu(t, "plan", "-no-color", "-out=tfplan")
	if count := strings.Count(output, "The hosting provider's rules are not known yet"); count != 1 {
		t.Errorf("the warning comes %d times:\n%s", count, output)
	}
	work.tofu(t, "apply", "tfplan")
	if ttl := server.ttl(t, "social", "A"); ttl != "90" {
		t.Errorf("the server holds the TTL %s", ttl)
	}
	work.plansNothing(t)
}

// The default of a map's entry, and of a whole nested object, is planned and holds.
func TestRulesInNixFillInVms(t *testing.T) {
	cluster := startCluster(t)
	config := func(disks string) string {
		return strings.Replace(cluster.config(`resource "fediversity_proxmox_vm" "web" {
  name  = "alice-web"
  node  = "pve1"
  disks = { `+disks+` }
}`), `provider "fediversity" {`, "provider \"fediversity\" {\n  nix = { environment = \"./environment.nix\" }", 1)
	}
	work := newWorkspace(t, "", map[string]string{
		"main.tf": config(`scsi0 = { size = "1G" }`),
		"environment.nix": `{
  defaults.proxmox_vm = {
    "disks.*.storage" = "shared";
    cpu = { cores = 2; };
    networks.net0 = { bridge = "vmbr0"; };
    description = { request, ... }: "Run for ${request.name}.";
  };
  offer.proxmox_vm.allowed_storage = [ "shared" ];
}
`,
	})
	work.tofu(t, "init")
	plan := work.tofu(t, "plan", "-no-color")
	for _, want := range []string{`\+ storage +=\s"shared"`, `\+ cores +=\s2\b`, `\+ bridge +=\s"vmbr0"`, `\+ description +=\s"Run for alice-web."`} {
		if !regexp.MustCompile(want).MatchString(plan) {
			t.Errorf("the plan lacks %s:\n%s", want, plan)
		}
	}
	work.tofu(t, "apply", "-auto-approve")
	work.plansNothing(t)
	// A disk that is new gets the default; the others stay.
	work.write(t, "main.tf", config(`scsi0 = { size = "1G" }, scsi1 = { size = "2G" }`))
	work.tofu(t, "apply", "-auto-approve")
	work.plansNothing(t)
	work.write(t, "main.tf", config(`scsi0 = { size = "1G" }, scsi1 = { size = "2G", storage = "local" }`))
	work.refuses(t, nil, []string{"plan", "-no-color"}, "The environment allows no disks on `local`, only on: shared.")
	work.write(t, "main.tf", config(`scsi0 = { size = "1G" }`))
	work.tofu(t, "destroy", "-auto-approve")
}

// attempt runs tofu with these variables in addition to those of the process.
func (w *workspace) attempt(environment []string, arguments ...string) (string, error) {
	command := w.command(arguments...)
	command.Env = append(command.Env, environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}

func (w *workspace) plansNothing(t *testing.T) {
	t.Helper()
	if output, err := w.attempt(nil, "plan", "-detailed-exitcode", "-no-color"); err != nil {
		t.Fatalf("the plan is not empty: %v\n%s", err, output)
	}
}

// ttl is that of the first record of a set on the server.
func (s *nameServer) ttl(t *testing.T, name, kind string) string {
	t.Helper()
	fields := strings.Fields(s.ask(t, name, kind, "+noall", "+answer"))
	if len(fields) < 2 {
		return ""
	}
	return fields[1]
}

func TestNixLeavesNothingBehind(t *testing.T) {
	server := startNameServer(t)
	temporary := t.TempDir()
	work := newWorkspace(t, "", map[string]string{"main.tf": server.config(recordSet("web", "social", "A", records("203.0.113.9")))})
	work.tofu(t, "init")
	if output, err := work.attempt([]string{"TMPDIR=" + temporary, "XDG_CACHE_HOME=" + t.TempDir()}, "plan"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	left, err := filepath.Glob(filepath.Join(temporary, "*nix*"))
	if err != nil || len(left) != 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(work.directory, ".nix")); err == nil {
		t.Error("something is left in the working directory")
	}
}

// What is written in Nix is used in HCL, as the key of for_each, too.
func TestValuesInNix(t *testing.T) {
	server := startNameServer(t)
	work := newWorkspace(t, "", map[string]string{
		"hosts.nix": `{ alice = { address = "203.0.113.9"; }; bob = { address = "203.0.113.10"; }; }`,
		"quota.nix": `{ lib, operator }: { records = if lib.hasPrefix "a" operator then 2 else 1; }`,
		"main.tf": server.config(`data "fediversity_nix_value" "hosts" { file = "./hosts.nix" }
data "fediversity_nix_value" "quota" {
  file      = "./quota.nix"
  arguments = { operator = "alice" }
}
resource "fediversity_dns_record_set" "hosts" {
  for_each = data.fediversity_nix_value.hosts.value
  zone     = "` + zone + `"
  name     = each.key
  type     = "A"
  ttl      = 60 * data.fediversity_nix_value.quota.value.records
  records  = [each.value.address]
}`),
	})
	work.tofu(t, "init")
	work.tofu(t, "apply", "-auto-approve")
	if got := server.dig(t, "bob", "A"); got != "203.0.113.10" {
		t.Errorf("the server holds %q", got)
	}
	if ttl := server.ttl(t, "alice", "A"); ttl != "120" {
		t.Errorf("the server holds the TTL %s", ttl)
	}
	work.plansNothing(t)
	work.write(t, "hosts.nix", "{ alice = { address = ")
	work.refuses(t, nil, []string{"plan", "-no-color"}, "Nix gives no value (syntax error)", "./hosts.nix", `file = "./hosts.nix"`)
}
