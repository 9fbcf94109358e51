# zone/name/type; the zone itself is named "@"
tofu import fediversity_dns_record_set.social example.org/social/A
tofu import fediversity_dns_record_set.mail example.org/@/MX
