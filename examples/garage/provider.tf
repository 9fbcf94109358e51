terraform {
  required_providers {
    fediversity = {
      source = "fediversity/fediversity"
    }
  }
}

provider "fediversity" {
  garage = {
    endpoint    = var.endpoint
    token       = var.token
    s3_endpoint = var.s3_endpoint
    region      = var.region
  }
}
