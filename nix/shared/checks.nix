# What checks of several types of resources have in common.
{ lib }:
{
  # Values as a list in a sentence.
  listed = lib.concatStringsSep ", ";

  # Whether a value is one of those that an environment allows: all are where `allowed` is null, and what was left out is.
  among = allowed: value: allowed == null || value == null || lib.elem value allowed;

  # The check that a text, of which `what` says what it is, matches a pattern as a whole. `offer` names the limit that
  # holds the pattern, null for none.
  matches =
    {
      path,
      offer,
      pattern,
      text,
      what ? "names",
    }:
    {
      inherit path offer;
      holds = pattern == null || text == null || builtins.match pattern text != null;
      message = "The environment allows only ${what} that match `${pattern}`, and `${text}` does not.";
    };
}
