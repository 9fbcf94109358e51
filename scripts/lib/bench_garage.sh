# shellcheck shell=bash
# Times `tofu plan` over many buckets; sourced after the other parts, never run.

# bench_garage COUNT: how long `tofu plan` takes for COUNT unchanged buckets on a real Garage (an emulated one where none
# is at hand), against what OpenTofu itself needs for as many terraform_data of the same content, and how many calls the
# server says it answered.
bench_garage() {
  local count=$1 tofu work kind calls ours base
  tofu=$(tofu_command)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the directory is known now
  trap "garage_stop; rm -rf '$work'" EXIT
  make_mirror "$work/mirror" "$BINARY"
  garage_start "$work/garage"
  export TF_CLI_CONFIG_FILE=$work/mirror/tofurc TF_IN_AUTOMATION=1 TF_VAR_size=$count
  export TF_VAR_endpoint=$GARAGE_ENDPOINT TF_VAR_token=$GARAGE_TOKEN
  mkdir "$work/buckets" "$work/terraform_data"
  cp "$ROOT/tests/bench/plan/buckets.tf" "$work/buckets/main.tf"
  cp "$ROOT/tests/bench/plan/buckets_terraform_data.tf" "$work/terraform_data/main.tf"
  for kind in terraform_data buckets; do
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" init
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" apply -auto-approve
  done
  calls=$(garage_calls)
  "$tofu" -chdir="$work/buckets" plan -detailed-exitcode >"$work/plan" ||
    fail "the plan after apply is not empty: $(<"$work/plan")"
  calls=$(($(garage_calls) - calls))

  base=$(fastest_plan "$tofu" "$work/terraform_data")
  ours=$(fastest_plan "$tofu" "$work/buckets")
  printf 'tofu plan, %d buckets on %s: %d ms; %d terraform_data: %d ms; %d ms more; calls: %d\n' \
    "$count" "$GARAGE_KIND" "$ours" "$count" "$base" "$((ours - base))" "$calls"
}

# garage_calls: how many calls the admin API has had; a real server counts them in its metrics.
garage_calls() {
  if [[ -n ${GARAGE_STDIN:-} ]]; then
    curl -sS "$GARAGE_ENDPOINT/emulator/requests" | jq '[.[] | select(.path | startswith("/v2/"))] | length'
  else
    curl -sS "$GARAGE_ENDPOINT/metrics" |
      awk '/^api_admin_request_counter\{api_endpoint="\/v2\// { sum += $NF } END { print sum + 0 }'
  fi
}
