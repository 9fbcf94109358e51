# shellcheck shell=bash
# Times `tofu plan` over many VMs; sourced after the other parts, never run.

# bench_vms COUNT: how long `tofu plan` takes for COUNT unchanged VMs on an emulated cluster that answers after 15 ms,
# against what OpenTofu itself needs for as many terraform_data of the same content, and how many requests it makes.
bench_vms() {
  local count=$1 latency_ms=15 tofu work kind requests ours base
  tofu=$(tofu_command)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the directory is known now
  trap "sandbox_stop; rm -rf '$work'" EXIT
  make_mirror "$work/mirror" "$BINARY"
  sandbox_start "$work/sandbox"
  export TF_CLI_CONFIG_FILE=$work/mirror/tofurc TF_IN_AUTOMATION=1 TF_VAR_size=$count
  export TF_VAR_endpoint=$SANDBOX_ENDPOINT TF_VAR_api_token=$SANDBOX_TOKEN TF_VAR_fingerprint=$SANDBOX_FINGERPRINT
  mkdir "$work/vms" "$work/terraform_data"
  cp "$ROOT/tests/bench/plan/vms.tf" "$work/vms/main.tf"
  cp "$ROOT/tests/bench/plan/vms_terraform_data.tf" "$work/terraform_data/main.tf"
  sandbox_do POST /latency '{"task_ms": 0}' >/dev/null
  for kind in terraform_data vms; do
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" init
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" apply -auto-approve
  done
  sandbox_do POST /refresh >/dev/null
  sandbox_do POST /latency "{\"request_ms\": $latency_ms}" >/dev/null
  sandbox_do DELETE /requests >/dev/null
  "$tofu" -chdir="$work/vms" plan -detailed-exitcode >"$work/plan" ||
    fail "the plan after apply is not empty: $(<"$work/plan")"
  requests=$(sandbox_do GET /requests | jq length)

  base=$(fastest_plan "$tofu" "$work/terraform_data")
  ours=$(fastest_plan "$tofu" "$work/vms")
  printf 'tofu plan, %d VMs at %d ms a request: %d ms; %d terraform_data: %d ms; %d ms more; requests: %d\n' \
    "$count" "$latency_ms" "$ours" "$count" "$base" "$((ours - base))" "$requests"
}
