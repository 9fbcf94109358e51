# A bucket that is served as a website, and a key that may put pages into it.
resource "fediversity_garage_bucket" "site" {
  aliases         = var.aliases
  website         = { index_document = "index.html", error_document = "404.html" }
  quotas          = { max_size = var.max_size }
  lifecycle_rules = [{ prefix = "tmp/", expiration_days = 7 }]
  force_destroy   = var.force_destroy
}

resource "fediversity_garage_key" "publisher" {
  name = "publisher"
}

resource "fediversity_garage_bucket_access" "publisher" {
  bucket_id     = fediversity_garage_bucket.site.id
  access_key_id = fediversity_garage_key.publisher.access_key_id
  read          = true
  write         = true
}

output "access_key_id" {
  value = fediversity_garage_key.publisher.access_key_id
}

output "secret" {
  value     = fediversity_garage_key.publisher.secret
  sensitive = true
}
