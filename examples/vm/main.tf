# A template, and one VM for each application that is cloned from it.
resource "fediversity_proxmox_vm" "template" {
  name       = "nixos-template"
  node       = "pve1"
  template   = true
  memory     = { size = "512M" }
  disks      = { scsi0 = { storage = "shared", size = "2G" } }
  networks   = { net0 = { bridge = "vmbr0" } }
  cloud_init = { storage = "shared" }
}

resource "fediversity_proxmox_vm" "application" {
  for_each = { social = "10.0.0.11", video = "10.0.0.12" }

  name       = "alice-${each.key}"
  clone      = { source = fediversity_proxmox_vm.template.name, full = true }
  memory     = { size = var.memory }
  disks      = { scsi0 = { size = "8G" } }
  networks   = { net0 = { bridge = "vmbr0", ipv4 = { address = "${each.value}/24", gateway = "10.0.0.1" } } }
  cloud_init = { user = "ops" }
  tags       = ["alice"]
  started    = true
  reboot     = "when_needed"
}

output "hosts" {
  value = { for name, vm in fediversity_proxmox_vm.application : name => vm.target.host }
}
