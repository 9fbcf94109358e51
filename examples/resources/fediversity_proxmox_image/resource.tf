# The node downloads the image and checks it.
resource "fediversity_proxmox_image" "debian" {
  node      = "pve1"
  storage   = "local"
  file_name = "debian-13.qcow2"
  url       = "https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2"
}

# The output of a Nix build, uploaded from here: the one image that is in it. Another build of the same content changes
# nothing.
resource "fediversity_proxmox_image" "nixos" {
  node      = "pve1"
  storage   = "local"
  file_name = "nixos.qcow2"
  path      = "./result"
}

# With a checksum, the URL may change; the image is replaced only when the checksum does.
resource "fediversity_proxmox_image" "installer" {
  node      = "pve1"
  storage   = "local"
  content   = "iso"
  file_name = "nixos-installer.iso"
  url       = "https://mirror.example.org/nixos-minimal-x86_64-linux.iso"
  checksum  = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}

# Unpacked by the node, and put in place of a file of that name that is there already.
resource "fediversity_proxmox_image" "appliance" {
  node        = "pve1"
  storage     = "local"
  content     = "iso"
  file_name   = "appliance.img"
  url         = "https://mirror.example.org/appliance.img.zst"
  compression = "zst"
  adopt       = true
  timeouts    = { create = "2h" }
}
