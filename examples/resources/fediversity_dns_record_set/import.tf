import {
  to = fediversity_dns_record_set.social
  id = "example.org/social/A"
}
