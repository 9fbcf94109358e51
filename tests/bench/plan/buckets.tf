terraform {
  required_providers {
    fediversity = {
      source = "fediversity/fediversity"
    }
  }
}

variable "size" {
  type = number
}

variable "endpoint" {
  type = string
}

variable "token" {
  type      = string
  sensitive = true
}

provider "fediversity" {
  garage = {
    endpoint = var.endpoint
    token    = var.token
  }
}

resource "fediversity_garage_bucket" "measured" {
  count = var.size

  aliases = ["bucket-${count.index}"]
  website = { index_document = "index.html" }
  quotas  = { max_size = "50G", max_objects = 1000000 }
}
