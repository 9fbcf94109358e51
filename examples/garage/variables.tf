variable "endpoint" {
  description = "URL of the admin API of a Garage node."
  type        = string
}

variable "token" {
  description = "Token of the admin API."
  type        = string
  sensitive   = true
}

variable "s3_endpoint" {
  description = "URL of the S3 API, by which `force_destroy` empties buckets."
  type        = string
}

variable "region" {
  description = "Region that the S3 API is configured with."
  type        = string
  default     = "garage"
}

variable "aliases" {
  description = "Names of the bucket, of which the first one is that of the website."
  type        = list(string)
  default     = ["www.example.org"]
}

variable "max_size" {
  description = "Most that the bucket may hold."
  type        = string
  default     = "50G"
}

variable "force_destroy" {
  description = "Whether destroying the bucket deletes what is in it."
  type        = bool
  default     = false
}
