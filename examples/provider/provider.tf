terraform {
  required_providers {
    fediversity = {
      source = "fediversity/fediversity"
    }
  }
}

variable "pve_token" {
  description = "API token of Proxmox VE, as user@realm!name=secret."
  type        = string
  sensitive   = true
}

variable "garage_token" {
  description = "Admin token of Garage."
  type        = string
  sensitive   = true
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

# Each service is optional.
provider "fediversity" {
  proxmox = {
    # Nodes of one cluster: the first that answers is used.
    endpoints = ["https://pve1.example.org:8006", "https://pve2.example.org:8006"]
    api_token = var.pve_token
    ca_file   = "pve-root-ca.pem"
  }

  garage = {
    endpoint    = "https://garage-admin.example.org"
    s3_endpoint = "https://s3.example.org"
    token       = var.garage_token
  }

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

  nix = {
    # The hosting provider's limits and defaults.
    environment = "environment.nix"
  }
}
