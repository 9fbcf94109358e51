package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
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

const (
	site      = "fediversity_garage_bucket.site"
	publisher = "fediversity_garage_key.publisher"
)

// plansFor checks what the plan of a step does to each resource before it is applied, and nothing after.
func plansFor(actions map[string]plancheck.ResourceActionType) resource.ConfigPlanChecks {
	checks := resource.ConfigPlanChecks{
		PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
	for address, action := range actions {
		checks.PreApply = append(checks.PreApply, plancheck.ExpectResourceAction(address, action))
	}
	return checks
}

// bucketWithEverything sets every attribute of a bucket; `variant` gives each another value.
func bucketWithEverything(variant int) string {
	pick := func(values ...string) string { return values[variant%len(values)] }
	return `resource "fediversity_garage_bucket" "site" {
  aliases = ` + pick(`["www.example.org", "site"]`, `["pages.example.org", "site"]`) + `
  website = {
    index_document = "` + pick("index.html", "start.html") + `"
    error_document = "` + pick("404.html", "lost.html") + `"
    routing_rules = [{
      condition = { key_prefix_equals = "` + pick("old/", "older/") + `", http_error_code_returned_equals = 404 }
      redirect  = { host_name = "` + pick("a", "b") + `.example.org", protocol = "https", http_redirect_code = ` + pick("301", "302") + `, replace_key_prefix_with = "new/" }
    }, {
      redirect = { replace_key_with = "` + pick("all.html", "any.html") + `" }
    }]
  }
  quotas = { max_size = "` + pick("50G", "60GB") + `", max_objects = ` + pick("1000", "0") + ` }
  cors_rules = [{
    id = "` + pick("first", "second") + `", allowed_origins = ` + pick(`["https://b.example", "https://a.example"]`, `["*"]`) + `, allowed_methods = ` + pick(`["PUT", "GET"]`, `["GET"]`) + `
    allowed_headers = ` + pick(`["x-b", "x-a"]`, `["*"]`) + `, expose_headers = ["ETag"], max_age_seconds = ` + pick("3600", "0") + `
  }]
  lifecycle_rules = [{
    id = "` + pick("logs", "tmp") + `", enabled = ` + pick("true", "false") + `, prefix = "` + pick("logs/", "tmp/") + `"
    object_size_greater_than = "10", object_size_less_than = "` + pick("1M", "2M") + `", expiration_days = ` + pick("30", "7") + `
    abort_incomplete_multipart_upload_days = ` + pick("7", "1") + `
  }, {
    expiration_date = "` + pick("2090-01-01", "2091-01-01") + `"
  }]
  cleanup_incomplete_uploads = { older_than = "` + pick("24h", "48h") + `", run = ` + pick("1", "2") + ` }
  force_destroy = ` + pick("false", "true") + `
  timeouts      = { create = "1m", read = "1m", update = "1m", delete = "1m" }
}
`
}

func TestBucketWithEverythingSetChangedAndLeftOut(t *testing.T) {
	garage := startGarage(t)
	do := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return plansFor(map[string]plancheck.ResourceActionType{site: action})
	}
	least := "resource \"fediversity_garage_bucket\" \"site\" {\n  force_destroy = true\n}\n"
	none := `resource "fediversity_garage_bucket" "site" {
  aliases         = ["site"]
  website         = { enabled = false }
  quotas          = {}
  cors_rules      = []
  lifecycle_rules = []
}
`
	importAs := func(kind resource.ImportStateKind, id string) resource.TestStep {
		return resource.TestStep{ResourceName: site, ImportState: true, ImportStateKind: kind, ImportStateId: id}
	}
	steps(t,
		resource.TestStep{Config: garage.config(bucketWithEverything(0)), ConfigPlanChecks: do(plancheck.ResourceActionCreate)},
		resource.TestStep{
			Config:           garage.config(bucketWithEverything(1)),
			ConfigPlanChecks: do(plancheck.ResourceActionUpdate),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(site, tfjsonpath.New("quotas").AtMapKey("max_size"), knownvalue.StringExact("60GB")),
				statecheck.ExpectKnownValue(site, tfjsonpath.New("aliases"), knownvalue.SetExact([]knownvalue.Check{
					knownvalue.StringExact("pages.example.org"), knownvalue.StringExact("site"),
				})),
			},
		},
		resource.TestStep{Config: garage.config(least), ConfigPlanChecks: plansFor(nil)}, // as it is
		resource.TestStep{Config: garage.config(none), ConfigPlanChecks: do(plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				var bucket map[string]any
				garage.call(t, "GET", "GetBucketInfo?globalAlias=site", nil, &bucket)
				for _, name := range []string{"corsRules", "lifecycleRules", "websiteConfig"} {
					if value, there := bucket[name]; there {
						return fmt.Errorf("%s is still %v", name, value)
					}
				}
				if quotas := fmt.Sprint(bucket["quotas"]); quotas != "map[maxObjects:<nil> maxSize:<nil>]" {
					return fmt.Errorf("the quotas are still %s", quotas)
				}
				return nil
			}},
		importAs(resource.ImportBlockWithID, "site"),
		importAs(resource.ImportBlockWithResourceIdentity, ""),
		resource.TestStep{Config: garage.config(bucketWithEverything(0)), ConfigPlanChecks: do(plancheck.ResourceActionUpdate)},
		resource.TestStep{Config: garage.config(), Check: func(*terraform.State) error { return garage.left(t, 0, 0) }},
	)
}

func keyAndAccess(variant int) string {
	pick := func(values ...string) string { return values[variant%len(values)] }
	return `resource "fediversity_garage_bucket" "site" {
  aliases = ["site"]
}
resource "fediversity_garage_key" "publisher" {
  name          = "` + pick("publisher", "editor") + `"
  expiration    = "` + pick("2090-01-01T01:00:00+01:00", "never") + `"
  create_bucket = ` + pick("true", "false") + `
}
resource "fediversity_garage_bucket_access" "publisher" {
  bucket_id     = fediversity_garage_bucket.site.id
  access_key_id = fediversity_garage_key.publisher.access_key_id
  read          = true
  ` + pick("write", "owner") + ` = true
}
resource "fediversity_garage_local_alias" "publisher" {
  bucket_id     = fediversity_garage_bucket.site.id
  access_key_id = fediversity_garage_key.publisher.access_key_id
  alias         = "` + pick("own", "mine") + `"
}
`
}

func TestKeyAccessAndLocalAlias(t *testing.T) {
	garage := startGarage(t)
	const access = "fediversity_garage_bucket_access.publisher"
	const alias = "fediversity_garage_local_alias.publisher"
	all := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return plansFor(map[string]plancheck.ResourceActionType{publisher: action, access: action})
	}
	holds := func(permissions, name string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			bucket := garage.bucket(t, "site")
			if len(bucket.Keys) != 1 {
				return fmt.Errorf("the bucket has keys %v", bucket.Keys)
			}
			key := bucket.Keys[0]
			if got := fmt.Sprint(key.Permissions, key.Names); got != permissions+" ["+name+"]" {
				return fmt.Errorf("the key has %s, want %s and %s", got, permissions, name)
			}
			return nil
		}
	}
	importStep := func(address string, kind resource.ImportStateKind) resource.TestStep {
		step := resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: kind}
		if kind != resource.ImportBlockWithResourceIdentity {
			step.ImportStateIdFunc = func(state *terraform.State) (string, error) {
				attributes := state.RootModule().Resources[address].Primary.Attributes
				switch address {
				case publisher:
					return attributes["access_key_id"], nil
				case access:
					return attributes["bucket_id"] + "/" + attributes["access_key_id"], nil
				default:
					return attributes["bucket_id"] + "/" + attributes["access_key_id"] + "/" + attributes["alias"], nil
				}
			}
		}
		return step
	}
	steps(t,
		resource.TestStep{Config: garage.config(keyAndAccess(0)), ConfigPlanChecks: all(plancheck.ResourceActionCreate),
			Check: holds("map[owner:false read:true write:true]", "own")},
		resource.TestStep{Config: garage.config(keyAndAccess(1)), ConfigPlanChecks: all(plancheck.ResourceActionUpdate),
			Check: holds("map[owner:true read:true write:false]", "mine")},
		importStep(publisher, resource.ImportBlockWithID), importStep(publisher, resource.ImportBlockWithResourceIdentity),
		importStep(access, resource.ImportBlockWithID), importStep(access, resource.ImportBlockWithResourceIdentity),
		importStep(alias, resource.ImportBlockWithID), importStep(alias, resource.ImportBlockWithResourceIdentity),
		resource.TestStep{Config: garage.config(), Check: func(*terraform.State) error { return garage.left(t, 0, 0) }},
	)
}

// TestSecretGoesFromKeyToKeyWithoutState makes a key whose secret nobody keeps, and another one with the same secret.
func TestSecretGoesFromKeyToKeyWithoutState(t *testing.T) {
	garage := startGarage(t)
	work := newWorkspace(t, "", map[string]string{"main.tf": garage.config(`
resource "fediversity_garage_key" "first" {
  name         = "first"
  store_secret = false
}
ephemeral "fediversity_garage_key_secret" "first" {
  access_key_id = fediversity_garage_key.first.access_key_id
}
resource "fediversity_garage_key" "second" {
  name              = "second"
  secret_wo         = ephemeral.fediversity_garage_key_secret.first.secret
  secret_wo_version = 1
}
output "ids" {
  value = [fediversity_garage_key.first.access_key_id, fediversity_garage_key.second.access_key_id]
}
`)})
	work.tofu(t, "init")
	work.tofu(t, "apply", "-auto-approve")
	var ids []string
	if err := json.Unmarshal([]byte(work.tofu(t, "output", "-json", "ids")), &ids); err != nil {
		t.Fatal(err)
	}
	first, second := garage.key(t, ids[0]), garage.key(t, ids[1])
	if len(first.Secret) < 16 || first.Secret != second.Secret {
		t.Error("the second key has not the secret of the first one")
	}
	state, err := os.ReadFile(work.directory + "/terraform.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(state), first.Secret) {
		t.Error("the secret is in the state")
	}
	work.tofu(t, "plan", "-detailed-exitcode")
	work.tofu(t, "destroy", "-auto-approve")
	if err := garage.left(t, 0, 0); err != nil {
		t.Error(err)
	}
}

// TestBucketWithObjectsIsDestroyedOnlyByForce puts two objects into a bucket.
func TestBucketWithObjectsIsDestroyedOnlyByForce(t *testing.T) {
	garage := startGarage(t)
	bucket := func(force bool) string {
		return fmt.Sprintf("resource \"fediversity_garage_bucket\" \"site\" {\n  aliases = [\"site\"]\n  force_destroy = %t\n}\n", force)
	}
	steps(t,
		resource.TestStep{Config: garage.config(bucket(false))},
		resource.TestStep{
			PreConfig: func() {
				var key garageKey
				garage.call(t, "POST", "CreateKey", map[string]any{"name": "by hand"}, &key)
				id := garage.bucket(t, "site").ID
				garage.call(t, "POST", "AllowBucketKey",
					map[string]any{"bucketId": id, "accessKeyId": key.ID, "permissions": map[string]bool{"write": true}}, nil)
				garage.put(t, key, "/site/a", "one")
				garage.put(t, key, "/site/b/c%20d", "two")
			},
			Config: garage.config(), ExpectError: regexp.MustCompile(`force_destroy`),
		},
		resource.TestStep{Config: garage.config(bucket(true)), Check: func(*terraform.State) error {
			if objects := garage.bucket(t, "site").Objects; objects != 2 {
				return fmt.Errorf("%d objects are left, want 2", objects)
			}
			return nil
		}},
		resource.TestStep{Config: garage.config(), Check: func(*terraform.State) error { return garage.left(t, 0, 1) }},
	)
}

// TestPlanningNeedsNoMoreThanReading refreshes and plans with a token to which the server refuses every write.
func TestPlanningNeedsNoMoreThanReading(t *testing.T) {
	garage := startGarage(t)
	work := newWorkspace(t, "", map[string]string{"main.tf": garage.config(keyAndAccess(0))})
	work.tofu(t, "init")
	work.tofu(t, "apply", "-auto-approve")
	token := garage.makeToken(t, "GetBucketInfo", "ListBuckets", "ListBucketsInfo", "GetKeyInfo", "ListKeysInfo")
	work.write(t, "main.tf", garage.configWithToken(token, keyAndAccess(0)))
	work.tofu(t, "plan", "-detailed-exitcode") // nothing to do
	work.write(t, "main.tf", garage.configWithToken(token, keyAndAccess(1)))
	if changes := work.plan(t).ResourceChanges; len(changes) != 4 {
		t.Errorf("the plan names %d resources, want 4", len(changes))
	}
	if bucket := garage.bucket(t, "site"); fmt.Sprint(bucket.Keys[0].Names) != "[own]" {
		t.Errorf("planning has changed the names to %v", bucket.Keys[0].Names)
	}
}

// TestMovedFromJkossis takes over what jkossis/garage leaves in state, by `moved` blocks, without a change.
func TestMovedFromJkossis(t *testing.T) {
	garage := startGarage(t)
	var full, plain garageBucket
	var key garageKey
	garage.call(t, "POST", "CreateBucket", map[string]any{"globalAlias": "jk-full"}, &full)
	garage.call(t, "POST", "CreateBucket", map[string]any{"globalAlias": "jk-plain"}, &plain)
	garage.call(t, "POST", "UpdateBucket?id="+full.ID, map[string]any{
		"websiteAccess": map[string]any{"enabled": true, "indexDocument": "index.html", "errorDocument": "404.html"},
		"quotas":        map[string]any{"maxSize": 1 << 30, "maxObjects": 100},
	}, nil)
	garage.call(t, "POST", "CreateKey", map[string]any{"name": "jk-key"}, &key)
	garage.call(t, "POST", "AllowBucketKey", map[string]any{
		"bucketId": full.ID, "accessKeyId": key.ID, "permissions": map[string]bool{"read": true, "write": true}}, nil)

	instance := func(kind, name string, attributes map[string]any) map[string]any {
		return map[string]any{
			"mode": "managed", "type": kind, "name": name, "provider": `provider["registry.opentofu.org/jkossis/garage"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": attributes}},
		}
	}
	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.12.6", "serial": 1, "lineage": "moved", "outputs": map[string]any{},
		"resources": []any{
			instance("garage_bucket", "full", map[string]any{"id": full.ID, "global_alias": "jk-full", "max_objects": 100, "max_size": 1 << 30,
				"website_enabled": true, "website_index_document": "index.html", "website_error_document": "404.html"}),
			instance("garage_bucket", "plain", map[string]any{"id": plain.ID, "global_alias": "jk-plain", "max_objects": nil, "max_size": nil,
				"website_enabled": false, "website_index_document": nil, "website_error_document": nil}),
			instance("garage_key", "k", map[string]any{"id": key.ID, "name": "jk-key", "secret_access_key": key.Secret}),
			instance("garage_bucket_permission", "p", map[string]any{"id": full.ID + "/" + key.ID, "bucket_id": full.ID,
				"access_key_id": key.ID, "read": true, "write": true, "owner": false}),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	moved := func(kind, name, ours string) string {
		return fmt.Sprintf("moved {\n  from = %s.%s\n  to = %s.%s\n}\n", kind, name, ours, name)
	}
	config := garage.config(`resource "fediversity_garage_bucket" "full" {
  aliases = ["jk-full"]
  website = { index_document = "index.html", error_document = "404.html" }
  quotas  = { max_size = "1G", max_objects = 100 }
}
resource "fediversity_garage_bucket" "plain" {
  aliases = ["jk-plain"]
}
resource "fediversity_garage_key" "k" {
  name = "jk-key"
}
resource "fediversity_garage_bucket_access" "p" {
  bucket_id     = fediversity_garage_bucket.full.id
  access_key_id = fediversity_garage_key.k.access_key_id
  read          = true
  write         = true
}
`,
		moved("garage_bucket", "full", "fediversity_garage_bucket"), moved("garage_bucket", "plain", "fediversity_garage_bucket"),
		moved("garage_key", "k", "fediversity_garage_key"), moved("garage_bucket_permission", "p", "fediversity_garage_bucket_access"))
	// Init asks for every provider in the state. Nothing calls jkossis/garage, so any program will do in its place.
	binary := os.Getenv("FEDIVERSITY_PROVIDER")
	rc := makeMirror(t, map[string]string{"fediversity/fediversity/" + version(t): binary, "jkossis/garage/1.0.4": binary})
	work := newWorkspace(t, rc, map[string]string{"main.tf": config, "terraform.tfstate": string(state)})
	work.tofu(t, "init")
	plan := work.plan(t)
	if len(plan.ResourceChanges) != 4 {
		t.Errorf("the plan names %d resources, want 4", len(plan.ResourceChanges))
	}
	for _, change := range plan.ResourceChanges {
		if !change.Change.Actions.NoOp() || change.PreviousAddress == "" {
			t.Errorf("%s (before %s): %v\nfrom %v\n  to %v", change.Address, change.PreviousAddress, change.Change.Actions,
				change.Change.Before, change.Change.After)
		}
	}
	work.tofu(t, "apply", "tfplan")
	work.tofu(t, "plan", "-detailed-exitcode")
}

// TestImportGarageWritesWhatIsThere plans what the command writes for buckets and keys that others made.
func TestImportGarageWritesWhatIsThere(t *testing.T) {
	garage := startGarage(t)
	var bucket garageBucket
	var key garageKey
	garage.call(t, "POST", "CreateBucket", map[string]any{}, nil)
	garage.call(t, "POST", "CreateBucket", map[string]any{"globalAlias": "media"}, &bucket)
	garage.call(t, "POST", "UpdateBucket?id="+bucket.ID, map[string]any{
		"quotas":    map[string]any{"maxSize": 1000},
		"corsRules": []any{map[string]any{"AllowedOrigin": []string{"*"}, "AllowedMethod": []string{"GET"}}},
	}, nil)
	garage.call(t, "POST", "CreateKey", map[string]any{"name": "${by} \"hand\""}, &key)
	garage.call(t, "POST", "AllowBucketKey", map[string]any{
		"bucketId": bucket.ID, "accessKeyId": key.ID, "permissions": map[string]bool{"read": true}}, nil)
	command := exec.Command(os.Getenv("FEDIVERSITY_PROVIDER"), "import", "garage")
	command.Env = append(os.Environ(), "GARAGE_ENDPOINT="+garage.endpoint, "GARAGE_ADMIN_TOKEN="+garage.token)
	written, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, written)
	}
	work := newWorkspace(t, "", map[string]string{"main.tf": garage.config(), "imported.tf": string(written)})
	work.tofu(t, "init")
	for _, change := range work.plan(t).ResourceChanges {
		if !change.Change.Actions.NoOp() || change.Change.Importing == nil {
			t.Errorf("%s: %v\nfrom %v\n  to %v\n%s", change.Address, change.Change.Actions, change.Change.Before,
				change.Change.After, written)
		}
	}
	if strings.Count(string(written), "import {") < 3 {
		t.Errorf("the command has written\n%s", written)
	}
}
