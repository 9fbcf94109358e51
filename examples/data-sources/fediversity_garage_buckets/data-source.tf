data "fediversity_garage_buckets" "alice" {
  alias_prefix = "alice-"
}

# Buckets that are more than half full.
output "soon_full" {
  value = [
    for bucket in data.fediversity_garage_buckets.alice.buckets : tolist(bucket.aliases)[0]
    if bucket.max_size != null && bucket.bytes * 2 > coalesce(bucket.max_size, 0)
  ]
}
