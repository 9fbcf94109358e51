# One interface for each type of resource: a function of { lib } that gives { apiVersion, request, offer, checks }.
{
  dns_record_set = import ./resources/dns_record_set.nix;
  garage_bucket = import ./resources/garage_bucket.nix;
  garage_bucket_access = import ./resources/garage_bucket_access.nix;
  garage_key = import ./resources/garage_key.nix;
  garage_local_alias = import ./resources/garage_local_alias.nix;
  proxmox_vm = import ./resources/proxmox_vm.nix;
}
