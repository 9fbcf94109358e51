data "fediversity_garage_key" "media" {
  access_key_id = "GK31c2f218a2e44f485b94239e"
}

output "buckets" {
  value = [for bucket in data.fediversity_garage_key.media.buckets : bucket.aliases if bucket.read]
}
