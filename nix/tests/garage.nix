# What an environment may say about Garage.
{ lib }:
let
  rules = environment: import ../. { inherit lib environment; };
  unknown = {
    _fediversity = "unknown";
  };
  paths =
    type: offer: config:
    map (finding: finding.path)
      ((rules { offer.${type} = offer; }).judge {
        inherit type config;
      }).errors;
  bucket = paths "garage_bucket";
  key = paths "garage_key";
  website = {
    enabled = true;
    index_document = "index.html";
    error_document = null;
    routing_rules = null;
  };
  case = name: value: expected: { inherit name value expected; };
in
[
  (case "a bucket of every attribute" (bucket { } {
    id = unknown;
    aliases = [ "media" ];
    inherit website;
    quotas = { max_size = "50G"; max_objects = 0; };
    cors_rules = [ { allowed_origins = [ "*" ]; } ];
    lifecycle_rules = [ { expiration_days = 7; } ];
    cleanup_incomplete_uploads = { older_than = "1h"; run = 2; };
    force_destroy = true;
    created = unknown;
  }) [ ])
  (case "no websites" (bucket { allow_website = false; } { inherit website; }) [ [ "website" ] ])
  (case "a website that is not served" (bucket { allow_website = false; } { website = website // { enabled = false; index_document = null; }; }) [ ])
  (case "a quota has to be there" (bucket { max_size = "10G"; } { aliases = [ "media" ]; }) [ [ "quotas" ] ])
  (case "a quota that is too large" (bucket { max_size = "10G"; } { quotas = { max_size = "10737418241"; max_objects = null; }; }) [
    [
      "quotas"
      "max_size"
    ]
  ])
  (case "names of buckets" (bucket { alias_pattern = "alice-.*"; } { aliases = [ "alice-media" "media" ]; }) [ [ "aliases" ] ])
  (case "objects are not deleted" (bucket { allow_force_destroy = false; } { force_destroy = true; }) [ [ "force_destroy" ] ])
  (case "a key of every attribute" (key { } {
    access_key_id = unknown;
    name = "app";
    expiration = "never";
    create_bucket = false;
    secret_wo = unknown;
    secret_wo_version = 1;
    secret = unknown;
    store_secret = false;
    created = unknown;
  }) [ ])
  (case "secrets in the state" (map (key { allow_stored_secrets = false; }) [
    { name = "app"; }
    { name = "app"; store_secret = true; }
    { name = "app"; store_secret = false; }
    { name = "app"; secret_wo_version = 1; }
  ]) [
    [ [ "store_secret" ] ]
    [ [ "store_secret" ] ]
    [ ]
    [ ]
  ])
  (case "keys that expire" (map (key { must_expire = true; }) [
    { name = "app"; }
    { name = "app"; expiration = "never"; }
    { name = "app"; expiration = "2030-01-01T00:00:00Z"; }
  ]) [
    [ [ "expiration" ] ]
    [ [ "expiration" ] ]
    [ ]
  ])
  (case "keys that make buckets" (key { allow_create_bucket = false; } { name = "app"; create_bucket = true; }) [ [ "create_bucket" ] ])
  (case "names that a key knows" (paths "garage_local_alias" { alias_pattern = "[a-z]+"; } { bucket_id = "b"; access_key_id = "k"; alias = "a1"; }) [
    [ "alias" ]
  ])
  (case "owners" (paths "garage_bucket_access" { allow_owner = false; } {
    bucket_id = unknown;
    access_key_id = unknown;
    read = true;
    write = false;
    owner = true;
  }) [ [ "owner" ] ])
]
