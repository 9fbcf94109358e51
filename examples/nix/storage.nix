# Storage: disks go to Ceph unless somebody says otherwise, backups of everything, and nothing on local disks.
{ lib, ... }:
{
  defaults.proxmox_vm = {
    # A default for a part: `*` stands for every entry of a map.
    "disks.*.storage" = "ceph";
    "disks.*.backup" = true;
    "networks.*.bridge" = "vmbr0";
    # A function may look at the rest of the configuration.
    description = { request, ... }: if request.name == null then null else "Run for ${lib.head (lib.splitString "-" request.name)}.";
  };

  defaults.dns_record_set.ttl = 300;

  offer.proxmox_vm.allowed_storage = [
    "ceph"
    "ceph-ssd"
  ];
  offer.dns_record_set.max_ttl = 86400;
}
