# shellcheck shell=bash
# Runs an emulated Proxmox VE cluster on loopback; sourced after common.sh, never run. Sets SANDBOX_ENDPOINT,
# SANDBOX_TOKEN, SANDBOX_FINGERPRINT and SANDBOX_PID.

SANDBOX=$ROOT/build/dev/tests/emulators/proxmox/fediversity-sandbox

# sandbox_build PRESET: as that preset builds it.
sandbox_build() {
  local preset=$1
  configure "$preset"
  ninja -C "$ROOT/build/$preset" -j "$JOBS" --quiet proxmox_emulator
  SANDBOX=$ROOT/build/$preset/tests/emulators/proxmox/fediversity-sandbox
}

# sandbox_start DIRECTORY: keeps its files in DIRECTORY. It runs until sandbox_stop.
sandbox_start() {
  local directory=$1 line
  mkdir -p "$directory"
  mkfifo "$directory/stdin" "$directory/stdout"
  "$SANDBOX" --task-latency-ms 50 <"$directory/stdin" >"$directory/stdout" &
  SANDBOX_PID=$!
  exec {SANDBOX_STDIN}>"$directory/stdin" # it ends with the last process that holds this
  read -r -t 30 line <"$directory/stdout" || fail "the emulated cluster did not start"
  SANDBOX_ENDPOINT=$(jq -r .endpoint <<<"$line")
  # shellcheck disable=SC2034 # for those who source this
  SANDBOX_TOKEN=$(jq -r .token <<<"$line")
  # shellcheck disable=SC2034
  SANDBOX_FINGERPRINT=$(jq -r .fingerprint <<<"$line")
}

# sandbox_stop: by a signal. Servers that were started after it hold its standard input too, so closing ours is no end.
sandbox_stop() {
  [[ -n ${SANDBOX_PID:-} ]] || return 0
  kill "$SANDBOX_PID" 2>/dev/null || true
  exec {SANDBOX_STDIN}>&-
  wait "$SANDBOX_PID" 2>/dev/null || true
  SANDBOX_PID=
}

# sandbox_do METHOD PATH [BODY]: what no API of Proxmox does; prints the answer (tests/emulators/proxmox/control_api.h).
sandbox_do() {
  curl -sS -k --fail-with-body -X "$1" ${3:+-d "$3"} "$SANDBOX_ENDPOINT/emulator$2"
}
