# The rules that a resource's configuration goes through before it is planned.
#
#   let
#     rules = import ./. { environment = ./environment.nix; };
#   in
#   rules.judge { type = "dns_record_set"; config = { zone = "example.org"; ttl = 60; ... }; }
#
# gives { config, defaults, errors, warnings }: the configuration with what the environment adds, those additions as
# [ { path, value } ], and what is wrong or worth saying as [ { path, message, file, line, ... } ]. All mistakes are told
# at once. `environment` is a module or the path of one; `lib` that of nixpkgs, or null for the stand-in.
#
# What is not known yet stands in a configuration as { _fediversity = "unknown"; }: no rule that looks at it is
# judged, and all others are.
{
  lib ? null,
  environment ? null,
  # The inputs of the flake that the environment is in, which its modules may ask for by this name.
  inputs ? { },
  # Where files lie that were copied: [ { prefix, name } ]. A file is told by the name of the place it was copied from.
  places ? [ ],
  resources ? import ./resources.nix,
}:
let
  library =
    if lib == null then
      import ./lib
    else if builtins.isAttrs lib then
      lib
    else
      import (/. + toString lib);
  interfaces = builtins.mapAttrs (_: interface: interface { lib = library; }) resources;
  position = import ./position.nix { lib = library; inherit places; };
  theirs = import ./environment.nix {
    lib = library;
    inherit interfaces position inputs;
    modules = if environment == null then [ ] else [ environment ];
  };
  judge = import ./judge.nix {
    lib = library;
    inherit interfaces position;
    environment = theirs;
  };
in
{
  inherit judge;
  # Mistakes in the environment itself, in the form of those of a configuration.
  inherit (theirs) errors;
  # What each resource may be asked for, and what an environment may say about it.
  inherit interfaces;
}
