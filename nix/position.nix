# Where something is written, as { file, line } to be told to people. Files are told by the names that people know.
{ lib, places }:
let
  nameOf =
    file:
    let
      inside = builtins.filter (place: lib.hasPrefix place.prefix file) places;
      place = builtins.head inside;
    in
    if inside == [ ] then file else place.name + lib.removePrefix place.prefix file;
  none = {
    file = null;
    line = null;
  };
in
rec {
  inherit none;
  ofFile = file: none // { file = nameOf (toString file); };
  # Of an attribute of a set, where Nix knows it.
  ofAttr =
    name: set:
    let
      found = builtins.unsafeGetAttrPos name set;
    in
    if !builtins.isAttrs set || !(set ? ${name}) || found == null then
      none
    else
      ofFile found.file // { inherit (found) line; };
}
