# fediversity_garage_local_alias: a name for a bucket of a Garage cluster that one key alone knows.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  inherit (import ../shared/checks.nix { inherit lib; }) matches;
  limit = import ../shared/limit.nix { inherit lib; };
  option =
    type: example: description:
    mkOption { inherit type example description; };
in
{
  apiVersion = 1;

  request = {
    bucket_id = option types.nonEmptyStr "0464c69ad0c0dbc82a1244a59097cc05a5a690a8c9b5f8c6e7eefd115eac7c00" "Identifier of the bucket.";
    access_key_id = option types.nonEmptyStr "GK31c2f218a2e44f485b94239e" "Identifier of the key.";
    alias = option types.nonEmptyStr "media" "The name.";
    inherit timeouts;
  };

  offer = {
    alias_pattern = limit types.nonEmptyStr "[a-z0-9-]+" "Regular expression (POSIX, extended) that names must match as a whole. All names where null.";
  };

  checks =
    { request, offer }:
    [
      (matches {
        path = [ "alias" ];
        offer = "alias_pattern";
        pattern = offer.alias_pattern;
        text = request.alias;
      })
    ];
}
