import {
  to = fediversity_garage_bucket_access.media
  identity = {
    bucket_id     = "0464c69ad0c0dbc82a1244a59097cc05a5a690a8c9b5f8c6e7eefd115eac7c00"
    access_key_id = "GK31c2f218a2e44f485b94239e"
  }
}
