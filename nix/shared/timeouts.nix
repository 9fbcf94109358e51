# The `timeouts` of every resource.
{ lib }:
let
  inherit (lib) mkOption types;
  timeout =
    operation:
    mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Longest time that ${operation} may take.";
      example = "10m";
    };
in
{
  timeouts = mkOption {
    type = types.submodule {
      options = {
        create = timeout "creating";
        read = timeout "reading";
        update = timeout "a change";
        delete = timeout "deleting";
      };
    };
    description = "How long each operation may take.";
    example = {
      create = "10m";
    };
  };
}
