import {
  to       = fediversity_proxmox_vm.web
  identity = { vmid = 204 }
}
