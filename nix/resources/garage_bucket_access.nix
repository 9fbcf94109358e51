# fediversity_garage_bucket_access: what a key may do with a bucket of a Garage cluster.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  option =
    type: example: description:
    mkOption { inherit type example description; };
in
{
  apiVersion = 1;

  request = {
    bucket_id = option types.nonEmptyStr "b4018dc61b27ccb5" "Identifier of the bucket.";
    access_key_id = option types.nonEmptyStr "GK31c2f218a2e44f485b94239e" "Identifier of the key.";
    read = option types.bool true "Whether the key may read.";
    write = option types.bool true "Whether the key may write.";
    owner = option types.bool false "Whether the key may change the bucket itself.";
    inherit timeouts;
  };

  offer = {
    allow_owner = mkOption {
      type = types.bool;
      default = true;
      example = false;
      description = "Whether keys may own buckets.";
    };
  };

  checks =
    { request, offer }:
    [
      {
        path = [ "owner" ];
        offer = "allow_owner";
        holds = offer.allow_owner || request.owner != true;
        message = "The environment does not allow keys to own buckets.";
      }
    ];
}
