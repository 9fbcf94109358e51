locals {
  # A range has at most 1,024 numbers.
  numbers = [for pair in setproduct(range(ceil(var.size / 1000)), range(1000)) : 1000 * pair[0] + pair[1]]
  vmids   = toset([for number in local.numbers : tostring(1000 + number) if number < var.size])
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
