# What the provider calls. `setup`: { lib, environment, flake, places }, with paths as strings and the flake of the
# environment, if it is in one (see flake.nix). An argument is either
# { type, config }, which gives { defaults, errors, warnings, environment }, or with `rule` in addition, which gives the
# value of that one rule, so that it can fail by itself; { option } does the same for an option of the environment,
# and { } asks about the environment alone. Large numbers do not survive a way through Nix, so the
# configuration is not given back. { batch } is a list of arguments, whose answers come back as a list of JSON texts.
setup:
let
  toPath = text: if text == null then null else /. + text;
  rules = import ./. {
    lib = toPath setup.lib or null;
    environment = toPath setup.environment or null;
    inputs = if setup ? flake then (import ./flake.nix setup.flake).inputs else { };
    places = setup.places or [ ];
  };

  answer =
    argument:
    if argument ? option then
      rules.judge.option argument.option
    else if argument ? rule then
      rules.judge.rule argument
    else if !(argument ? type) || rules.errors != [ ] then
      {
        defaults = [ ];
        errors = [ ];
        warnings = [ ];
        environment = rules.errors;
      }
    else
      {
        inherit (rules.judge argument) defaults errors warnings;
        environment = [ ];
      };
in
argument:
if argument ? batch then map (each: builtins.toJSON (answer each)) argument.batch else answer argument
