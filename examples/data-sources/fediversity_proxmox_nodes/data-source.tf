data "fediversity_proxmox_nodes" "online" {
  online = true
}

locals {
  # What a node has left is null for credentials without Sys.Audit on it.
  nodes = [for node in data.fediversity_proxmox_nodes.online.nodes : node if node.memory_free != null]
}

# The node with the most memory left, as a list, which is empty where nobody may see that.
output "roomiest_node" {
  value = [for node in local.nodes : node.name if node.memory_free == max(0, local.nodes[*].memory_free...)]
}
