# The library's own tests: a list of what failed, empty where all is well. `lib` is that of nixpkgs, or null for the
# stand-in; both must give the same.
{
  lib ? null,
}:
let
  library = if lib == null then import ../lib else import (/. + lib);
  cases = import ./lib.nix { lib = library; } ++ import ./rules.nix { inherit lib; } ++ import ./garage.nix { inherit lib; } ++ import ./proxmox.nix { inherit lib; } ++ import ./resources.nix { lib = library; };
  run =
    {
      name,
      value,
      expected,
    }:
    let
      got = builtins.tryEval (builtins.deepSeq value value);
      right = if expected == "throws" then !got.success else got.success && got.value == expected;
    in
    if right then
      [ ]
    else
      [
        {
          inherit name expected;
          got = if got.success then got.value else "throws";
        }
      ];
in
builtins.concatMap run cases
