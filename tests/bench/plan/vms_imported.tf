locals {
  vmids = toset([for i in range(var.size) : tostring(1000 + i)])
}

import {
  for_each = local.vmids
  to       = fediversity_proxmox_vm.measured[each.key]
  id       = each.key
}

resource "fediversity_proxmox_vm" "measured" {
  for_each = local.vmids

  name     = "vm-${each.key}"
  cpu      = { cores = 2 }
  memory   = { size = "4G" }
  disks    = { scsi0 = { storage = "shared", size = "40G" }, scsi1 = { storage = "shared", size = "200G" } }
  networks = { net0 = { bridge = "vmbr0", vlan = 120 } }
}
