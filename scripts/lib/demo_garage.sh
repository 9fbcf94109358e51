# shellcheck shell=bash
# The part of the demo about Garage; sourced by scripts/demo after the other parts, whose functions it uses, never run.

bucket_info() { garage_call GET "GetBucketInfo?globalAlias=$1" | jq .; }
# bucket_has ALIAS EXPRESSION
bucket_has() { bucket_info "$1" | jq -e "$2" >/dev/null; }
# The answer is an error, and so fails the call.
alias_is_free() {
  jq -e '.code == "NoSuchBucket"' >/dev/null < <(garage_call GET "GetBucketInfo?globalAlias=$1" 2>/dev/null)
}
# left CALL COUNT: how many rows a list has.
left() { [[ $(garage_call GET "$1" | jq length) == "$2" ]]; }
# shellcheck disable=SC2154 # run sets it
failed() { ((code != 0)); }
# put_page PATH TEXT: with the key out of the state, which is not shown.
put_page() { garage_s3 "$(tofu output -raw access_key_id)" "$(tofu output -raw secret)" PUT "$1" --data-binary "$2"; }
shown_state_hides_secret() { ! tofu show | grep -qF "$(tofu output -raw secret)"; }

# demo_garage DIRECTORY: keeps its files there.
demo_garage() {
  local bucket
  garage_start "$1/garage-server"
  mkdir "$1/garage"
  cp "$ROOT"/examples/garage/*.tf "$1/garage/"
  cd "$1/garage" || return
  export TF_VAR_endpoint=$GARAGE_ENDPOINT TF_VAR_token=$GARAGE_TOKEN TF_VAR_s3_endpoint=$GARAGE_S3_ENDPOINT TF_VAR_region=$GARAGE_REGION

  title "An empty Garage: $GARAGE_KIND on $GARAGE_ENDPOINT"
  run cat main.tf
  run tofu init
  check "init finds the provider in the mirror" succeeded

  title "A bucket with a website, a key, and what the key may do"
  run tofu plan -detailed-exitcode -out=tfplan
  check "the plan makes 3 things" plans 3 0 0
  run tofu apply tfplan
  check "apply succeeds" succeeded
  run bucket_info www.example.org
  check "the bucket has its website" bucket_has www.example.org '.websiteConfig.indexDocument == "index.html"'
  check "the key may read and write" bucket_has www.example.org '.keys[0].permissions == {read: true, write: true, owner: false}'
  run tofu plan -detailed-exitcode
  check "nothing to do right after apply" plans_nothing
  check "the secret is in no output" shown_state_hides_secret

  title "A page is put with the key, and fetched from the website"
  run put_page /www.example.org/index.html "Welcome to the fediverse."
  check "the key works" succeeded
  run garage_page www.example.org /
  check "the website shows the page" says "Welcome to the fediverse."

  title "Another name and another limit: in place"
  bucket=$(garage_call GET "GetBucketInfo?globalAlias=www.example.org" | jq -r .id)
  export TF_VAR_aliases='["pages.example.org"]' TF_VAR_max_size=60G
  run tofu plan -detailed-exitcode -out=tfplan
  check "the plan changes 1 bucket in place" plans 0 1 0
  run tofu apply tfplan
  check "the change succeeds" succeeded
  check "it is the same bucket" bucket_has pages.example.org ".id == \"$bucket\" and .quotas.maxSize == 64424509440"
  check "the old name is free" alias_is_free www.example.org

  title "What has a name already is not taken over"
  garage_call POST CreateBucket '{"globalAlias": "taken.example.org"}' >/dev/null
  export TF_VAR_aliases='["pages.example.org", "taken.example.org"]'
  run tofu apply -auto-approve
  check "apply refuses" failed
  check "the error shows the import block to use" says "import {"
  export TF_VAR_aliases='["pages.example.org"]'

  title "A bucket with something in it is not destroyed, unless that is what was asked for"
  run tofu destroy -auto-approve
  check "destroy refuses" failed
  check "the error says how to go on" says "force_destroy"
  run garage_page pages.example.org /
  check "the page is still there" says "Welcome to the fediverse."
  export TF_VAR_force_destroy=true
  run tofu apply -auto-approve
  check "the attribute is applied" succeeded
  run tofu destroy -auto-approve
  check "destroy succeeds" succeeded
  check "only what is not ours is left" left ListBuckets 1
  check "no key is left" left ListKeys 0
}
