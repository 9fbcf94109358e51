# shellcheck shell=bash
# Lays out a filesystem mirror; sourced after common.sh, never run.

# make_mirror DIRECTORY BINARY: the layout that OpenTofu and Terraform look providers up in, for the registry host
# of either, with DIRECTORY/tofurc that names it.
make_mirror() {
  local directory binary=$2 host place
  mkdir -p "$1"
  directory=$(cd "$1" && pwd)
  for host in registry.opentofu.org registry.terraform.io; do
    place=$directory/$host/fediversity/fediversity/$VERSION/linux_amd64
    mkdir -p "$place"
    # The new file takes the old one's name at once: a host may be running the old one.
    cp "$binary" "$place/new"
    mv "$place/new" "$place/terraform-provider-fediversity_v$VERSION"
  done
  cat >"$directory/tofurc" <<RC
provider_installation {
  filesystem_mirror {
    path    = "$directory"
    include = ["registry.opentofu.org/fediversity/fediversity", "registry.terraform.io/fediversity/fediversity"]
  }
  direct {
    exclude = ["registry.opentofu.org/fediversity/fediversity", "registry.terraform.io/fediversity/fediversity"]
  }
}
RC
}
