terraform {
  required_providers {
    fediversity = {
      source = "fediversity/fediversity"
    }
  }
}

provider "fediversity" {
  dns = {
    server = var.server
    port   = var.port
    tsig   = { name = "tofu", algorithm = "hmac-sha256", secret = var.tsig }
  }
}
