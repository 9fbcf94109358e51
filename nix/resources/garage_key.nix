# fediversity_garage_key: an access key of a Garage cluster.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  limit = import ../shared/limit.nix { inherit lib; };
in
{
  apiVersion = 1;

  request = {
    name = mkOption {
      type = types.str;
      description = "Name of the key.";
      example = "alice-social";
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
  };

  checks =
    { request, offer }:
    [
      {
        path = [ "name" ];
        offer = "name_pattern";
        holds = offer.name_pattern == null || request.name == null || builtins.match offer.name_pattern request.name != null;
        message = "The environment allows only names that match `${offer.name_pattern}`, and `${request.name}` does not.";
      }
      {
        path = [ "store_secret" ];
        offer = "allow_stored_secrets";
        holds = offer.allow_stored_secrets || request.store_secret != true;
        message = "The environment does not allow secrets in the state: set `store_secret = false`, and take the secret from the ephemeral resource.";
      }
    ];
}
