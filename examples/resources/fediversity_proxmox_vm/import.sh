tofu import fediversity_proxmox_vm.web 204
tofu import fediversity_proxmox_vm.web alice-social
