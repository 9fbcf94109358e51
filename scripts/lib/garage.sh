# shellcheck shell=bash
# Finds a Garage to test against, or builds one; sourced after common.sh, never run.

GARAGE_WANTED=2.5.0

# garage_cargo: prints a cargo that can build it; fails where there is none. Debian 12's own is too old; the one of its
# package cargo-web is not.
garage_cargo() {
  local cargo
  for cargo in cargo /usr/lib/rust-web/bin/cargo cargo-web; do
    if command -v "$cargo" >/dev/null && version_at_least 1.85 "$("$cargo" --version | sed 's/^cargo \([0-9.]*\).*/\1/')"; then
      command -v "$cargo"
      return
    fi
  done
  return 1
}

# garage_build DIRECTORY: most of it hardly optimised, since the build is what takes time. The hash of tokens is
# optimised in full: every call of the admin API waits for one.
garage_build() {
  local cargo
  cargo=$(garage_cargo) || fail "no cargo of at least 1.85 to build Garage with; ./dev setup installs one"
  mkdir -p "$1"
  (cd "$1" && env -u RUSTFLAGS PATH="$(dirname "$cargo"):$PATH" CARGO_TARGET_DIR="$1/target" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_STRIP=symbols \
    "$cargo" install garage --version "$GARAGE_WANTED" --locked --jobs "$JOBS" --root "$1" \
    --config 'profile.release.package.argon2.opt-level=3' --config 'profile.release.package.blake2.opt-level=3')
}

# garage_found: prints the path of a Garage server of at least GARAGE_WANTED; fails where there is none.
garage_found() {
  local garage prefix=$CACHE/garage-$GARAGE_WANTED
  if garage=$(command -v garage) && version_at_least "$GARAGE_WANTED" "$("$garage" --version | grep -o '[0-9][0-9.]*[0-9]' | head -n 1)"; then
    printf '%s\n' "$garage"
    return
  fi
  [[ -x $prefix/bin/garage ]] && printf '%s\n' "$prefix/bin/garage"
}

# garage_command: the same, after building it where need be.
garage_command() {
  local prefix=$CACHE/garage-$GARAGE_WANTED
  if ! garage_found; then
    say "building Garage $GARAGE_WANTED, once (about 10 minutes)"
    rm -rf "$prefix.$$"
    quietly "$ROOT/build/garage.log" garage_build "$prefix.$$"
    rm -rf "$prefix.$$/target" "$prefix"
    mv -T "$prefix.$$" "$prefix"
    garage_found
  fi
}
