# Quotas: what each operator has paid for, by the first part of the VM's name.
{ lib, fediversity, ... }:
let
  quotas = {
    alice = {
      cores = 8;
      memory = "16G";
    };
    bob = {
      cores = 2;
      memory = "4G";
    };
  };
  operatorOf = name: lib.head (lib.splitString "-" name);
  # Nothing for whoever is not in the list.
  quotaOf = name: quotas.${operatorOf name} or { cores = 0; memory = "0"; };
in
{
  # For everybody, whatever the operator.
  offer.proxmox_vm = {
    max_disk_size = "200G";
    allowed_bridges = [ "vmbr0" ];
  };

  rules.proxmox_vm.quota =
    { request, ... }:
    let
      quota = quotaOf request.name;
    in
    # A list: each check is told by itself, and one that depends on something unknown hides no other.
    lib.optionals (request.name != null) [
      {
        path = [
          "cpu"
          "cores"
        ];
        holds = request.cpu == null || request.cpu.cores == null || request.cpu.cores <= quota.cores;
        message = "${operatorOf request.name} has ${toString quota.cores} cores for a VM, not ${toString request.cpu.cores}.";
      }
      {
        path = [
          "memory"
          "size"
        ];
        holds =
          request.memory == null
          || request.memory.size == null
          || fediversity.size.atMost quota.memory request.memory.size;
        message = "${operatorOf request.name} has ${quota.memory} of memory for a VM, not ${request.memory.size}.";
      }
    ];
}
