# The hosting provider's environment: a module with the options below. Gives { errors, offer, defaults, rules, offerAt }.
{
  lib,
  interfaces,
  position,
  modules,
  # Of the flake that the environment is in.
  inputs ? { },
}:
let
  inherit (lib) mkOption types;
  show = import ./show.nix { inherit lib; };
  # What rules compare with, for modules that ask for it by this name.
  fediversity = {
    size = import ./shared/size.nix { inherit lib; };
    dnsNames = import ./shared/dns_names.nix { inherit lib; };
  };

  # The newest form of environments that is understood.
  apiVersion = 1;

  base = {
    _file = ./environment.nix;
    options = {
      apiVersion = mkOption {
        type = types.ints.positive;
        default = apiVersion;
        description = "Form of the environment, so that a newer one is not misunderstood.";
      };
      offer = lib.mapAttrs (_: interface: interface.offer) interfaces;
      defaults = lib.mapAttrs (
        type: _:
        mkOption {
          type = types.attrsOf types.raw;
          default = { };
          example = {
            ttl = 300;
          };
          description = ''
            Values for attributes of a `fediversity_${type}` that its author leaves out: a value, or a function
            of `{ request, offer }` that gives one (null: none). A path such as `"disks.*.storage"` is for every
            entry of a map; its function also gets the `path` of the place.
          '';
        }
      ) interfaces;
      rules = lib.mapAttrs (
        type: _:
        mkOption {
          type = types.attrsOf types.raw;
          default = { };
          description = ''
            Rules for each `fediversity_${type}`, by name: functions of `{ request, offer }` that give one check or a
            list of them. A check is `{ path, holds, message }`, with `warning = true` if it does not forbid.
          '';
        }
      ) interfaces;
    };
    config._module.freeformType = types.lazyAttrsOf types.anything;
  };

  evaluated = lib.evalModules {
    modules = [ base ] ++ modules;
    specialArgs = { inherit lib inputs fediversity; };
  };
  options = removeAttrs evaluated.options [ "_module" ];
  config = removeAttrs evaluated.config [ "_module" ];

  # Positions: definitions know their file only, so the line is looked up in the modules as they are written.
  written =
    module:
    let
      isFile = builtins.isPath module || builtins.isString module;
      loaded = if isFile then import module else module;
      wanted = lib.functionArgs loaded;
      known = {
        inherit lib inputs fediversity;
        inherit (evaluated) config options;
      };
      raw =
        if !lib.isFunction loaded then
          loaded
        else if lib.all (name: known ? ${name}) (lib.attrNames wanted) then
          loaded known
        else
          { };
    in
    if !builtins.isAttrs raw then
      [ ]
    else
      [ (raw.config or raw) ] ++ lib.concatMap written (raw.imports or [ ]);
  writtenModules = lib.concatMap written modules;
  # Through mkIf, mkForce and the like.
  content = x: if builtins.isAttrs x && x ? _type && x ? content then content x.content else x;
  positionIn =
    path: module:
    let
      place = content (lib.attrByPath (lib.init path) null (content module));
    in
    position.ofAttr (lib.last path) place;
  positionsOf =
    path:
    builtins.filter (found: found.file != null) (map (positionIn path) writtenModules);
  positionOf =
    path: fallback:
    let
      found = positionsOf path;
    in
    if found != [ ] then
      lib.head found
    else if fallback == [ ] then
      position.none
    else
      position.ofFile (lib.head fallback);

  leavesOf =
    path: node:
    if lib.isOption node then
      [ { inherit path; option = node; } ]
    else
      lib.concatLists (lib.mapAttrsToList (name: leavesOf (path ++ [ name ])) node);
  leaves = leavesOf [ ] options;

  mistake =
    path: files: message:
    {
      inherit path message;
      option = lib.showOption path;
    }
    // positionOf path files;

  # All definitions of one option that are wrong, or that it has no value for another reason.
  mistakesOf =
    { path, option }:
    let
      value = builtins.tryEval (builtins.deepSeq option.value true);
      definitions = builtins.tryEval (builtins.deepSeq (map (d: d.file) option.definitionsWithLocations) option.definitionsWithLocations);
      isWrong =
        definition:
        let
          fits = builtins.tryEval (option.type.check definition.value);
        in
        !fits.success || !fits.value;
      wrong = builtins.filter isWrong definitions.value;
    in
    if value.success then
      [ ]
    else if !definitions.success || wrong == [ ] then
      [ (mistake path [ ] "The option `${lib.showOption path}` cannot be evaluated." // { thrown = true; }) ]
    else
      map (
        definition:
        mistake path [ definition.file ] "The option `${lib.showOption path}` must be a value of type: ${option.type.description}, not ${show definition.value}."
      ) wrong;

  # What is defined and is no option.
  strayIn =
    path: node: value:
    if lib.isOption node || !builtins.isAttrs value then
      [ ]
    else
      lib.concatLists (
        lib.mapAttrsToList (
          name: inner:
          if node ? ${name} then
            strayIn (path ++ [ name ]) node.${name} inner
          else
            [
              (mistake (path ++ [ name ]) [ ]
                "There is no option `${lib.showOption (path ++ [ name ])}`. Known here are: ${
                  lib.concatStringsSep ", " (lib.attrNames node)
                }."
              )
            ]
        ) (removeAttrs value [ "_module" ])
      );

  tooNew =
    let
      asked = builtins.tryEval config.apiVersion;
    in
    lib.optional (asked.success && asked.value > apiVersion) (
      mistake [ "apiVersion" ] [ ]
        "The environment is written for version ${toString asked.value} of the rules, and this provider knows up to ${toString apiVersion}. Use a newer provider."
    );

  # The same for a set whose spine cannot be evaluated, such as two modules that disagree on an unknown option.
  spine = builtins.tryEval (builtins.seq config true);
in
{
  errors =
    lib.concatMap mistakesOf leaves
    ++ lib.optionals spine.success (strayIn [ ] options config)
    ++ tooNew;
  inherit (config) offer defaults rules;
  inherit config;
  # Where an option of an offer is set; of a default and a rule, too.
  at = path: positionOf path [ ];
}
