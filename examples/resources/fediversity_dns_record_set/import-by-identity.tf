# A reverse zone for part of a network (RFC 2317) has a slash in its name.
import {
  to       = fediversity_dns_record_set.host
  identity = { zone = "0/26.113.0.203.in-addr.arpa", name = "9", type = "PTR" }
}
