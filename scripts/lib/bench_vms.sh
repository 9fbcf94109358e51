# shellcheck shell=bash
# Times `tofu plan` over many VMs; sourced after the other parts, never run.

# bench_vms COUNT: how long `tofu plan` takes for COUNT unchanged VMs on an emulated cluster that answers after 15 ms,
# against what OpenTofu itself needs for as many terraform_data of the same content; how many requests and connections
# it makes, and what the provider needs of processor and memory. A plan that reads nothing shows what tofu itself needs
# for objects of this schema.
bench_vms() {
  local count=$1 latency_ms=15 kind requests connections most_open ours base unread
  bench_vms_start
  mkdir "$work/vms" "$work/terraform_data"
  cp "$ROOT/tests/bench/plan/vms.tf" "$work/vms/main.tf"
  cp "$ROOT/tests/bench/plan/vms_terraform_data.tf" "$work/terraform_data/main.tf"
  for kind in terraform_data vms; do
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" init
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" apply -auto-approve
  done
  sandbox_do POST /refresh >/dev/null
  sandbox_do POST /latency "{\"request_ms\": $latency_ms}" >/dev/null
  sandbox_do DELETE /requests >/dev/null
  connections=$(sandbox_do GET /connections | jq .accepted)
  empty_plan "$work/vms"
  read -r connections most_open < <(sandbox_do GET /connections |
    jq -r --argjson before "$connections" '"\(.accepted - $before - 1) \(.most_open)"')
  requests=$(sandbox_do GET /requests | jq length)
  expect_few_requests "$requests" "$count"
  ((most_open <= 8)) || fail "the provider had $most_open connections open at once, and may have 8"

  base=$(fastest_plan "$tofu" "$work/terraform_data")
  ours=$(fastest_plan "$tofu" "$work/vms")
  unread=$(fastest_plan "$tofu" "$work/vms" -refresh=false)
  printf 'tofu plan, %d VMs at %d ms a request: %d ms; %d terraform_data: %d ms; %d ms more, %d ms of them without a request; requests: %d; connections: %d, at most %d at once\n' \
    "$count" "$latency_ms" "$ours" "$count" "$base" "$((ours - base))" "$((unread - base))" "$requests" "$connections" "$most_open"
  sandbox_do POST /latency '{"request_ms": 0}' >/dev/null
  provider_start
  empty_plan "$work/vms"
  provider_figures "plan of $count VMs" "$count"
}

# bench_vms_memory COUNT: what the provider needs to import COUNT VMs that somebody else made, and to plan them.
bench_vms_memory() {
  local count=$1 requests
  bench_vms_start
  make_vms "$count"
  sandbox_do POST /refresh >/dev/null
  mkdir "$work/vms"
  sed '/^resource/,$d' "$ROOT/tests/bench/plan/vms.tf" >"$work/vms/main.tf"
  cp "$ROOT/tests/bench/plan/vms_imported.tf" "$work/vms/imported.tf"
  quietly "$work/vms/log" "$tofu" -chdir="$work/vms" init
  sandbox_do DELETE /requests >/dev/null
  provider_start
  quietly "$work/vms/log" "$tofu" -chdir="$work/vms" apply -auto-approve
  requests=$(sandbox_do GET /requests | jq length)
  provider_figures "import of $count VMs, $requests requests" "$count"
  sandbox_do DELETE /requests >/dev/null
  provider_start
  empty_plan "$work/vms"
  requests=$(sandbox_do GET /requests | jq length)
  expect_few_requests "$requests" "$count"
  provider_figures "plan of $count VMs, $requests requests" "$count"
}

# expect_few_requests REQUESTS COUNT: of a plan over COUNT VMs.
expect_few_requests() {
  (($1 <= $2 + 5)) || fail "a plan of $2 VMs took $1 requests, and may take $(($2 + 5))"
}

# bench_vms_start: a cluster whose tasks end at once, and all that a configuration needs to reach it. Sets `tofu` and
# `work`, which goes when the shell ends.
bench_vms_start() {
  tofu=$(tofu_command)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the directory is known now
  trap "provider_stop; sandbox_stop; rm -rf '$work'" EXIT
  make_mirror "$work/mirror" "$BINARY"
  sandbox_start "$work/sandbox"
  export TF_CLI_CONFIG_FILE=$work/mirror/tofurc TF_IN_AUTOMATION=1 TF_VAR_size=$count
  export TF_VAR_endpoint=$SANDBOX_ENDPOINT TF_VAR_api_token=$SANDBOX_TOKEN TF_VAR_fingerprint=$SANDBOX_FINGERPRINT
  sandbox_do POST /latency '{"task_ms": 0}' >/dev/null
}

# make_vms COUNT: VMs 1000 and on, over one connection.
make_vms() {
  local vmid last=$((999 + $1))
  for ((vmid = 1000; vmid <= last; vmid++)); do
    ((vmid == 1000)) || echo next
    printf 'url = "%s/api2/json/nodes/pve1/qemu"\nheader = "Authorization: PVEAPIToken=%s"\n' \
      "$SANDBOX_ENDPOINT" "$SANDBOX_TOKEN"
    printf 'data = "vmid=%d&name=vm-%d&cores=2&memory=4096&scsi0=shared:40&scsi1=shared:200&net0=virtio,bridge=vmbr0,tag=120"\n' \
      "$vmid" "$vmid"
    printf 'output = "/dev/null"\ninsecure\nfail\nsilent\nshow-error\n'
  done >"$work/curl"
  curl -K "$work/curl"
}

# empty_plan DIRECTORY: a plan that must not find a change.
empty_plan() {
  "$tofu" -chdir="$1" plan -detailed-exitcode >"$work/plan" || fail "the plan is not empty: $(<"$work/plan")"
}

# provider_start: runs a provider of its own, whose figures can be read, and has tofu use it.
provider_start() {
  local line
  provider_stop
  exec {PROVIDER_OUT}< <(exec "$BINARY" -debug 2>/dev/null)
  PROVIDER_PID=$!
  while read -r -t 30 line <&"$PROVIDER_OUT"; do
    [[ $line == TF_REATTACH_PROVIDERS=* ]] || continue
    line=${line#*\'}
    export TF_REATTACH_PROVIDERS=${line%\'*}
    return
  done
  fail "the provider did not say how to reach it"
}

provider_stop() {
  unset TF_REATTACH_PROVIDERS
  [[ -n ${PROVIDER_PID:-} ]] || return 0
  kill "$PROVIDER_PID" 2>/dev/null || true
  exec {PROVIDER_OUT}<&-
  PROVIDER_PID=
}

# provider_figures WHAT COUNT: processor time, for each of COUNT, and peak memory of the provider until now.
provider_figures() {
  local user system peak
  # The fields after the name of the program, which may hold anything.
  read -r user system < <(sed 's/.*) //' "/proc/$PROVIDER_PID/stat" | cut -d ' ' -f 12,13)
  peak=$(awk '/^VmHWM:/ { print $2 }' "/proc/$PROVIDER_PID/status")
  awk -v what="$1" -v count="$2" -v ticks="$((user + system))" -v hz="$(getconf CLK_TCK)" -v peak="$peak" 'BEGIN {
    printf "%s: provider CPU %.2f ms a VM, peak memory %.1f MB\n", what, 1000 * ticks / hz / count, peak / 1024 }'
}
