# The way of a configuration through the rules.
{ lib }:
let
  rules = environment: import ../. { inherit lib environment; };
  unknown = {
    _fediversity = "unknown";
  };
  base = {
    zone = "example.org";
    name = "web";
    type = "A";
    ttl = 300;
    records = [ "203.0.113.9" ];
  };
  judge =
    environment: config:
    (rules environment).judge {
      type = "dns_record_set";
      inherit config;
    };
  paths = map (finding: finding.path);
  case = name: value: expected: { inherit name value expected; };
in
[
  (case "nothing to say" (removeAttrs (judge null base) [ "config" ]) {
    defaults = [ ];
    errors = [ ];
    warnings = [ ];
  })
  (case "the configuration comes back" (judge null base).config base)
  (case "defaults come back" (judge { defaults.dns_record_set.ttl = 60; } (removeAttrs base [ "ttl" ])).config (
    base // { ttl = 60; }
  ))
  (case "null is left out" (judge { defaults.dns_record_set.ttl = 60; } (base // { ttl = null; })).defaults [
    {
      path = [ "ttl" ];
      value = 60;
    }
  ])
  (case "all mistakes" (paths (judge null { zone = 1; name = 2; records = [ 3 ]; }).errors) [
    [ "name" ]
    [
      "records"
      0
    ]
    [ "zone" ]
  ])
  (case "a limit" (paths (judge { offer.dns_record_set.max_ttl = 60; } base).errors) [ [ "ttl" ] ])
  (case "a limit on what is not known" (judge { offer.dns_record_set.max_ttl = 60; } (base // { ttl = unknown; })).errors [ ])
  (case "a warning" (paths
    (judge {
      rules.dns_record_set.short =
        { request, ... }:
        {
          path = [ "ttl" ];
          holds = request.ttl > 600;
          message = "Short.";
          warning = true;
        };
    } base).warnings
  ) [ [ "ttl" ] ])
  (case "a mistake in the environment" (paths (rules { offer.dns_record_set.max_ttl = "x"; }).errors) [
    [
      "offer"
      "dns_record_set"
      "max_ttl"
    ]
  ])
  (case "an unknown option" (paths (rules { offers = { }; }).errors) [ [ "offers" ] ])
  (case "an environment is a function, too" (paths (judge ({ lib, ... }: { offer.dns_record_set.max_ttl = lib.mkForce 1; }) base).errors)
    [ [ "ttl" ] ])
  (case "an unknown type" (judge null base // (rules null).judge { type = "nothing"; config = { }; }).errors "throws")
]
