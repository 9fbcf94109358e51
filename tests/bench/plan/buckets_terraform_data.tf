variable "size" {
  type = number
}

resource "terraform_data" "measured" {
  count = var.size

  input = {
    aliases = ["bucket-${count.index}"]
    website = { index_document = "index.html" }
    quotas  = { max_size = "50G", max_objects = 1000000 }
  }
}
