# shellcheck shell=bash disable=SC2034 # the variables are for those who source this file
# What every script needs; sourced, never run. Sets ROOT, VERSION, CACHE and JOBS.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VERSION=$(<"$ROOT/VERSION")
CACHE=${FEDIVERSITY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fediversity}
JOBS=${JOBS:-$(nproc)}
BINARY=$ROOT/build/terraform-provider-fediversity

# Only a configuration that a script names itself plays a part, never that of the user who runs it.
export TF_CLI_CONFIG_FILE=/dev/null

say() { printf '==> %s\n' "$*" >&2; }

fail() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# quietly LOG COMMAND...: keeps the output in LOG and shows it only if the command fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  # In the background, since a function that is run as a condition would go on after its first failure.
  "$@" >"$log" 2>&1 &
  if ! wait $!; then
    tail -n 200 "$log" >&2
    fail "failed: $* (whole output in $log)"
  fi
}

# version_at_least WANTED ACTUAL: compares dotted versions.
version_at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

# configure PRESET [CMAKE ARGUMENT...]: leaves build/PRESET ready for ninja.
configure() {
  local preset=$1
  shift
  (cd "$ROOT" && quietly "$ROOT/build/$preset.configure.log" cmake --preset "$preset" "$@")
}
