# What checks of several types of resources have in common.
{ lib }:
rec {
  # Values as a list in a sentence.
  listed = lib.concatStringsSep ", ";

  # Whether a value is one of those that an environment allows: all are where `allowed` is null, and what was left out is.
  among = allowed: value: allowed == null || value == null || lib.elem value allowed;

  # The check that a value is one of those that an environment allows, where what is left out is for the service to
  # choose, which knows nothing of the environment: so it has to be said. `things` says what is on it.
  stated =
    {
      path,
      offer,
      allowed,
      value,
      things,
    }:
    {
      inherit path offer;
      holds = allowed == null || value != null && lib.elem value allowed;
      message =
        if value == null then
          "The environment allows ${things} only on: ${listed allowed}. Say which in `${lib.last path}`."
        else
          "The environment allows no ${things} on `${value}`, only on: ${listed allowed}.";
    };

  # The check that a text, of which `what` says what it is, matches a pattern as a whole. `offer` names the limit that
  # holds the pattern, null for none. A text that is left out matches none.
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
      holds = pattern == null || text != null && builtins.match pattern text != null;
      message =
        if text == null then
          "The environment allows only ${what} that match `${pattern}`. Set `${lib.last path}` to one that does."
        else
          "The environment allows only ${what} that match `${pattern}`, and `${text}` does not.";
    };
}
