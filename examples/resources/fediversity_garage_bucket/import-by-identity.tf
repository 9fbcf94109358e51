import {
  to       = fediversity_garage_bucket.media
  identity = { id = "0464c69ad0c0dbc82a1244a59097cc05a5a690a8c9b5f8c6e7eefd115eac7c00" }
}
