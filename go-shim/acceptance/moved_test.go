package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestMovedFromHashicorpDNS takes over what hashicorp/dns 3.6 leaves in state, by `moved` blocks, without a change.
func TestMovedFromHashicorpDNS(t *testing.T) {
	needEnvironment(t)
	server := startNameServer(t)
	server.nsupdate(t,
		"update add www.example.org. 300 A 192.0.2.1", "update add www.example.org. 300 A 192.0.2.2",
		"update add www.example.org. 300 AAAA 2001:db8::1", "update add alias.example.org. 60 CNAME www.example.org.",
		"update add example.org. 600 MX 20 mail.example.net.", "update add sub.example.org. 3600 NS ns1.example.net.",
		"update add 7.example.org. 3600 PTR www.example.org.", "update add _sip._tcp.example.org. 3600 SRV 1 2 5060 www.example.org.",
		`update add txt.example.org. 3600 TXT "plain"`, `update add txt.example.org. 3600 TXT "v=spf1 -all"`)

	sets := []struct {
		theirs     string
		attributes map[string]any
		ours       string
	}{
		{"dns_a_record_set", map[string]any{"name": "www", "ttl": 300, "addresses": []string{"192.0.2.1", "192.0.2.2"}},
			recordSet("a", "www", "A", "ttl = 300", records("192.0.2.1", "192.0.2.2"))},
		{"dns_aaaa_record_set", map[string]any{"name": "www", "ttl": 300, "addresses": []string{"2001:db8:0:0::1"}},
			recordSet("aaaa", "www", "AAAA", "ttl = 300", records("2001:db8::1"))},
		{"dns_cname_record", map[string]any{"name": "alias", "ttl": 60, "cname": "www.example.org."},
			recordSet("cname", "alias", "CNAME", "ttl = 60", records("www"))},
		{"dns_mx_record_set", map[string]any{"name": nil, "ttl": 600, "mx": []any{map[string]any{"exchange": "mail.example.net.", "preference": 20}}},
			recordSet("mx", "@", "MX", "ttl = 600", records("20 mail.example.net."))},
		{"dns_ns_record_set", map[string]any{"name": "sub", "ttl": 3600, "nameservers": []string{"ns1.example.net."}},
			recordSet("ns", "sub", "NS", "ttl = 3600", records("ns1.example.net."))},
		{"dns_ptr_record", map[string]any{"name": "7", "ttl": 3600, "ptr": "www.example.org."},
			recordSet("ptr", "7", "PTR", "ttl = 3600", records("www"))},
		{"dns_srv_record_set", map[string]any{"name": "_sip._tcp", "ttl": 3600,
			"srv": []any{map[string]any{"port": 5060, "priority": 1, "weight": 2, "target": "www.example.org."}}},
			recordSet("srv", "_sip._tcp", "SRV", "ttl = 3600", records("1 2 5060 www"))},
		{"dns_txt_record_set", map[string]any{"name": "txt", "ttl": 3600, "txt": []string{"plain", "v=spf1 -all"}},
			recordSet("txt", "txt", "TXT", "ttl = 3600", records("plain", "v=spf1 -all"))},
	}
	state := map[string]any{"version": 4, "terraform_version": "1.12.6", "serial": 1, "lineage": "moved", "outputs": map[string]any{}}
	var resources []any
	config := []string{}
	for _, set := range sets {
		label := strings.Split(set.theirs, "_")[1]
		set.attributes["zone"] = zone + "."
		set.attributes["id"] = fmt.Sprintf("%v.%s.", set.attributes["name"], zone)
		resources = append(resources, map[string]any{
			"mode": "managed", "type": set.theirs, "name": label, "provider": `provider["registry.opentofu.org/hashicorp/dns"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": set.attributes}},
		})
		config = append(config, set.ours,
			fmt.Sprintf("moved {\n  from = %s.%s\n  to = fediversity_dns_record_set.%s\n}", set.theirs, label, label))
	}
	state["resources"] = resources
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}

	// Init asks for every provider in the state. Nothing calls hashicorp/dns, so any program will do in its place.
	binary := os.Getenv("FEDIVERSITY_PROVIDER")
	rc := makeMirror(t, map[string]string{"fediversity/fediversity/" + version(t): binary, "hashicorp/dns/3.6.1": binary})
	work := newWorkspace(t, rc, map[string]string{"main.tf": server.config(config...), "terraform.tfstate": string(text)})
	work.tofu(t, "init")
	work.moves(t, len(sets))
	for _, resource := range work.state(t).Values.RootModule.Resources {
		if resource.Type != "fediversity_dns_record_set" {
			t.Errorf("%s is still in the state", resource.Address)
		}
	}
}
