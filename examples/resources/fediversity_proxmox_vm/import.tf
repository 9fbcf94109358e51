# The VMID, "node/vmid", or the name.
import {
  to = fediversity_proxmox_vm.web
  id = "alice-social"
}
