# fediversity_garage_bucket: an S3 bucket in a Garage cluster.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  inherit (import ../shared/checks.nix { inherit lib; }) matches;
  limit = import ../shared/limit.nix { inherit lib; };
  size = import ../shared/size.nix { inherit lib; };
  option =
    type: example: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit example description;
    };
  object = options: types.submodule { inherit options; };
in
{
  apiVersion = 1;

  request = {
    id = option types.str "0464c69ad0c0dbc82a1244a59097cc05a5a690a8c9b5f8c6e7eefd115eac7c00" "Identifier that Garage gave the bucket.";
    aliases = option (types.listOf types.nonEmptyStr) [ "files.example.org" ] "Global aliases of the bucket.";
    website = option (object {
      enabled = option types.bool true "Whether Garage serves the bucket as a website.";
      index_document = option types.nonEmptyStr "index.html" "Document for paths that end in a slash.";
      error_document = option types.nonEmptyStr "404.html" "Document for what does not exist.";
      routing_rules = option (types.listOf types.raw) [ { redirect.host_name = "example.org"; } ] "Redirects, of which the first that applies is taken.";
    }) { index_document = "index.html"; } "How Garage serves the bucket as a website.";
    quotas = option (object {
      max_size = option size.type "50G" "Most bytes that it may hold.";
      max_objects = option types.ints.unsigned 1000000 "Most objects that it may hold.";
    }) { max_size = "50G"; } "Limits of the bucket.";
    cors_rules = option (types.listOf types.raw) [ { allowed_origins = [ "*" ]; } ] "Rules of cross-origin resource sharing.";
    lifecycle_rules = option (types.listOf types.raw) [ { expiration_days = 7; } ] "When objects expire.";
    cleanup_incomplete_uploads = option (object {
      older_than = option types.nonEmptyStr "24h" "Only uploads that were begun longer ago.";
      run = option types.int 1 "Number to raise to have it done again.";
    }) { older_than = "24h"; } "Deletes unfinished uploads once.";
    force_destroy = option types.bool true "Whether deleting the bucket deletes the objects in it, too.";
    created = option types.str "2026-11-29T20:00:00Z" "When the bucket was made, which the provider computes.";
    inherit timeouts;
  };

  offer = {
    max_size = limit size.type "100G" "Largest quota of a bucket; each bucket must have one then. No limit where null.";
    max_objects = limit types.ints.positive 10000000 "Largest quota of objects; each bucket must have one then. No limit where null.";
    alias_pattern = limit types.nonEmptyStr "[a-z0-9.-]+" "Regular expression (POSIX, extended) that aliases must match as a whole. All where null.";
    allow_website = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = "Whether buckets may be served as websites.";
    };
    allow_force_destroy = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = "Whether buckets may be deleted with the objects in them.";
    };
  };

  checks =
    { request, offer }:
    let
      quotas = if request.quotas == null then { max_size = null; max_objects = null; } else request.quotas;
    in
    [
      {
        path = [ "quotas" ];
        offer = "max_size";
        holds = offer.max_size == null || quotas.max_size != null;
        message = "The environment limits buckets to ${offer.max_size}: set `quotas.max_size` to that or less.";
      }
      {
        path = [
          "quotas"
          "max_size"
        ];
        offer = "max_size";
        holds = offer.max_size == null || quotas.max_size == null || size.atMost offer.max_size quotas.max_size;
        message = "A quota of ${quotas.max_size} is more than the environment's limit of ${offer.max_size}.";
      }
      {
        path = [ "quotas" ];
        offer = "max_objects";
        holds = offer.max_objects == null || quotas.max_objects != null;
        message = "The environment limits buckets to ${toString offer.max_objects} objects: set `quotas.max_objects` to that or less.";
      }
      {
        path = [
          "quotas"
          "max_objects"
        ];
        offer = "max_objects";
        holds = offer.max_objects == null || quotas.max_objects == null || quotas.max_objects <= offer.max_objects;
        message = "A quota of ${toString quotas.max_objects} objects is more than the environment's limit of ${toString offer.max_objects}.";
      }
      {
        path = [ "website" ];
        offer = "allow_website";
        holds = offer.allow_website || request.website == null || request.website.enabled == false;
        message = "The environment does not allow buckets to be served as websites.";
      }
      {
        path = [ "force_destroy" ];
        offer = "allow_force_destroy";
        holds = offer.allow_force_destroy || request.force_destroy != true;
        message = "The environment does not allow buckets to be deleted with the objects in them.";
      }
      (lib.optionals (offer.alias_pattern != null && request.aliases != null) (
        map (alias: matches {
          # A set in HCL: its elements have no place of their own.
          path = [ "aliases" ];
          offer = "alias_pattern";
          pattern = offer.alias_pattern;
          text = alias;
          what = "aliases";
        }) request.aliases
      ))
    ];
}
