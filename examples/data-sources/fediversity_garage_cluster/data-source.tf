data "fediversity_garage_cluster" "this" {}

check "garage_is_healthy" {
  assert {
    condition     = data.fediversity_garage_cluster.this.status == "healthy"
    error_message = "Garage is ${data.fediversity_garage_cluster.this.status}."
  }
}
