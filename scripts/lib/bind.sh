# shellcheck shell=bash
# Runs a BIND of our own on loopback; sourced after common.sh, never run. Sets BIND_PORT, BIND_SECRET and BIND_PID.

# bind_start DIRECTORY ZONE: serves an almost empty ZONE from DIRECTORY. The key "tofu" may change and transfer it.
bind_start() {
  local directory=$1 zone=$2 try
  mkdir -p "$directory"
  BIND_SECRET=$(head -c 32 /dev/urandom | base64 -w 0)
  # A copy, because where AppArmor guards the installed program it may not read our directory.
  cp /usr/sbin/named "$directory/named"
  cat >"$directory/zone" <<'ZONE'
$TTL 3600
@ IN SOA ns1 hostmaster 1 7200 900 1209600 300
@ IN NS ns1
ns1 IN A 192.0.2.53
ZONE
  for try in 1 2 3 4 5; do # another program may hold the port
    BIND_PORT=$((20000 + RANDOM % 12000))
    cat >"$directory/named.conf" <<CONF
options {
  directory "$directory";
  listen-on port $BIND_PORT { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  lock-file none;
  recursion no;
  dnssec-validation no;
  notify no;
  allow-transfer { key tofu; };
};
controls { };
key tofu { algorithm hmac-sha256; secret "$BIND_SECRET"; };
zone "$zone" { type primary; file "zone"; update-policy { grant tofu zonesub ANY; }; };
CONF
    "$directory/named" -g -c "$directory/named.conf" 2>"$directory/named.log" &
    BIND_PID=$!
    if bind_wait "$directory/named.log"; then
      return 0
    fi
    kill "$BIND_PID" 2>/dev/null || true
    wait "$BIND_PID" 2>/dev/null || true
  done
  cat "$directory/named.log" >&2
  fail "BIND did not start in $try tries"
}

# bind_wait LOG: until BIND says that it runs, or has ended, or 30 s have passed.
bind_wait() {
  local deadline=$((SECONDS + 30))
  while ! grep -q ' running$' "$1"; do
    if ! kill -0 "$BIND_PID" 2>/dev/null || ((SECONDS > deadline)); then
      return 1
    fi
    sleep 0.05
  done
  ! grep -q 'address in use' "$1"
}

bind_stop() {
  kill "$BIND_PID" 2>/dev/null || true
  wait "$BIND_PID" 2>/dev/null || true
}
