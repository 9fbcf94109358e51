import {
  to = fediversity_garage_bucket.alice_media
  id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
}

resource "fediversity_garage_bucket" "alice_media" {
  aliases = ["alice-media", "media.example.org"]
  quotas  = { max_size = "50G" }
  cors_rules = [
    {
      allowed_origins = ["*"]
      allowed_methods = ["GET"]
    },
  ]
  lifecycle_rules = [{ id = "tmp", prefix = "tmp/", expiration_days = 7 }]
}

import {
  to = fediversity_garage_bucket.bob_pages
  id = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
}

resource "fediversity_garage_bucket" "bob_pages" {
  aliases = ["bob-pages"]
  website = { index_document = "index.html", error_document = "404.html" }
}

import {
  to = fediversity_garage_bucket.bucket_cccccccccccccccc
  id = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
}

resource "fediversity_garage_bucket" "bucket_cccccccccccccccc" {}

import {
  to = fediversity_garage_key.alice
  id = "GK000000000000000000000001"
}

resource "fediversity_garage_key" "alice" {
  name = "alice"
}

import {
  to = fediversity_garage_key.bob
  id = "GK000000000000000000000002"
}

resource "fediversity_garage_key" "bob" {
  name = "bob"
}

import {
  to = fediversity_garage_key.bob_2
  id = "GK000000000000000000000003"
}

resource "fediversity_garage_key" "bob_2" {
  name          = "bob"
  expiration    = "2100-01-01T00:00:00Z"
  create_bucket = true
}

import {
  to = fediversity_garage_bucket_access.alice_media_alice
  id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/GK000000000000000000000001"
}

resource "fediversity_garage_bucket_access" "alice_media_alice" {
  bucket_id     = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  access_key_id = "GK000000000000000000000001"
  read          = true
  write         = true
}

import {
  to = fediversity_garage_bucket_access.bob_pages_bob
  id = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/GK000000000000000000000002"
}

resource "fediversity_garage_bucket_access" "bob_pages_bob" {
  bucket_id     = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
  access_key_id = "GK000000000000000000000002"
  owner         = true
}

import {
  to = fediversity_garage_local_alias.bob_pages
  id = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/GK000000000000000000000002/pages"
}

resource "fediversity_garage_local_alias" "bob_pages" {
  bucket_id     = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
  access_key_id = "GK000000000000000000000002"
  alias         = "pages"
}
