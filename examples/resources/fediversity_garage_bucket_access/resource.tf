resource "fediversity_garage_bucket_access" "media" {
  bucket_id     = fediversity_garage_bucket.media.id
  access_key_id = fediversity_garage_key.media.access_key_id
  read          = true
  write         = true
}

resource "fediversity_garage_bucket" "media" {
  aliases = ["media.example.org"]
}

resource "fediversity_garage_key" "media" {
  name = "alice-social"
}
