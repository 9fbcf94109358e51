# shellcheck shell=bash
# Counts outcomes; sourced, never run.

PASSED=0
FAILED=0

# add_counts PASSED FAILED
add_counts() {
  PASSED=$((PASSED + $1))
  FAILED=$((FAILED + $2))
}

# check NAME COMMAND...: one outcome; the command's output is shown only if it fails.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    PASSED=$((PASSED + 1))
    printf 'ok      %s\n' "$name"
  else
    FAILED=$((FAILED + 1))
    printf '%s\n' "$output"
    printf 'FAILED  %s\n' "$name"
  fi
}

# close_counts: prints the closing line; its exit code is that of the whole run. A run without a test has failed.
close_counts() {
  printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
  ((FAILED == 0 && PASSED > 0))
}
