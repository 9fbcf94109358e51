resource "fediversity_garage_bucket" "media" {
  aliases = ["media.example.org"]

  quotas = {
    max_size    = "50G"
    max_objects = 1000000
  }

  cors_rules = [
    {
      allowed_origins = ["https://social.example.org"]
      allowed_methods = ["GET", "HEAD"]
      max_age_seconds = 3600
    },
  ]

  lifecycle_rules = [
    { prefix = "cache/", expiration_days = 30 },
    { abort_incomplete_multipart_upload_days = 2 },
  ]
}

# Served as a website under its alias, by the web port of Garage.
resource "fediversity_garage_bucket" "pages" {
  aliases = ["www.example.org", "example.org"]

  website = {
    index_document = "index.html"
    error_document = "404.html"
    routing_rules = [
      {
        condition = { key_prefix_equals = "blog/" }
        redirect  = { replace_key_prefix_with = "posts/", http_redirect_code = 301 }
      },
    ]
  }

  # Its content is built anew at any time, so it may be deleted with it.
  force_destroy = true
}
