# One interface for each type of resource: a function of { lib } that gives { apiVersion, request, offer, checks }.
{
  dns_record_set = import ./dns_record_set.nix;
}
