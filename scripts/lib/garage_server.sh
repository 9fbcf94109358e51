# shellcheck shell=bash
# Runs a Garage cluster of one node on loopback: the real server where there is one, else an emulated one; sourced after
# common.sh, garage.sh and sandbox.sh, never run. Sets GARAGE_KIND, GARAGE_ENDPOINT, GARAGE_TOKEN, GARAGE_S3_ENDPOINT,
# GARAGE_WEB_ENDPOINT, GARAGE_REGION and GARAGE_PID.

GARAGE_SANDBOX=$ROOT/build/dev/tests/emulators/garage/fediversity-garage-sandbox

# garage_at_hand: prints a Garage server that needs no building; fails where there is none.
garage_at_hand() {
  command -v garage || { [[ -x $CACHE/garage-$GARAGE_WANTED/bin/garage ]] && printf '%s\n' "$CACHE/garage-$GARAGE_WANTED/bin/garage"; }
}

garage_call() { # garage_call METHOD CALL [BODY]: an admin call; prints the answer.
  curl -sS --fail-with-body -X "$1" -H "Authorization: Bearer $GARAGE_TOKEN" ${3:+-d "$3"} "$GARAGE_ENDPOINT/v2/$2"
}

# garage_start DIRECTORY: keeps its files in DIRECTORY. It runs until garage_stop.
garage_start() {
  local binary
  mkdir -p "$1"
  if binary=$(garage_at_hand); then
    garage_start_real "$binary" "$1"
  else
    garage_start_emulated "$1"
  fi
}

garage_start_emulated() {
  local directory=$1 line
  configure dev
  ninja -C "$ROOT/build/dev" -j "$JOBS" --quiet garage_emulator
  mkfifo "$directory/stdin" "$directory/stdout"
  "$GARAGE_SANDBOX" <"$directory/stdin" >"$directory/stdout" &
  GARAGE_PID=$!
  # shellcheck disable=SC2034 # for those who source this
  exec {GARAGE_STDIN}>"$directory/stdin" # it ends with the last process that holds this
  read -r -t 30 line <"$directory/stdout" || fail "the emulated Garage did not start"
  # shellcheck disable=SC2034 # for those who source this
  {
    GARAGE_KIND="an emulated Garage"
    GARAGE_TOKEN=$(jq -r .token <<<"$line")
    GARAGE_S3_ENDPOINT=$(jq -r .s3_endpoint <<<"$line")
    GARAGE_WEB_ENDPOINT=$(jq -r .web_endpoint <<<"$line")
    GARAGE_REGION=$(jq -r .region <<<"$line")
  }
  GARAGE_ENDPOINT=$(jq -r .endpoint <<<"$line")
}

# garage_start_real BINARY DIRECTORY: on ports that were free a moment ago; on others where somebody was faster.
garage_start_real() {
  local binary=$1 directory=$2 attempt port
  # shellcheck disable=SC2034 # for those who source this
  {
    GARAGE_KIND="a real Garage $("$binary" --version | grep -o '[0-9][0-9.]*[0-9]' | head -n 1)"
    GARAGE_REGION=garage
  }
  GARAGE_TOKEN=$(head -c 24 /dev/urandom | base64 | tr -d '/+=')
  for attempt in 1 2 3 4 5; do
    port=$((20000 + (RANDOM + attempt) % 10000))
    garage_write_config "$directory" "$port"
    GARAGE_S3_ENDPOINT=http://127.0.0.1:$port
    GARAGE_WEB_ENDPOINT=http://127.0.0.1:$((port + 2))
    GARAGE_ENDPOINT=http://127.0.0.1:$((port + 3))
    RUST_LOG=warn "$binary" -c "$directory/garage.toml" server >"$directory/log" 2>&1 &
    GARAGE_PID=$!
    if garage_answers; then
      garage_lay_out
      return
    fi
    garage_stop
  done
  fail "Garage did not start: $(<"$directory/log")"
}

garage_write_config() { # garage_write_config DIRECTORY PORT: it uses four ports from this one on.
  cat >"$1/garage.toml" <<TOML
metadata_dir = "$1/meta"
data_dir = "$1/data"
replication_factor = 1
rpc_bind_addr = "127.0.0.1:$(($2 + 1))"
rpc_public_addr = "127.0.0.1:$(($2 + 1))"
rpc_secret = "$(head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \n')"
[s3_api]
s3_region = "garage"
api_bind_addr = "127.0.0.1:$2"
[s3_web]
bind_addr = "127.0.0.1:$(($2 + 2))"
root_domain = ".web.garage.localhost"
[admin]
api_bind_addr = "127.0.0.1:$(($2 + 3))"
admin_token = "$GARAGE_TOKEN"
TOML
  chmod 600 "$1/garage.toml"
}

# garage_answers: waits until it does; fails where it has ended.
garage_answers() {
  until garage_call GET GetClusterStatus >/dev/null 2>&1; do
    kill -0 "$GARAGE_PID" 2>/dev/null || return 1
    sleep 0.1
  done
}

garage_lay_out() {
  local node
  node=$(garage_call GET GetClusterStatus | jq -r '.nodes[0].id')
  garage_call POST UpdateClusterLayout "{\"roles\": [{\"id\": \"$node\", \"zone\": \"here\", \"capacity\": 1000000000, \"tags\": []}]}" >/dev/null
  garage_call POST ApplyClusterLayout '{"version": 1}' >/dev/null
}

garage_stop() {
  [[ -n ${GARAGE_PID:-} ]] || return 0
  kill "$GARAGE_PID" 2>/dev/null || true
  wait "$GARAGE_PID" 2>/dev/null || true
  GARAGE_PID=
}

# garage_s3 KEY SECRET METHOD PATH [CURL ARGUMENT...]: a signed request to the S3 port.
garage_s3() {
  local key=$1 secret=$2 method=$3 path=$4
  shift 4
  # The secret goes through a file descriptor, so that no list of processes shows it.
  curl -sS --fail-with-body -X "$method" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' \
    --aws-sigv4 "aws:amz:$GARAGE_REGION:s3" -K <(printf 'user = "%s:%s"\n' "$key" "$secret") "$@" "$GARAGE_S3_ENDPOINT$path"
}

# garage_page HOST PATH: what the website of that bucket shows.
garage_page() { curl -sS --fail-with-body -H "Host: $1" "$GARAGE_WEB_ENDPOINT$2"; }
