# Its secret is in no state: the ephemeral resource fediversity_garage_key_secret gives it.
resource "fediversity_garage_key" "media" {
  name         = "alice-social"
  store_secret = false
}

# Of the given secret, which is in no state either.
resource "fediversity_garage_key" "backup" {
  name              = "backup"
  expiration        = "2030-01-01T00:00:00Z"
  secret_wo         = var.backup_secret
  secret_wo_version = 1
}

variable "backup_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}
