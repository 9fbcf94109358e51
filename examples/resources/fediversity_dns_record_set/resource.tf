# Where the application answers.
resource "fediversity_dns_record_set" "social" {
  zone    = "example.org"
  name    = "social"
  type    = "A"
  ttl     = 300
  records = ["203.0.113.9"]
}

# Mail for the zone itself. Names without a trailing dot are relative to the zone.
resource "fediversity_dns_record_set" "mail" {
  zone    = "example.org"
  name    = "@"
  type    = "MX"
  records = ["10 mx1", "20 mx2.example.net."]
}

# TXT takes the text as it is; with quotes it is a list of strings, as in a zone file.
resource "fediversity_dns_record_set" "dmarc" {
  zone    = "example.org"
  name    = "_dmarc"
  type    = "TXT"
  records = ["v=DMARC1; p=reject; rua=mailto:postmaster@example.org"]
}

# Taken over if it exists already, and changed to what is written here.
resource "fediversity_dns_record_set" "certificates" {
  zone    = "example.org"
  name    = "@"
  type    = "CAA"
  records = ["0 issue \"letsencrypt.org\"", "0 iodef \"mailto:postmaster@example.org\""]
  adopt   = true
}
