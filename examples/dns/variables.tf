variable "server" {
  description = "Name server that takes the updates."
  type        = string
}

variable "port" {
  description = "Its port."
  type        = number
  default     = 53
}

variable "tsig" {
  description = "Secret of the TSIG key `tofu`, in base64."
  type        = string
  sensitive   = true
}

variable "zone" {
  description = "Zone that holds the names; it has to exist on the server."
  type        = string
  default     = "example.org"
}

variable "applications" {
  description = "Fediverse applications and the host that runs each."
  type        = map(object({ ipv4 = string, ipv6 = string }))
  default = {
    social = { ipv4 = "203.0.113.9", ipv6 = "2001:db8::9" }
    video  = { ipv4 = "203.0.113.10", ipv6 = "2001:db8::10" }
  }
}

variable "ttl" {
  description = "Seconds that resolvers may keep the addresses."
  type        = number
  default     = 300
}
