data "fediversity_proxmox_nodes" "online" {
  online = true
}

# The node with the most memory left.
output "roomiest_node" {
  value = [
    for node in data.fediversity_proxmox_nodes.online.nodes : node.name
    if node.memory_free == max(data.fediversity_proxmox_nodes.online.nodes[*].memory_free...)
  ][0]
}
