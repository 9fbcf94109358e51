data "fediversity_proxmox_version" "this" {}

output "proxmox" {
  value = data.fediversity_proxmox_version.this.release

  precondition {
    condition     = tonumber(data.fediversity_proxmox_version.this.release) >= 8
    error_message = "Proxmox VE 8 or later is needed."
  }
}
