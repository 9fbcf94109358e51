# fediversity_garage_key: an access key of a Garage cluster.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  inherit (import ../shared/checks.nix { inherit lib; }) matches;
  limit = import ../shared/limit.nix { inherit lib; };
in
{
  apiVersion = 1;

  request = {
    access_key_id = mkOption {
      type = types.nonEmptyStr;
      description = "Identifier of the key, drawn by the provider where it is left out.";
      example = "GK31c2f218a2e44f485b94239e";
    };
    name = mkOption {
      type = types.str;
      description = "Name of the key.";
      example = "alice-social";
    };
    expiration = mkOption {
      type = types.nonEmptyStr;
      description = "When the key stops working (RFC 3339), or `never`.";
      example = "2030-01-01T00:00:00Z";
    };
    create_bucket = mkOption {
      type = types.bool;
      description = "Whether the key may make buckets by S3.";
      example = true;
    };
    secret_wo = mkOption {
      type = types.raw;
      description = "Secret of the key, which is never stored.";
      example = "obviously-fake-secret";
    };
    secret_wo_version = mkOption {
      type = types.int;
      description = "Number to raise whenever `secret_wo` changes.";
      example = 1;
    };
    secret = mkOption {
      type = types.raw;
      description = "Secret of the key, which the provider computes.";
      example = "obviously-fake-secret";
    };
    created = mkOption {
      type = types.str;
      description = "When the key was made, which the provider computes.";
      example = "2026-11-29T20:00:00Z";
    };
    store_secret = mkOption {
      type = types.bool;
      description = "Whether the secret is kept in the state.";
      example = false;
    };
    inherit timeouts;
  };

  offer = {
    name_pattern = limit types.nonEmptyStr "[a-z0-9-]+" "Regular expression (POSIX, extended) that names must match as a whole. All names where null.";
    allow_stored_secrets = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = "Whether secrets of keys may be kept in the state.";
    };
    allow_create_bucket = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = "Whether keys may make buckets by S3. The rules for buckets do not see those.";
    };
    must_expire = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = "Whether each key has to have a day on which it stops working.";
    };
  };

  checks =
    { request, offer }:
    [
      (matches {
        path = [ "name" ];
        offer = "name_pattern";
        pattern = offer.name_pattern;
        text = request.name;
      })
      {
        path = [ "store_secret" ];
        offer = "allow_stored_secrets";
        holds = offer.allow_stored_secrets || request.store_secret == false || request.secret_wo_version != null;
        message = "The environment does not allow secrets in the state: set `store_secret = false`, and take the secret from the ephemeral resource.";
      }
      {
        path = [ "create_bucket" ];
        offer = "allow_create_bucket";
        holds = offer.allow_create_bucket || request.create_bucket != true;
        message = "The environment does not allow keys to make buckets by S3.";
      }
      {
        path = [ "expiration" ];
        offer = "must_expire";
        holds = !offer.must_expire || (request.expiration != null && request.expiration != "never");
        message = "The environment wants each key to stop working one day: set `expiration`.";
      }
    ];
}
