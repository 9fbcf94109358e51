{ lib }:
rec {
  inherit (builtins)
    concatStringsSep
    isString
    replaceStrings
    stringLength
    substring
    ;
  concatMapStringsSep =
    separator: f: xs:
    concatStringsSep separator (map f xs);
  concatStrings = concatStringsSep "";
  optionalString = condition: text: if condition then text else "";
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      rest = stringLength text - stringLength suffix;
    in
    rest >= 0 && substring rest (stringLength suffix) text == suffix;
  hasInfix = infix: text: builtins.length (splitString infix text) > 1;
  removePrefix =
    prefix: text:
    if hasPrefix prefix text then
      substring (stringLength prefix) (stringLength text - stringLength prefix) text
    else
      text;
  removeSuffix =
    suffix: text:
    if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  stringToCharacters = text: builtins.genList (n: substring n 1 text) (stringLength text);
  escape = characters: replaceStrings characters (map (c: "\\${c}") characters);
  escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
  splitString =
    separator: text:
    builtins.filter isString (builtins.split (escapeRegex separator) text);
  toLower = replaceStrings (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (stringToCharacters "abcdefghijklmnopqrstuvwxyz");
  boolToString = value: if value then "true" else "false";
  toInt =
    text:
    let
      value = builtins.fromJSON text;
    in
    if builtins.match "-?[0-9]+" text != null && builtins.match "-?0[0-9]+" text == null then
      value
    else
      throw "Could not convert ${escapeNixString text} to int.";
  escapeNixString = text: escape [ "$" ] (builtins.toJSON text);
}
