# Where on this node the disks of VMs may go.
data "fediversity_proxmox_storages" "disks" {
  node    = "pve1"
  content = "images"
}

output "free_gib" {
  value = {
    for storage in data.fediversity_proxmox_storages.disks.storages : storage.name => floor(storage.available / pow(1024, 3))
    if storage.active
  }
}
