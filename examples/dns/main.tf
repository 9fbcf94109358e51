# The addresses of each application.
resource "fediversity_dns_record_set" "ipv4" {
  for_each = var.applications

  zone    = var.zone
  name    = each.key
  type    = "A"
  ttl     = var.ttl
  records = [each.value.ipv4]
}

resource "fediversity_dns_record_set" "ipv6" {
  for_each = var.applications

  zone    = var.zone
  name    = each.key
  type    = "AAAA"
  ttl     = var.ttl
  records = [each.value.ipv6]
}

# Mail for the whole zone.
resource "fediversity_dns_record_set" "mx" {
  zone    = var.zone
  name    = "@"
  type    = "MX"
  ttl     = 3600
  records = ["10 mx1.example.net.", "20 mx2.example.net."]
}

resource "fediversity_dns_record_set" "spf" {
  zone    = var.zone
  name    = "@"
  type    = "TXT"
  ttl     = 3600
  records = ["v=spf1 mx -all"]
}

# Only this authority may issue certificates.
resource "fediversity_dns_record_set" "caa" {
  zone    = var.zone
  name    = "@"
  type    = "CAA"
  ttl     = 3600
  records = ["0 issue \"letsencrypt.org\""]
}

# People find the service of an account by its domain.
resource "fediversity_dns_record_set" "xmpp" {
  zone    = var.zone
  name    = "_xmpp-client._tcp"
  type    = "SRV"
  ttl     = 3600
  records = ["5 0 5222 social"]
}
