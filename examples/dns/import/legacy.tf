# A record that somebody made by hand. Copied beside the rest, this takes it over as it is.
import {
  to = fediversity_dns_record_set.legacy
  id = "example.org/legacy/A"
}

resource "fediversity_dns_record_set" "legacy" {
  zone    = var.zone
  name    = "legacy"
  type    = "A"
  ttl     = 600
  records = ["198.51.100.7"]
}
