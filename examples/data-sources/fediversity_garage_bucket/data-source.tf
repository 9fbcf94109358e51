data "fediversity_garage_bucket" "media" {
  alias = "media.example.org"
}

output "media" {
  value = {
    objects = data.fediversity_garage_bucket.media.objects
    bytes   = data.fediversity_garage_bucket.media.bytes
    writers = [for id, key in data.fediversity_garage_bucket.media.keys : id if key.write]
  }
}
