# evalModules and the properties of definitions.
{ lib }:
let
  defaultOverridePriority = 100;
  optionDefaultPriority = 1500;

  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };

  isProperty = x: builtins.isAttrs x && x ? _type;

  # A module in any form as { file, imports, options, config }.
  loadModule =
    args: fallbackFile: module:
    if builtins.isPath module || builtins.isString module then
      normalize args (toString module) (import module)
    else
      normalize args fallbackFile module;

  normalize =
    args: file: module:
    if lib.isFunction module then
      let
        wanted = lib.functionArgs module;
        # An argument is looked at when it is used, so that `config` may be among them.
        given = args // lib.mapAttrs (name: _: args.${name} or args.config._module.args.${name}) wanted;
      in
      normalize args file (module given)
    else if !builtins.isAttrs module then
      throw "Module `${file}' is not a set or a function that gives one."
    else
      let
        place = module._file or file;
        keys = [
          "_file"
          "_class"
          "key"
          "imports"
          "disabledModules"
          "options"
          "config"
          "meta"
          "freeformType"
        ];
        rest = removeAttrs module keys;
      in
      if module ? options || module ? config then
        if rest != { } then
          throw "Module `${place}' has an unsupported attribute `${lib.head (lib.attrNames rest)}'. This is caused by introducing a top-level `config' or `options' attribute. Add configuration attributes immediately on the top level instead, or move all of them into the explicit `config' attribute."
        else
          {
            file = place;
            imports = module.imports or [ ];
            options = module.options or { };
            config = withFreeform module (module.config or { });
          }
      else
        {
          file = place;
          imports = module.imports or [ ];
          options = { };
          config = withFreeform module (
            removeAttrs module [
              "_file"
              "_class"
              "key"
              "imports"
              "disabledModules"
              "freeformType"
            ]
          );
        };

  withFreeform =
    module: config:
    if module ? freeformType then
      lib.mkMerge [
        config
        { _module.freeformType = module.freeformType; }
      ]
    else
      config;

  # All modules that are imported, each file once.
  collect =
    args: modules:
    let
      visit =
        seen: fallback: module:
        let
          isFile = builtins.isPath module || builtins.isString module;
          key = if isFile then toString module else null;
        in
        if key != null && builtins.elem key seen.keys then
          seen
        else
          let
            loaded = loadModule args fallback module;
            imported = lib.foldl' (state: import': visit state loaded.file import') (
              seen // { keys = seen.keys ++ lib.optional (key != null) key; }
            ) loaded.imports;
          in
          imported // { modules = imported.modules ++ [ loaded ]; };
      start = {
        keys = [ ];
        modules = [ ];
      };
      visited = lib.foldl' (state: module: visit state "<unknown-file>" module) start modules;
    in
    visited.modules;

  # Properties around a set are moved to what is in it, so that its names can be seen.
  pushDown =
    config:
    if !isProperty config then
      [ config ]
    else if config._type == "merge" then
      lib.concatMap pushDown config.contents
    else if config._type == "if" then
      map (lib.mapAttrs (_: value: lib.mkIf config.condition value)) (pushDown config.content)
    else if config._type == "override" then
      map (lib.mapAttrs (_: value: mkOverride config.priority value)) (pushDown config.content)
    else
      [ config ];

  # The plain values in a definition, with their priorities.
  discharge =
    value:
    if !isProperty value then
      [ { inherit value; } ]
    else if value._type == "merge" then
      lib.concatMap discharge value.contents
    else if value._type == "if" then
      if builtins.isBool value.condition then
        lib.optionals value.condition (discharge value.content)
      else
        throw "`mkIf` called with a non-Boolean condition"
    else if value._type == "override" then
      map (inner: { priority = value.priority; } // inner) (discharge value.content)
    else
      [ { inherit value; } ];

  # Of what is defined for an option, what has the highest priority.
  effective =
    definitions:
    let
      discharged = lib.concatMap (
        definition: map (inner: inner // { inherit (definition) file; }) (discharge definition.value)
      ) definitions;
      priorityOf = definition: definition.priority or defaultOverridePriority;
      highest = lib.foldl' (lowest: definition: lib.min lowest (priorityOf definition)) 9999 discharged;
    in
    {
      values = map (definition: { inherit (definition) file value; }) (
        builtins.filter (definition: priorityOf definition == highest) discharged
      );
      inherit highest;
    };

  evalOption =
    loc: declaration: definitions:
    let
      type = declaration.type or lib.types.anything;
      default = lib.optional (declaration ? default) {
        file = declaration.file;
        value = mkOverride optionDefaultPriority declaration.default;
      };
      inherit (effective (definitions ++ default)) values highest;
      wrong = builtins.filter (definition: !type.check definition.value) values;
      merged =
        if values == [ ] then
          throw "The option `${lib.showOption loc}' was accessed but has no value defined. Try setting the option."
        else if wrong == [ ] then
          type.merge loc values
        else
          throw "A definition for option `${lib.showOption loc}' is not of type `${type.description}'. Definition values:${lib.showDefs wrong}";
    in
    declaration
    // {
      _type = "option";
      inherit loc type;
      value = if declaration ? apply then declaration.apply merged else merged;
      highestPrio = highest;
      isDefined = values != [ ];
      definitionsWithLocations = values;
      definitions = map (definition: definition.value) values;
      files = map (definition: definition.file) values;
      declarations = [ declaration.file ];
    };

  # The tree of options, and of the values that stand at their places.
  merge =
    loc: declared: defined:
    let
      # declared: [ { file, options } ]; defined: [ { file, config } ]
      declaredBy = lib.zipAttrsWith (_: values: values) (
        map (
          module: lib.mapAttrs (_: options: { inherit (module) file; inherit options; }) module.options
        ) declared
      );
      definedBy = lib.zipAttrsWith (_: values: values) (
        lib.concatMap (
          module:
          map (
            config:
            if builtins.isAttrs config then
              lib.mapAttrs (_: value: { inherit (module) file; inherit value; }) config
            else
              throw "Expected a set for `${lib.showOption loc}' in `${module.file}'."
          ) (pushDown module.config)
        ) defined
      );
      each = lib.mapAttrs (
        name: declarations:
        let
          path = loc ++ [ name ];
          definitions = definedBy.${name} or [ ];
          leaves = builtins.filter (declaration: lib.isOption declaration.options) declarations;
        in
        if leaves == [ ] then
          merge path declarations (
            map (definition: {
              inherit (definition) file;
              config = definition.value;
            }) definitions
          )
        else if builtins.length declarations > 1 then
          throw "The option `${lib.showOption path}' in `${(builtins.elemAt declarations 1).file}' is already declared in ${
            lib.showFiles [ (lib.head declarations).file ]
          }."
        else
          {
            options = evalOption path ((lib.head leaves).options // { inherit (lib.head leaves) file; }) definitions;
            unmatched = [ ];
          }
      ) declaredBy;
      undeclared = removeAttrs definedBy (lib.attrNames declaredBy);
    in
    {
      options = lib.mapAttrs (_: found: found.options) each;
      # What is defined and declared nowhere: [ { path, file, value } ].
      unmatched =
        lib.concatMap (found: found.unmatched) (lib.attrValues each)
        ++ lib.concatLists (
          lib.mapAttrsToList (
            name: definitions:
            map (definition: {
              path = loc ++ [ name ];
              inherit (definition) file value;
            }) definitions
          ) undeclared
        );
    };

  valuesOf = options: lib.mapAttrs (_: node: if lib.isOption node then node.value else valuesOf node) options;

  evalModules =
    {
      modules,
      prefix ? [ ],
      specialArgs ? { },
    }:
    let
      args = {
        inherit lib config options;
      } // specialArgs;
      internal = {
        file = "lib/modules.nix";
        imports = [ ];
        config = { };
        options._module = {
          args = lib.mkOption {
            type = lib.types.lazyAttrsOf lib.types.raw;
            default = { };
            description = "Additional arguments passed to each module.";
          };
          freeformType = lib.mkOption {
            type = lib.types.nullOr lib.types.raw;
            default = null;
            description = "Type of all that is defined and declared nowhere.";
          };
          check = lib.mkOption {
            type = lib.types.bool;
            default = true;
            description = "Whether to check for definitions without an option.";
          };
        };
      };
      loaded = [ internal ] ++ collect args modules;
      merged = merge prefix loaded loaded;
      inherit (merged) options unmatched;
      declared = valuesOf options;
      inherit (declared._module) freeformType;
      relative = path: lib.drop (builtins.length prefix) path;
      free = freeformType.merge prefix (
        map (definition: {
          inherit (definition) file;
          value = lib.setAttrByPath (relative definition.path) definition.value;
        }) unmatched
      );
      stray = lib.head unmatched;
      config =
        if unmatched == [ ] then
          declared
        else if freeformType != null then
          lib.recursiveUpdate free declared
        else if declared._module.check then
          throw "The option `${lib.showOption stray.path}' does not exist. Definition values:${lib.showDefs [ stray ]}"
        else
          declared;
    in
    {
      _type = "configuration";
      inherit options;
      config = removeAttrs config [ "_module" ] // { inherit (declared) _module; };
    };
in
{
  inherit evalModules mkOverride defaultOverridePriority;
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOptionDefault = mkOverride optionDefaultPriority;
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
}
