# What holds for every resource, and how sizes and zones compare.
{ lib }:
let
  interfaces = lib.mapAttrs (_: interface: interface { inherit lib; }) (import ../resources.nix);
  size = import ../shared/size.nix { inherit lib; };
  names = import ../shared/dns_names.nix { inherit lib; };
  case = name: value: expected: { inherit name value expected; };
  options =
    path: set:
    lib.concatLists (
      lib.mapAttrsToList (name: option: [ { path = path ++ [ name ]; inherit option; } ]) (removeAttrs set [ "_module" ])
    );
  # An option says what it is for, and shows how it is set.
  incomplete =
    type: interface:
    map (found: lib.showOption found.path) (
      builtins.filter (
        found: !(found.option ? type && found.option ? description && (found.option ? example || found.option ? default))
      ) (options [ type "request" ] (removeAttrs interface.request [ "timeouts" ]) ++ options [ type "offer" ] interface.offer)
    );
  nothing = interface: lib.mapAttrs (_: _: null) interface.request;
  offered = interface: lib.mapAttrs (_: option: option.default) interface.offer;
in
[
  (case "options are complete" (lib.concatLists (lib.mapAttrsToList incomplete interfaces)) [ ])
  (case "offers have defaults" (lib.all (interface: lib.all (option: option ? default) (lib.attrValues interface.offer)) (lib.attrValues interfaces)) true)
  (case "the built-in environment forbids nothing" (lib.filterAttrs (
    _: interface:
    !lib.all (check: check.holds) (
      lib.flatten (
        interface.checks {
          request = nothing interface;
          offer = offered interface;
        }
      )
    )
  ) interfaces) { })
  (case "sizes" (map size.bytesOf [ "512M" "40G" "40GiB" "40GB" "7" "08B" "1T" "x" ]) [
    536870912
    42949672960
    42949672960
    40000000000
    7
    8
    1099511627776
    null
  ])
  (case "at most" (map (size.atMost "4GB") [ "4G" "4GB" "3999999999" ]) [ false true true ])
  (case "zones" [
    (names.matchesZone "example.org" (names.canonicalZone "Example.ORG."))
    (names.matchesZone "*.example.org" "a.example.org")
    (names.matchesZone "*.example.org" "example.org")
    (names.matchesZone "*.example.org" "aexample.org")
  ] [ true true false false ])
]
