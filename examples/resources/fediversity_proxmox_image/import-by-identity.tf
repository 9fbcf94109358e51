import {
  to       = fediversity_proxmox_image.nixos
  identity = { node = "pve1", storage = "local", content = "import", file_name = "nixos.qcow2" }
}
