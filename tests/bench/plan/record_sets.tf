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

variable "port" {
  type = number
}

variable "tsig" {
  type      = string
  sensitive = true
}

provider "fediversity" {
  dns = {
    server = "127.0.0.1"
    port   = var.port
    tsig   = { name = "tofu", algorithm = "hmac-sha256", secret = var.tsig }
  }
}

resource "fediversity_dns_record_set" "host" {
  count = var.size

  zone    = "example.org"
  name    = "host${count.index}"
  type    = "A"
  ttl     = 300
  records = ["10.0.${floor(count.index / 250)}.${count.index % 250}"]
}
