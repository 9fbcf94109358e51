# hosts.nix: { alice = { address = "203.0.113.9"; }; bob = { address = "203.0.113.10"; }; }
data "fediversity_nix_value" "hosts" {
  file = "./hosts.nix"
}

resource "fediversity_dns_record_set" "hosts" {
  for_each = data.fediversity_nix_value.hosts.value

  zone    = "example.org"
  name    = each.key
  type    = "A"
  records = [each.value.address]
}

# An output of a flake that is a function: { operator, ... }: { ... }
data "fediversity_nix_value" "quota" {
  flake     = "github:example/hosting/4f0b3b6d9f3d5a3c2b1e0d9c8b7a6f5e4d3c2b1a"
  attribute = ["lib", "quotaFor"]
  arguments = { operator = "alice" }
}

output "quota" {
  value = data.fediversity_nix_value.quota.value
}
