# What is used of nixpkgs's lib.
{ lib }:
let
  inherit (lib) mkOption types;
  eval = modules: removeAttrs (lib.evalModules { inherit modules; }).config [ "_module" ];
  typed =
    type: definitions:
    (eval ([ { options.x = mkOption { inherit type; }; } ] ++ map (x: { config.x = x; }) definitions)).x;
  case = name: value: expected: { inherit name value expected; };
in
[
  (case "default" (eval [ { options.a = mkOption { type = types.int; default = 1; }; } ]) { a = 1; })
  (case "definition over default" (eval [
    { options.a = mkOption { type = types.int; default = 1; }; }
    { a = 2; }
  ]) { a = 2; })
  (case "priorities" (eval [
    { options.a = mkOption { type = types.int; }; }
    { a = lib.mkDefault 1; }
    { a = lib.mkForce 3; }
    { a = 2; }
  ]) { a = 3; })
  (case "conflict" (typed types.int [ 1 2 ]) "throws")
  (case "agreement" (typed types.int [ 1 1 ]) 1)
  (case "wrong type" (typed types.int [ "1" ]) "throws")
  (case "no value" (typed types.int [ ]) "throws")
  (case "unknown option" (eval [ { a = 1; } ]) "throws")
  (case "freeform" (eval [
    { config._module.freeformType = types.lazyAttrsOf types.anything; }
    { a.b = 1; }
    { a.c = 2; }
  ]) { a = { b = 1; c = 2; }; })
  (case "mkIf and mkMerge" (typed (types.listOf types.int) [
    (lib.mkIf false [ 1 ])
    (lib.mkMerge [ [ 2 ] (lib.mkIf true [ 3 ]) ])
  ]) [ 2 3 ])
  (case "mkIf around a set" (eval [
    { options.a.b = mkOption { type = types.int; default = 0; }; }
    { config = lib.mkIf true { a.b = 5; }; }
  ]) { a.b = 5; })
  (case "config refers to itself" (eval [
    { options = { a = mkOption { type = types.int; }; b = mkOption { type = types.int; }; }; }
    ({ config, ... }: { a = 1; b = config.a + 1; })
  ]) { a = 1; b = 2; })
  (case "imports" (eval [ { imports = [ { options.a = mkOption { type = types.int; default = 4; }; } ]; } ]) { a = 4; })
  (case "nullOr" (typed (types.nullOr types.int) [ null ]) null)
  (case "nullOr in conflict" (typed (types.nullOr types.int) [ null 1 ]) "throws")
  (case "listOf" (typed (types.listOf types.str) [ [ "a" ] [ "b" ] ]) [ "a" "b" ])
  (case "listOf wrong" (typed (types.listOf types.str) [ [ 1 ] ]) "throws")
  (case "attrsOf" (typed (types.attrsOf types.int) [ { a = 1; } { b = 2; } ]) { a = 1; b = 2; })
  (case "attrsOf conflict" (typed (types.attrsOf types.int) [ { a = 1; } { a = 2; } ]) "throws")
  (case "submodule" (typed (types.submodule { options.y = mkOption { type = types.int; default = 7; }; }) [ { } ]) { y = 7; })
  (case "submodule unknown" (typed (types.submodule { options.y = mkOption { type = types.int; default = 7; }; }) [ { z = 1; } ]) "throws")
  (case "either" (typed (types.either types.int types.str) [ "a" ]) "a")
  (case "either wrong" (typed (types.either types.int types.str) [ true ]) "throws")
  (case "enum" (typed (types.enum [ "a" "b" ]) [ "b" ]) "b")
  (case "enum wrong" (typed (types.enum [ "a" "b" ]) [ "c" ]) "throws")
  (case "strMatching" (typed (types.strMatching "[a-z]+") [ "A" ]) "throws")
  (case "ints.between" (typed (types.ints.between 1 3) [ 4 ]) "throws")
  (case "ints.positive" (typed types.ints.positive [ 0 ]) "throws")
  (case "port" (typed types.port [ 65536 ]) "throws")
  (case "functionTo" ((typed (types.functionTo types.int) [ (x: x + 1) ]) 1) 2)
  (case "descriptions" (map (type: type.description) [
    types.int
    types.str
    types.nonEmptyStr
    types.bool
    types.ints.positive
    types.ints.unsigned
    (types.ints.between 0 9)
  ]) [
    "signed integer"
    "string"
    "non-empty string"
    "boolean"
    "positive integer, meaning >0"
    "unsigned integer, meaning >=0"
    "integer between 0 and 9 (both inclusive)"
  ])
  (case "strings" [
    (lib.hasPrefix "a" "ab")
    (lib.hasSuffix "b" "ab")
    (lib.hasInfix "x" "axb")
    (lib.removePrefix "a" "ab")
    (lib.removeSuffix "b" "ab")
    (lib.splitString "." "a.b.c")
    (lib.toLower "ABC")
  ] [ true true true "b" "a" [ "a" "b" "c" ] "abc" ])
  (case "sets" [
    (lib.attrByPath [ "a" "b" ] 0 { a.b = 1; })
    (lib.filterAttrs (_: v: v > 1) { a = 1; b = 2; })
    (lib.recursiveUpdate { a.b = 1; } { a.c = 2; })
    (lib.showOption [ "a" "b c" ])
  ] [ 1 { b = 2; } { a = { b = 1; c = 2; }; } "a.\"b c\"" ])
]
