# shellcheck shell=bash
# Times `tofu plan` over many record sets; sourced after the other parts, never run.

# bench_plan COUNT: how long `tofu plan` takes for COUNT record sets on a BIND of our own, against what OpenTofu itself
# needs for as many terraform_data of the same content, and how many zone transfers it makes.
bench_plan() {
  local count=$1 tofu work kind
  tofu=$(tofu_command)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the directory is known now
  trap "bind_stop; rm -rf '$work'" EXIT
  make_mirror "$work/mirror" "$BINARY"
  bind_start "$work/bind" example.org
  export TF_CLI_CONFIG_FILE=$work/mirror/tofurc TF_IN_AUTOMATION=1
  export TF_VAR_size=$count TF_VAR_port=$BIND_PORT TF_VAR_tsig=$BIND_SECRET
  mkdir "$work/record_sets" "$work/terraform_data"
  cp "$ROOT/tests/bench/plan/record_sets.tf" "$work/record_sets/main.tf"
  cp "$ROOT/tests/bench/plan/terraform_data.tf" "$work/terraform_data/main.tf"
  for kind in terraform_data record_sets; do
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" init
    quietly "$work/$kind/log" "$tofu" -chdir="$work/$kind" apply -auto-approve
  done
  local transfers_before transfers
  transfers_before=$(grep -c 'AXFR started' "$work/bind/named.log" || true)
  "$tofu" -chdir="$work/record_sets" plan -detailed-exitcode >"$work/plan" ||
    fail "the plan after apply is not empty: $(<"$work/plan")"
  transfers=$(($(grep -c 'AXFR started' "$work/bind/named.log" || true) - transfers_before))

  local ours base
  base=$(fastest_plan "$tofu" "$work/terraform_data")
  ours=$(fastest_plan "$tofu" "$work/record_sets")
  printf 'tofu plan, %d record sets: %d ms; %d terraform_data: %d ms; ratio %s; zone transfers: %d\n' \
    "$count" "$ours" "$count" "$base" "$(awk -v a="$ours" -v b="$base" 'BEGIN { printf "%.2f", a / b }')" "$transfers"
}

# fastest_plan TOFU DIRECTORY [ARGUMENT...]: milliseconds of the fastest of seven plans.
fastest_plan() {
  local best=999999999 begin took
  for _ in 1 2 3 4 5 6 7; do
    begin=$(date +%s%N)
    "$1" -chdir="$2" plan "${@:3}" >/dev/null
    took=$((($(date +%s%N) - begin) / 1000000))
    ((took >= best)) || best=$took
  done
  echo "$best"
}
