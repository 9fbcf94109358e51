// Package acceptance drives the provider through a real host: tofu init, plan, apply, import and destroy, against a BIND
// that the tests start. `./dev test` sets what it needs: TF_ACC, TF_ACC_TERRAFORM_PATH (tofu) and TF_CLI_CONFIG_FILE, which
// names the mirror that holds the provider.
package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// steps runs one test case beside others; each apply in it has to be followed by an empty plan.
func steps(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	needEnvironment(t)
	resource.ParallelTest(t, resource.TestCase{
		ExternalProviders: map[string]resource.ExternalProvider{"fediversity": {Source: "fediversity/fediversity"}},
		Steps:             steps,
	})
}

// config is a whole configuration for the server: provider block and what the test adds.
func (s *nameServer) config(body ...string) string { return s.configWithSecret(s.secret, body...) }

func (s *nameServer) configWithSecret(secret string, body ...string) string {
	return configWithProvider(fmt.Sprintf(`dns = {
    server = "127.0.0.1"
    port   = %d
    tsig   = { name = "tofu", algorithm = "hmac-sha256", secret = %q }
  }`, s.port, secret), body)
}

// configWithProvider is a whole configuration: a provider block with these settings, and the body.
func configWithProvider(settings string, body []string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    fediversity = { source = "fediversity/fediversity" }
  }
}
provider "fediversity" {
  %s
}
%s`, settings, strings.Join(body, "\n"))
}

// recordSet is a resource block; `arguments` are lines of HCL beside zone, name and type.
func recordSet(label, name, kind string, arguments ...string) string {
	return fmt.Sprintf("resource \"fediversity_dns_record_set\" %q {\n  zone = %q\n  name = %q\n  type = %q\n  %s\n}\n",
		label, zone, name, kind, strings.Join(arguments, "\n  "))
}

func records(values ...string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = fmt.Sprintf("%q", value)
	}
	return "records = [" + strings.Join(quoted, ", ") + "]"
}
