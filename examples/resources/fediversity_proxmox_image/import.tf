import {
  to = fediversity_proxmox_image.nixos
  id = "pve1/local:import/nixos.qcow2"
}
