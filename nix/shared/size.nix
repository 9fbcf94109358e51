# Sizes as HCL writes them: "512M", "1.5G" and "40GiB" count in 1024, "40GB" in 1000, a bare number is bytes.
{ lib }:
let
  powers = {
    K = 1;
    M = 2;
    G = 3;
    T = 4;
    P = 5;
  };
  pattern = "([0-9]+(\\.[0-9]+)?)(([KMGTP](i?B)?)|B)?";
  power = base: exponent: if exponent == 0 then 1 else base * power base (exponent - 1);
  # Digits without leading zeros, so that they are a number for JSON, too.
  number = digits: builtins.fromJSON (builtins.head (builtins.match "0*([0-9].*)" digits));
in
rec {
  isSize = text: builtins.match pattern text != null;
  # In bytes; null for what is no size.
  bytesOf =
    text:
    let
      parts = builtins.match pattern text;
      part = builtins.elemAt parts;
      base = if part 4 == "B" then 1000 else 1024;
    in
    if parts == null then
      null
    else if part 3 == null then
      number (part 0)
    else
      number (part 0) * power base powers.${builtins.substring 0 1 (part 3)};
  # Whether `text` is at most `limit`, both sizes. What is none is for its type to refuse.
  atMost =
    limit: text:
    let
      size = bytesOf text;
    in
    size == null || size <= bytesOf limit;
  type = lib.types.strMatching "[0-9]+(\\.[0-9]+)?([KMGTP](i?B)?|B)?";
}
