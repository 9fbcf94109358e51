data "fediversity_dns_zone" "example" {
  zone = "example.org"
}

# Every name in the zone that has an address.
output "hosts" {
  value = distinct([
    for set in data.fediversity_dns_zone.example.record_sets : set.fqdn if contains(["A", "AAAA"], set.type)
  ])
}

# A single set, by its name and type.
output "mail_servers" {
  value = data.fediversity_dns_zone.example.record_sets["@/MX"].records
}
