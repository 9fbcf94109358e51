import {
  to       = fediversity_dns_record_set.apex_ns
  identity = { name = "@", type = "NS", zone = "example.test" }
}

resource "fediversity_dns_record_set" "apex_ns" {
  zone    = "example.test"
  name    = "@"
  type    = "NS"
  records = ["ns.example.test."]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.apex_mx
  identity = { name = "@", type = "MX", zone = "example.test" }
}

resource "fediversity_dns_record_set" "apex_mx" {
  zone    = "example.test"
  name    = "@"
  type    = "MX"
  records = ["10 ns.example.test."]
  ttl     = 600
}

import {
  to       = fediversity_dns_record_set.apex_txt
  identity = { name = "@", type = "TXT", zone = "example.test" }
}

resource "fediversity_dns_record_set" "apex_txt" {
  zone    = "example.test"
  name    = "@"
  type    = "TXT"
  records = ["\"v=spf1 -all\""]
  ttl     = 3600
}

import {
  to       = fediversity_dns_record_set._0_25_ns
  identity = { name = "0/25", type = "NS", zone = "example.test" }
}

resource "fediversity_dns_record_set" "_0_25_ns" {
  zone    = "example.test"
  name    = "0/25"
  type    = "NS"
  records = ["ns.example.org."]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set._1_cname
  identity = { name = "1", type = "CNAME", zone = "example.test" }
}

resource "fediversity_dns_record_set" "_1_cname" {
  zone    = "example.test"
  name    = "1"
  type    = "CNAME"
  records = ["0.0/25.example.test."]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set._sip__tcp_srv
  identity = { name = "_sip._tcp", type = "SRV", zone = "example.test" }
}

resource "fediversity_dns_record_set" "_sip__tcp_srv" {
  zone    = "example.test"
  name    = "_sip._tcp"
  type    = "SRV"
  records = ["0 5 5060 ns.example.test."]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.a_b_a
  identity = { name = "a-b", type = "A", zone = "example.test" }
}

resource "fediversity_dns_record_set" "a_b_a" {
  zone    = "example.test"
  name    = "a-b"
  type    = "A"
  records = ["192.0.2.4"]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.a_b_txt
  identity = { name = "a_b", type = "TXT", zone = "example.test" }
}

resource "fediversity_dns_record_set" "a_b_txt" {
  zone    = "example.test"
  name    = "a_b"
  type    = "TXT"
  records = ["\"not $${interpolated}, not %%{ if } and \\\"quoted\\\" \\\\ back\""]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.a_b_txt_2
  identity = { name = "a.b", type = "TXT", zone = "example.test" }
}

resource "fediversity_dns_record_set" "a_b_txt_2" {
  zone    = "example.test"
  name    = "a.b"
  type    = "TXT"
  records = ["\"one\" \"two\""]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.ns_a
  identity = { name = "ns", type = "A", zone = "example.test" }
}

resource "fediversity_dns_record_set" "ns_a" {
  zone    = "example.test"
  name    = "ns"
  type    = "A"
  records = ["127.0.0.1"]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.odd_type65280
  identity = { name = "odd", type = "TYPE65280", zone = "example.test" }
}

resource "fediversity_dns_record_set" "odd_type65280" {
  zone    = "example.test"
  name    = "odd"
  type    = "TYPE65280"
  records = ["\\# 4 00010203"]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.wild_a
  identity = { name = "*.wild", type = "A", zone = "example.test" }
}

resource "fediversity_dns_record_set" "wild_a" {
  zone    = "example.test"
  name    = "*.wild"
  type    = "A"
  records = ["192.0.2.3"]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.www_a
  identity = { name = "www", type = "A", zone = "example.test" }
}

resource "fediversity_dns_record_set" "www_a" {
  zone    = "example.test"
  name    = "www"
  type    = "A"
  records = ["192.0.2.1", "192.0.2.2"]
  ttl     = 120
}

import {
  to       = fediversity_dns_record_set.www_aaaa
  identity = { name = "www", type = "AAAA", zone = "example.test" }
}

resource "fediversity_dns_record_set" "www_aaaa" {
  zone    = "example.test"
  name    = "www"
  type    = "AAAA"
  records = ["2001:db8::1"]
  ttl     = 300
}

import {
  to       = fediversity_dns_record_set.xn_bcher_kva_caa
  identity = { name = "xn--bcher-kva", type = "CAA", zone = "example.test" }
}

resource "fediversity_dns_record_set" "xn_bcher_kva_caa" {
  zone    = "example.test"
  name    = "xn--bcher-kva"
  type    = "CAA"
  records = ["0 issue \"ca.example.org\""]
  ttl     = 300
}
