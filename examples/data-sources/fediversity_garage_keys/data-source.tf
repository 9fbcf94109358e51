data "fediversity_garage_keys" "expired" {
  expired = true
}

output "expired" {
  value = { for key in data.fediversity_garage_keys.expired.keys : key.access_key_id => key.name }
}
