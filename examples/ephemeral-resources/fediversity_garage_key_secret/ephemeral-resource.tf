resource "fediversity_garage_key" "media" {
  name         = "alice-social"
  store_secret = false
}

ephemeral "fediversity_garage_key_secret" "media" {
  access_key_id = fediversity_garage_key.media.access_key_id
}

# The secret goes from Garage into the other provider, and into no state.
provider "aws" {
  region     = "garage"
  access_key = fediversity_garage_key.media.access_key_id
  secret_key = ephemeral.fediversity_garage_key_secret.media.secret
  endpoints {
    s3 = "http://[::1]:3900"
  }
}
