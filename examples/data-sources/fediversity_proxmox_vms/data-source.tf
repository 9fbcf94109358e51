# All that runs for one customer.
data "fediversity_proxmox_vms" "alice" {
  pool     = "alice"
  tags     = ["production"]
  status   = "running"
  template = false
}

output "vmids" {
  value = { for vm in data.fediversity_proxmox_vms.alice.vms : vm.name => vm.vmid }
}

# Templates by name.
data "fediversity_proxmox_vms" "templates" {
  name_regex = "^nixos-"
  template   = true
}
