package acceptance

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const web = "fediversity_dns_record_set.web"

// will checks that the plan of a step does `action` to the resource before it is applied, and nothing after.
func will(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(web, action)},
		PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

// serves checks what the name server answers after a step.
func serves(server *nameServer, t *testing.T, name, kind string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got := server.dig(t, name, kind)
		for _, line := range want {
			if !strings.Contains(got+"\n", line+"\n") {
				return fmt.Errorf("%s %s is %q on the server, which lacks %q", name, kind, got, line)
			}
		}
		if lines := len(strings.Fields(got)); len(want) == 0 && lines > 0 {
			return fmt.Errorf("%s %s is %q on the server, want nothing", name, kind, got)
		}
		return nil
	}
}

func TestRecordSetLifecycle(t *testing.T) {
	server := startNameServer(t)
	importStep := func(kind resource.ImportStateKind) resource.TestStep {
		return resource.TestStep{ResourceName: web, ImportState: true, ImportStateKind: kind, ImportStateId: zone + "/social/A"}
	}
	steps(t,
		resource.TestStep{
			Config:           server.config(recordSet("web", "social", "A", "ttl = 300", records("203.0.113.9"))),
			ConfigPlanChecks: will(plancheck.ResourceActionCreate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(web, tfjsonpath.New("ttl"), knownvalue.Int64Exact(300)),
			},
			Check: serves(server, t, "social", "A", "203.0.113.9"),
		},
		resource.TestStep{ // values and TTL, in place
			Config:           server.config(recordSet("web", "social", "A", "ttl = 600", records("203.0.113.10", "203.0.113.11"))),
			ConfigPlanChecks: will(plancheck.ResourceActionUpdate),
			Check:            serves(server, t, "social", "A", "203.0.113.10", "203.0.113.11"),
		},
		resource.TestStep{ // a set has no order
			Config:           server.config(recordSet("web", "social", "A", "ttl = 600", records("203.0.113.11", "203.0.113.10"))),
			ConfigPlanChecks: will(plancheck.ResourceActionNoop),
		},
		resource.TestStep{ // left out means as it is
			Config:           server.config(recordSet("web", "social", "A", records("203.0.113.11", "203.0.113.10"))),
			ConfigPlanChecks: will(plancheck.ResourceActionNoop),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(web, tfjsonpath.New("ttl"), knownvalue.Int64Exact(600)),
			},
		},
		resource.TestStep{ // zero is a value
			Config:           server.config(recordSet("web", "social", "A", "ttl = 0", records("203.0.113.11", "203.0.113.10"))),
			ConfigPlanChecks: will(plancheck.ResourceActionUpdate),
		},
		func() resource.TestStep {
			step := importStep(resource.ImportCommandWithID)
			step.ImportStateVerify = true
			step.ImportStateVerifyIdentifierAttribute = "name"
			return step
		}(),
		importStep(resource.ImportBlockWithID),
		resource.TestStep{ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		resource.TestStep{ // gone, and nothing left behind
			Config: server.config(),
			Check:  serves(server, t, "social", "A"),
		},
	)
}

func TestRecordSetFollowsChangesBehindItsBack(t *testing.T) {
	server := startNameServer(t)
	config := server.config(recordSet("web", "social", "A", "ttl = 300", records("203.0.113.9")))
	steps(t,
		resource.TestStep{Config: config},
		resource.TestStep{ // changed by someone else: put right
			PreConfig: func() {
				server.nsupdate(t, "update add social.example.org. 300 A 192.0.2.66")
			},
			Config:           config,
			ConfigPlanChecks: will(plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				if got := server.dig(t, "social", "A"); got != "203.0.113.9" {
					return fmt.Errorf("the server holds %q", got)
				}
				return nil
			},
		},
		resource.TestStep{ // removed by someone else: made again
			PreConfig:        func() { server.nsupdate(t, "update delete social.example.org. A") },
			Config:           config,
			ConfigPlanChecks: will(plancheck.ResourceActionCreate),
			Check:            serves(server, t, "social", "A", "203.0.113.9"),
		},
	)
}

// typesAndData has values that servers write differently from how people do.
var typesAndData = map[string][]string{
	"A":          {"203.0.113.9", "203.0.113.10"},
	"AAAA":       {"2001:db8::1", "2001:DB8:0::2"},
	"AFSDB":      {"1 afs.example.net."},
	"APL":        {"1:192.0.2.0/24 !1:192.0.2.128/25"},
	"CAA":        {`0 issue "letsencrypt.org"`, `128 iodef "mailto:ops@example.org"`},
	"CERT":       {"PGP 0 0 mQENBFVHm5sBCADBq0s="},
	"CNAME":      {"target.example.net."},
	"CSYNC":      {"66 3 A NS AAAA"},
	"DNAME":      {"elsewhere.example.net."},
	"EUI48":      {"00-00-5e-00-53-2a"},
	"EUI64":      {"00-00-5e-ef-10-00-00-2a"},
	"HINFO":      {`"amd64" "Debian"`},
	"HTTPS":      {"1 . alpn=h2,h3 ipv4hint=192.0.2.1"},
	"KX":         {"10 kx.example.net."},
	"LOC":        {"52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"},
	"MX":         {"10 mail.example.net.", "20 mail2.example.net."},
	"NAPTR":      {`100 10 "S" "SIP+D2U" "" _sip._udp.example.net.`},
	"OPENPGPKEY": {"mQENBFVHm5sBCADBq0s="},
	"PTR":        {"host.example.net."},
	"RP":         {"ops.example.net. text.example.net."},
	"SMIMEA":     {"3 1 1 0d6fce3a8a0f9e1f3e1a2c4b5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80"},
	"SRV":        {"10 60 5060 sip.example.net."},
	"SSHFP":      {"4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF67890ABCD"},
	"SVCB":       {"1 svc.example.net. alpn=h2 port=8443"},
	"TLSA":       {"3 1 1 0D6FCE3A8A0F9E1F3E1A2C4B5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F80"},
	"TXT":        {"v=spf1 -all", `"two" "parts"`},
	"TYPE65280":  {`\# 4 0A000001`}, // RFC 3597
	"URI":        {`10 1 "https://www.example.net/"`},
}

func TestRecordSetTypes(t *testing.T) {
	server := startNameServer(t)
	var resources, forgotten, imports strings.Builder
	for kind, values := range typesAndData {
		label, name := strings.ToLower(kind), "x-"+strings.ToLower(kind)
		resources.WriteString(recordSet(label, name, kind, "ttl = 300", records(values...)))
		fmt.Fprintf(&forgotten, "removed {\n  from = fediversity_dns_record_set.%s\n  lifecycle {\n    destroy = false\n  }\n}\n", label)
		fmt.Fprintf(&imports, "import {\n  to = fediversity_dns_record_set.%s\n  id = \"%s/%s/%s\"\n}\n", label, zone, name, kind)
	}
	steps(t,
		resource.TestStep{
			Config: server.config(resources.String()),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             []plancheck.PlanCheck{everyResource{action: tfjson.ActionCreate}},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
		},
		resource.TestStep{Config: server.config(forgotten.String())},
		resource.TestStep{
			Config: server.config(resources.String(), imports.String()),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             []plancheck.PlanCheck{everyResource{action: tfjson.ActionNoop, imported: true}},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
		},
	)
}

// everyResource checks that the plan does one thing to each type in typesAndData, and nothing else.
type everyResource struct {
	action   tfjson.Action
	imported bool
}

func (e everyResource) CheckPlan(_ context.Context, request plancheck.CheckPlanRequest, response *plancheck.CheckPlanResponse) {
	var wrong []error
	if got := len(request.Plan.ResourceChanges); got != len(typesAndData) {
		wrong = append(wrong, fmt.Errorf("the plan names %d resources, want %d", got, len(typesAndData)))
	}
	for _, change := range request.Plan.ResourceChanges {
		if !slices.Equal(change.Change.Actions, tfjson.Actions{e.action}) || (change.Change.Importing != nil) != e.imported {
			wrong = append(wrong, fmt.Errorf("%s: %v, import %v, from %v to %v", change.Address, change.Change.Actions,
				change.Change.Importing != nil, change.Change.Before, change.Change.After))
		}
	}
	response.Error = errors.Join(wrong...)
}

func TestRecordSetErrors(t *testing.T) {
	server := startNameServer(t)
	server.nsupdate(t, "update add taken.example.org. 300 A 192.0.2.1", "update add alias.example.org. 300 CNAME target.example.net.")
	for name, test := range map[string]struct {
		config string
		want   []string // all in the error, in this order
	}{
		"exists already": {
			server.config(recordSet("web", "taken", "A", "ttl = 300", records("192.0.2.2"))),
			[]string{"taken.example.org", "127.0.0.1", "192.0.2.1", "import {", `name = "taken"`},
		},
		"not an address": {
			server.config(recordSet("web", "bad", "A", "ttl = 300", records("192.0.2.256"))),
			[]string{"192.0.2.256"},
		},
		"beside a CNAME": {
			server.config(recordSet("web", "alias", "A", "ttl = 300", records("192.0.2.2"))),
			[]string{"alias.example.org", "CNAME"},
		},
		"outside the zone": {
			server.config(recordSet("web", "host.example.net.", "A", "ttl = 300", records("192.0.2.2"))),
			[]string{"host.example.net", "example.org"},
		},
		"CNAME at the apex": {
			server.config(recordSet("web", "@", "CNAME", "ttl = 300", records("target.example.net."))),
			[]string{"CNAME"},
		},
		"wrong key": {
			server.configWithSecret(randomSecret(t), recordSet("web", "new", "A", "ttl = 300", records("192.0.2.2"))),
			[]string{"BADSIG", "127.0.0.1", "key tofu", "Copy the secret"},
		},
		"key without the right": {
			strings.Replace(server.configWithSecret(server.transferSecret, recordSet("web", "new", "A", "ttl = 300", records("192.0.2.2"))),
				`name = "tofu"`, `name = "transfer"`, 1),
			[]string{"REFUSED", "127.0.0.1", "key transfer", "update-policy"},
		},
		"no such zone": {
			server.config(strings.Replace(recordSet("web", "new", "A", "ttl = 300", records("192.0.2.2")), `zone = "example.org"`, `zone = "example.com"`, 1)),
			[]string{"example.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var pattern strings.Builder
			pattern.WriteString(`(?s)`)
			for _, text := range test.want {
				pattern.WriteString(`.*` + wrapped(text))
			}
			steps(t, resource.TestStep{Config: test.config, ExpectError: regexp.MustCompile(pattern.String())})
		})
	}
}

// wrapped matches `text` however the host has broken its lines.
func wrapped(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return strings.Join(words, `[\s│|]+`)
}

func TestDataSources(t *testing.T) {
	server := startNameServer(t)
	server.nsupdate(t, "update add mail.example.org. 120 A 192.0.2.25", "update add mail.example.org. 120 A 192.0.2.26")
	steps(t, resource.TestStep{
		Config: server.config(`
data "fediversity_dns_record_set" "mail" {
  zone = "example.org"
  name = "mail"
  type = "A"
}
data "fediversity_dns_zone" "all" {
  zone = "example.org"
}
output "names" { value = jsonencode(data.fediversity_dns_zone.all) }
`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.fediversity_dns_record_set.mail", tfjsonpath.New("ttl"), knownvalue.Int64Exact(120)),
			statecheck.ExpectKnownValue("data.fediversity_dns_record_set.mail", tfjsonpath.New("records"), knownvalue.SetExact([]knownvalue.Check{
				knownvalue.StringExact("192.0.2.25"), knownvalue.StringExact("192.0.2.26"),
			})),
			statecheck.ExpectKnownOutputValue("names", knownvalue.StringRegexp(regexp.MustCompile(`192\.0\.2\.25.*192\.0\.2\.53`))),
		},
	})
}
