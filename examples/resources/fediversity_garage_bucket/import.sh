tofu import fediversity_garage_bucket.media media.example.org
