# Names of DNS as rules compare them.
{ lib }:
rec {
  # In lower case and without the trailing dot.
  canonicalZone = zone: lib.removeSuffix "." (lib.toLower zone);
  # `*.example.org` stands for all that lies below; both names are canonical.
  matchesZone =
    allowed: zone:
    if lib.hasPrefix "*." allowed then lib.hasSuffix (lib.removePrefix "*" allowed) zone else zone == allowed;
}
