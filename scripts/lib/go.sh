# shellcheck shell=bash
# Finds a Go that is new enough, or fetches one; sourced after common.sh, never run.

GO_WANTED=1.26.6

go_cached() { printf '%s/go-%s/bin/go' "$CACHE" "$GO_WANTED"; }

# go_fetch GO: takes the toolchain from the module proxy as a module, as newer Go commands do by themselves. Modules
# keep no execute bits and cannot hold a go.mod, so the former are set and the latter renamed back.
go_fetch() {
  local module directory part
  module=golang.org/toolchain@v0.0.1-go$GO_WANTED.$("$1" env GOOS)-$("$1" env GOARCH)
  say "fetching Go $GO_WANTED from the module proxy"
  directory=$(cd / && GO111MODULE=on GOFLAGS='' GOTOOLCHAIN=local "$1" mod download -json "$module" |
    sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p')
  [[ -n $directory ]] || fail "the module proxy gave no $module"
  part=$CACHE/go-$GO_WANTED.$$
  mkdir -p "$CACHE"
  cp -r "$directory" "$part"
  chmod -R u+w "$part"
  chmod +x "$part"/bin/* "$part"/pkg/tool/*/*
  find "$part" -name _go.mod -execdir mv {} go.mod \;
  rm -rf "$CACHE/go-$GO_WANTED"
  mv "$part" "$CACHE/go-$GO_WANTED"
}

# go_command: prints the path of a Go command of at least GO_WANTED.
go_command() {
  local go
  if go=$(command -v go) && version_at_least "$GO_WANTED" "$(cd / && GOTOOLCHAIN=local "$go" version | sed 's/.* go\([0-9.]*\).*/\1/')"; then
    printf '%s\n' "$go"
    return
  fi
  if [[ ! -x $(go_cached) ]]; then
    [[ -n $go ]] || fail "no go command to fetch Go $GO_WANTED with; ./dev setup installs one"
    go_fetch "$go"
  fi
  go_cached
  echo
}

# go_run ARGUMENT...: runs that Go in the module's own terms. GOFLAGS of the user's shell is left out, since
# -mod=vendor and the like would break the build.
go_run() {
  local go
  go=$(go_command)
  env -u GOROOT GOFLAGS= GOTOOLCHAIN=local "$go" "$@"
}
