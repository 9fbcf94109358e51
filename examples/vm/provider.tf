terraform {
  required_providers {
    fediversity = {
      source = "fediversity/fediversity"
    }
  }
}

provider "fediversity" {
  proxmox = {
    endpoints   = [var.endpoint]
    api_token   = var.api_token
    fingerprint = var.fingerprint
  }
}
