# An address that somebody else looks after.
data "fediversity_dns_record_set" "proxy" {
  zone = "example.org"
  name = "proxy"
  type = "AAAA"
}

resource "fediversity_dns_record_set" "social" {
  zone    = "example.org"
  name    = "social"
  type    = "AAAA"
  records = data.fediversity_dns_record_set.proxy.records
}
