# node/volume id
tofu import fediversity_proxmox_image.nixos pve1/local:import/nixos.qcow2
tofu import fediversity_proxmox_image.installer pve1/local:iso/nixos-installer.iso
