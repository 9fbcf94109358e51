# An option of an offer: a limit that an environment may set, null for none.
{ lib }:
type: example: description:
lib.mkOption {
  type = lib.types.nullOr type;
  default = null;
  inherit example description;
}
