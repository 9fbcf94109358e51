variable "size" {
  type = number
}

# What OpenTofu itself needs: the same content, and a provider that is built in and does nothing.
resource "terraform_data" "host" {
  count = var.size

  input = {
    zone    = "example.org"
    name    = "host${count.index}"
    type    = "A"
    ttl     = 300
    records = ["10.0.${floor(count.index / 250)}.${count.index % 250}"]
  }
}
