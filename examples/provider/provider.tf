terraform {
  required_providers {
    fediversity = {
      source = "fediversity/fediversity"
    }
  }
}

variable "tsig" {
  description = "Secret of the key that may change the zones, in base64."
  type        = string
  sensitive   = true
}

variable "xfr" {
  description = "Secret of the key that may only read them, in base64."
  type        = string
  sensitive   = true
}

provider "fediversity" {
  dns = {
    # The primary name server: it takes the updates.
    server = "ns1.example.org"
    tsig   = { name = "tofu", algorithm = "hmac-sha256", secret = var.tsig }

    # Optional: reads go to a secondary, with a key that can do nothing else.
    transfer = {
      server = "ns2.example.org"
      tsig   = { name = "xfr", algorithm = "hmac-sha256", secret = var.xfr }
    }
  }
}
