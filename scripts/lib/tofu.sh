# shellcheck shell=bash
# Finds an OpenTofu that is new enough, or builds one; sourced after common.sh and go.sh, never run.

TOFU_WANTED=1.11.0

# tofu_command: prints the path of a tofu of at least TOFU_WANTED: the one on PATH, else one built once from the
# module that scripts/tofu pins.
tofu_command() {
  local tofu version
  if tofu=$(command -v tofu) &&
    version_at_least "$TOFU_WANTED" "$("$tofu" version -json | sed -n 's/.*"terraform_version": "\([0-9.]*\).*/\1/p')"; then
    printf '%s\n' "$tofu"
    return
  fi
  version=$(sed -n 's/^[[:space:]]*github.com\/opentofu\/opentofu v\([0-9.]*\).*/\1/p' "$ROOT/scripts/tofu/go.mod")
  [[ -n $version ]] || fail "scripts/tofu/go.mod names no version of OpenTofu"
  tofu=$CACHE/tofu-$version/tofu
  if [[ ! -x $tofu ]]; then
    say "building OpenTofu $version, once (some minutes)"
    (cd "$ROOT/scripts/tofu" &&
      CGO_ENABLED=0 go_run build -trimpath -ldflags '-s -w -X github.com/opentofu/opentofu/version.dev=no' \
        -o "$tofu.$$" github.com/opentofu/opentofu/cmd/tofu)
    mv "$tofu.$$" "$tofu"
  fi
  printf '%s\n' "$tofu"
}
