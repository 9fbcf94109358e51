package acceptance

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

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

func TestRecordSetTypes(t *testing.T) {
	server := startNameServer(t)
	for kind, values := range map[string][]string{
		"AAAA":  {"2001:db8::1", "2001:DB8:0::2"},
		"CAA":   {`0 issue "letsencrypt.org"`, `128 iodef "mailto:ops@example.org"`},
		"CNAME": {"target.example.net."},
		"HTTPS": {"1 . alpn=h2,h3 ipv4hint=192.0.2.1"},
		"LOC":   {"52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m"},
		"MX":    {"10 mail.example.net.", "20 mail2.example.net."},
		"NAPTR": {`100 10 "S" "SIP+D2U" "" _sip._udp.example.net.`},
		"SRV":   {"10 60 5060 sip.example.net."},
		"SSHFP": {"4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF67890ABCD"},
		"TLSA":  {"3 1 1 0d6fce3a8a0f9e1f3e1a2c4b5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80"},
		"TXT":   {`"v=spf1 -all"`, `"two" "parts"`},
		"URI":   {`10 1 "https://www.example.net/"`},
		// RFC 3597
		"TYPE65280": {`\# 4 0A000001`},
	} {
		t.Run(kind, func(t *testing.T) {
			quoted := records(values...)
			steps(t,
				resource.TestStep{
					Config:           server.config(recordSet("web", "x-"+strings.ToLower(kind), kind, "ttl = 300", quoted)),
					ConfigPlanChecks: will(plancheck.ResourceActionCreate),
				},
				resource.TestStep{
					ResourceName: web, ImportState: true, ImportStateKind: resource.ImportBlockWithID,
					ImportStateId: zone + "/x-" + strings.ToLower(kind) + "/" + kind,
				},
			)
		})
	}
}

func TestRecordSetErrors(t *testing.T) {
	server := startNameServer(t)
	server.nsupdate(t, "update add taken.example.org. 300 A 192.0.2.1", "update add alias.example.org. 300 CNAME target.example.net.")
	for name, test := range map[string]struct {
		config string
		want   []string // each in the error, whitespace aside
	}{
		"exists already": {
			server.config(recordSet("web", "taken", "A", "ttl = 300", records("192.0.2.2"))),
			[]string{"taken.example.org", `import {`, `"example.org/taken/A"`},
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
			[]string{"127.0.0.1", "NOTAUTH", "secret"},
		},
		"key without the right": {
			strings.Replace(server.configWithSecret(server.transferSecret, recordSet("web", "new", "A", "ttl = 300", records("192.0.2.2"))),
				`name = "tofu"`, `name = "transfer"`, 1),
			[]string{"127.0.0.1", "REFUSED", "update-policy"},
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
