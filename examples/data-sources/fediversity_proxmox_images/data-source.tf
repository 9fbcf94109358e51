data "fediversity_proxmox_images" "import" {
  node    = "pve1"
  storage = "local"
  content = "import"
}

output "images" {
  value = data.fediversity_proxmox_images.import.images[*].id
}
