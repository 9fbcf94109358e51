# Two applications that both call their bucket "media".
resource "fediversity_garage_local_alias" "alice" {
  bucket_id     = fediversity_garage_bucket.alice.id
  access_key_id = fediversity_garage_key.alice.access_key_id
  alias         = "media"
}

resource "fediversity_garage_bucket" "alice" {
  aliases = ["alice-media"]
}

resource "fediversity_garage_key" "alice" {
  name = "alice"
}
