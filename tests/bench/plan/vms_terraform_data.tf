variable "size" {
  type = number
}

resource "terraform_data" "measured" {
  count = var.size

  input = {
    name     = "vm-${count.index}"
    node     = "pve1"
    cpu      = { cores = 2, type = "x86-64-v2-AES" }
    memory   = { size = "4G", balloon = "2G" }
    disks    = { scsi0 = { storage = "shared", size = "40G" }, scsi1 = { storage = "shared", size = "200G" } }
    networks = { net0 = { bridge = "vmbr0", vlan = 120, ipv4 = { address = "203.0.113.9/24", gateway = "203.0.113.1" } } }
    tags     = ["alice", "mastodon"]
  }
}
