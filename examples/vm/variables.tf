variable "endpoint" {
  description = "URL of a node of the Proxmox VE cluster."
  type        = string
}

variable "fingerprint" {
  description = "SHA-256 fingerprint of its certificate."
  type        = string
}

variable "api_token" {
  description = "API token, as user@realm!name=secret."
  type        = string
  sensitive   = true
}

variable "memory" {
  description = "Memory of each application's VM."
  type        = string
  default     = "1G"
}
