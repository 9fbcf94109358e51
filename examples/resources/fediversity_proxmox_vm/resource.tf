# Cloned from a template by name. What is left out is as the template has it.
resource "fediversity_proxmox_vm" "web" {
  name  = "alice-social"
  clone = { source = "nixos-25.11", full = true }

  cpu    = { cores = 2, type = "x86-64-v2-AES" }
  memory = { size = "4G", balloon = "2G" }

  disks = {
    scsi0 = { storage = "ceph", size = "40G" }
    scsi1 = { storage = "ceph", size = "200G", discard = "on", backup = false, on_remove = "delete" }
  }
  networks = {
    net0 = { bridge = "vmbr0", vlan = 120, ipv4 = { address = "203.0.113.9/24", gateway = "203.0.113.1" } }
  }
  cloud_init = { user = "ops", ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMPEeCEYzM5QA4FmlLMIvinGn51RRr6br3+NePRN/sMt ops@example.org"] }

  agent   = { enabled = true }
  tags    = ["alice", "mastodon"]
  started = true
  reboot  = "when_needed"
}

# Made from nothing, on UEFI, from an image that the cluster holds.
resource "fediversity_proxmox_vm" "mail" {
  name          = "mail"
  node          = "pve2"
  bios          = "ovmf"
  machine       = "q35"
  scsi_hardware = "virtio-scsi-single"

  memory   = { size = "2G" }
  efi_disk = { storage = "local-lvm", type = "4m" }
  disks    = { scsi0 = { storage = "local-lvm", size = "20G", import_from = "local:import/nixos.qcow2", iothread = true } }
  networks = { net0 = { bridge = "vmbr0" } }
}
