# Judges one configuration: its types, then the environment's defaults, then the checks of the resource and
# the rules of the environment.
{
  lib,
  interfaces,
  position,
  environment,
}:
let
  check = import ./check.nix { inherit lib; };
  show = import ./show.nix { inherit lib; };

  interfaceOf =
    type:
    interfaces.${type}
      or (throw "there are no rules for resources of type `${type}`");

  # The places in a configuration that a default is for: its name is a path, in which `*` stands for every entry of a
  # map. Only what is written can lack something.
  placesOf =
    steps: config:
    let
      step = lib.head steps;
      rest = lib.tail steps;
      into = name: map (place: [ name ] ++ place) (placesOf rest (config.${name} or null));
    in
    if !builtins.isAttrs config || config ? _fediversity then
      [ ]
    else if step == "*" then
      lib.concatMap into (lib.attrNames config)
    else if rest == [ ] then
      lib.optional ((config.${step} or null) == null) [ step ]
    else
      into step;

  # What the environment has a default for and the configuration leaves out.
  defaultsOf =
    type: request: config:
    lib.concatLists (
      lib.mapAttrsToList (
        name: default:
        map (path: {
          inherit name path;
          value = builtins.tryEval (
            let
              given =
                if builtins.isFunction default then
                  default (
                    {
                      inherit request;
                      offer = environment.offer.${type};
                    }
                    # Where there may be several places.
                    // lib.optionalAttrs (lib.hasInfix "*" name) { inherit path; }
                  )
                else
                  default;
            in
            builtins.deepSeq given given
          );
        }) (placesOf (lib.splitString "." name) config)
      ) environment.defaults.${type}
    );

  # Checks become errors and warnings. What throws has looked at something that is not known or already refused;
  # where there is nothing of the kind the check itself is at fault.
  judgeCheck =
    {
      open,
      rule,
      place,
    }:
    item:
    let
      holds = builtins.tryEval item.holds;
      message = builtins.tryEval item.message;
      finding = {
        path = item.path or [ ];
        message = message.value;
        warning = item.warning or false;
      }
      // place item;
      fault = text: [
        ({
          path = [ ];
          message = text;
          warning = false;
          thrown = true;
          inherit rule;
        } // place item)
      ];
      pathIsRight = builtins.tryEval (
        let
          path = item.path or [ ];
        in
        builtins.isList path && lib.all (step: builtins.isString step || builtins.isInt step) path
      );
    in
    if !builtins.isAttrs item || !(item ? holds) || !(item ? message) then
      fault "The rule `${rule}` gave ${show item} where a check has `holds` and `message`."
    else if !holds.success then
      lib.optionals (!open) (fault "The rule `${rule}` cannot be evaluated.")
    else if !builtins.isBool holds.value then
      fault "In the rule `${rule}`, `holds` is ${show holds.value} and not true or false."
    else if holds.value then
      [ ]
    else if !pathIsRight.success || !pathIsRight.value then
      fault "In the rule `${rule}`, `path` is not a list of names."
    else if !message.success || !builtins.isString message.value then
      lib.optionals (message.success || !open) (fault "In the rule `${rule}`, `message` is no text.")
    else
      [ finding ];

  # Checks, or lists of them to any depth. Each list is looked at by itself: one that depends on something unknown
  # hides no other.
  judgeChecks =
    state: checks:
    let
      found = builtins.tryEval checks;
    in
    if !found.success then
      lib.optional (!state.open) (
        {
          path = [ ];
          message = "The rule `${state.rule}` cannot be evaluated.";
          warning = false;
          thrown = true;
          inherit (state) rule;
        }
        // state.place { }
      )
    else if builtins.isList found.value then
      lib.concatMap (judgeChecks state) found.value
    else
      judgeCheck state found.value;

  prepare =
    {
      type,
      config,
      otherwise ? { },
      ...
    }:
    let
      interface = interfaceOf type;
      parts = check.parts interface.request config;
      checked = check.join parts;
      given = defaultsOf type checked.value config;
      # A default that throws has looked at something unknown, and is then unknown itself.
      settled = builtins.filter (default: default.value.success && default.value.value != null) given;
      unsettled = builtins.filter (default: !default.value.success) given;
      unknown = {
        _fediversity = "unknown";
      };
      said = lib.filterAttrs (_: value: value != null) config;
      fill = filled: default: lib.recursiveUpdate filled (lib.setAttrByPath default.path default.fill);
      full = builtins.foldl' fill (otherwise // said) (
        map (default: default // { fill = default.value.value; }) settled
        ++ map (default: default // { fill = unknown; }) unsettled
      );
      # Only what was filled in is held against its type once more.
      changed = lib.genAttrs (lib.attrNames otherwise ++ map (default: lib.head default.path) given) (name: full.${name});
      rechecked =
        if changed == { } then
          checked
        else
          check.join (parts // builtins.intersectAttrs changed (check.parts interface.request full));
      begins = long: short: lib.take (lib.length short) long == short;
      addedErrors = lib.concatMap (
        error:
        let
          sources = builtins.filter (default: begins error.path default.path) settled;
        in
        lib.optional (sources != [ ]) (
          error
          // {
            message = "The environment's default is wrong: ${error.message}";
          }
          // environment.at [
            "defaults"
            type
            (lib.head sources).name
          ]
        )
      ) rechecked.errors;
      brokenDefaults = lib.optionals (!checked.open) (
        map (
          default:
          {
            inherit (default) path;
            message = "The environment's default cannot be evaluated.";
            thrown = true;
            rule = "defaults.${type}.${default.name}";
          }
          // environment.at [
            "defaults"
            type
            default.name
          ]
        ) unsettled
      );
      argument = {
        request = rechecked.value;
        offer = environment.offer.${type};
      };
    in
    {
      inherit
        interface
        checked
        rechecked
        argument
        full
        ;
      defaults =
        map (default: {
          inherit (default) path;
          value = default.value.value;
        }) settled
        ++ lib.optionals checked.open (
          map (default: {
            inherit (default) path;
            value = unknown;
          }) unsettled
        );
      errors = map (error: position.none // error) checked.errors ++ addedErrors ++ brokenDefaults;
    };

  judge =
    { type, ... }@asked:
    let
      prepared = prepare asked;
      inherit (prepared) interface rechecked argument;
      own = judgeChecks {
        inherit (rechecked) open;
        rule = type;
        # A check of ours that is about an offer points at where the environment makes it.
        place =
          item:
          if item ? offer then
            environment.at [
              "offer"
              type
              item.offer
            ]
          else
            position.none;
      } (interface.checks argument);
      theirs = lib.concatLists (
        lib.mapAttrsToList (
          name: rule:
          judgeChecks {
            inherit (rechecked) open;
            rule = "rules.${type}.${name}";
            place =
              item:
              let
                written = position.ofAttr "message" item;
              in
              if written.file != null then
                written
              else
                environment.at [
                  "rules"
                  type
                  name
                ];
          } (if builtins.isFunction rule then rule argument else rule)
        ) environment.rules.${type}
      );
      findings = own ++ theirs;
      withoutKind = map (finding: removeAttrs finding [ "warning" ]);
    in
    {
      config = prepared.full;
      inherit (prepared) defaults;
      errors = prepared.errors ++ withoutKind (builtins.filter (finding: !finding.warning) findings);
      warnings = withoutKind (builtins.filter (finding: finding.warning) findings);
    };

  # What a rule or a default comes to, to be evaluated where it may fail by itself.
  rule =
    { type, rule, ... }@asked:
    let
      inherit (prepare asked) argument interface;
      # The names of rules and defaults may have dots in them.
      named = kind: set: set.${lib.removePrefix "${kind}.${type}." rule} or null;
      found =
        if lib.hasPrefix "defaults." rule then
          named "defaults" environment.defaults.${type}
        else
          named "rules" environment.rules.${type};
    in
    if rule == type then
      interface.checks argument
    else if builtins.isFunction found then
      found argument
    else
      found;
in
{
  __functor = _: judge;
  inherit rule;
  option = path: lib.attrByPath path null environment.config;
}
