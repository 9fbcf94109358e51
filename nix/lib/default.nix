# The part of nixpkgs's `lib` that this library uses, so that it evaluates where there is no nixpkgs. Names,
# arguments, results and the words of errors are those of nixpkgs; where an environment names a nixpkgs, that one
# takes the place of this.
let
  lib =
    builtins
    // import ./attrsets.nix { inherit lib; }
    // import ./lists.nix { inherit lib; }
    // import ./strings.nix { inherit lib; }
    // import ./trivial.nix { inherit lib; }
    // import ./options.nix { inherit lib; }
    // import ./modules.nix { inherit lib; }
    // {
      types = import ./types.nix { inherit lib; };
    };
in
lib
