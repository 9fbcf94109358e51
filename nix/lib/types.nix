# Types of options.
{ lib }:
let
  inherit (lib) mergeEqualOption mergeOneOption showOption;

  mkOptionType =
    {
      name,
      description ? name,
      check ? (_: true),
      merge ? mergeEqualOption,
      nestedTypes ? { },
      getSubOptions ? (_: { }),
    }:
    {
      _type = "option-type";
      inherit
        name
        description
        check
        merge
        nestedTypes
        getSubOptions
        ;
    };

  # The merged value of definitions of one place within an option.
  mergeAt =
    loc: type: definitions:
    let
      option = lib.evalModules {
        prefix = lib.init loc;
        modules = [ { options.${lib.last loc} = lib.mkOption { inherit type; }; } ]
        ++ map (definition: {
          _file = definition.file;
          config.${lib.last loc} = definition.value;
        }) definitions;
      };
    in
    option.config.${lib.last loc};

  checked = type: description: predicate: type // { inherit description; check = x: type.check x && predicate x; };

  between =
    low: high:
    checked types.int
      "integer between ${toString low} and ${toString high} (both inclusive)"
      (x: x >= low && x <= high)
    // {
      name = "intBetween";
    };
  unsignedOf = bits: high: between 0 high // {
    name = "unsignedInt${toString bits}";
    description = "${toString bits} bit unsigned integer; between 0 and ${toString high} (both inclusive)";
  };

  # Parentheses for a description of several words within another one.
  inner = type: if builtins.match ".* .*" type.description == null then type.description else "(${type.description})";

  attrsWith =
    name: description: elemType:
    mkOptionType {
      inherit name description;
      check = builtins.isAttrs;
      merge =
        loc: definitions:
        lib.zipAttrsWith (key: values: mergeAt (loc ++ [ key ]) elemType values) (
          map (
            definition: lib.mapAttrs (_: value: { inherit (definition) file; inherit value; }) definition.value
          ) definitions
        );
      nestedTypes = { inherit elemType; };
      getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "<name>" ]);
    };

  types = {
    inherit mkOptionType;

    raw = mkOptionType {
      name = "raw";
      description = "raw value";
      merge = mergeOneOption;
    };

    # Sets are merged name by name, lists not at all, all else must agree.
    anything = mkOptionType {
      name = "anything";
      merge =
        loc: definitions:
        if builtins.all (definition: builtins.isAttrs definition.value) definitions then
          (types.lazyAttrsOf types.anything).merge loc definitions
        else if builtins.any (definition: builtins.isFunction definition.value) definitions then
          mergeOneOption loc definitions
        else
          mergeEqualOption loc definitions;
    };

    bool = mkOptionType {
      name = "bool";
      description = "boolean";
      check = builtins.isBool;
    };

    int = mkOptionType {
      name = "int";
      description = "signed integer";
      check = builtins.isInt;
    };

    ints = {
      inherit between;
      unsigned = checked types.int "unsigned integer, meaning >=0" (x: x >= 0) // { name = "unsignedInt"; };
      positive = checked types.int "positive integer, meaning >0" (x: x > 0) // { name = "positiveInt"; };
      u8 = unsignedOf 8 255;
      u16 = unsignedOf 16 65535;
      u32 = unsignedOf 32 4294967295;
    };

    port = types.ints.u16;

    float = mkOptionType {
      name = "float";
      description = "floating point number";
      check = builtins.isFloat;
    };

    number = types.either types.int types.float;

    str = mkOptionType {
      name = "str";
      description = "string";
      check = builtins.isString;
    };

    nonEmptyStr = checked types.str "non-empty string" (x: builtins.match "[ \t\n]*" x == null) // {
      name = "nonEmptyStr";
    };

    strMatching =
      pattern:
      checked types.str "string matching the pattern ${pattern}" (x: builtins.match pattern x != null)
      // {
        name = "strMatching ${lib.strings.escapeNixString pattern}";
      };

    path = mkOptionType {
      name = "path";
      description = "absolute path";
      check = x: builtins.isPath x || (builtins.isString x && builtins.substring 0 1 x == "/");
    };

    enum =
      values:
      let
        show = value: if builtins.isString value then ''"${value}"'' else builtins.toJSON value;
      in
      mkOptionType {
        name = "enum";
        description =
          if values == [ ] then
            "impossible (empty enum)"
          else if builtins.length values == 1 then
            "value ${show (lib.head values)} (singular enum)"
          else
            "one of ${lib.concatMapStringsSep ", " show values}";
        check = x: builtins.elem x values;
      };

    nullOr =
      elemType:
      mkOptionType {
        name = "nullOr";
        description = "null or ${inner elemType}";
        check = x: x == null || elemType.check x;
        merge =
          loc: definitions:
          let
            nulls = builtins.filter (definition: definition.value == null) definitions;
          in
          if nulls == [ ] then
            elemType.merge loc definitions
          else if builtins.length nulls == builtins.length definitions then
            null
          else
            throw "The option `${showOption loc}' is defined both null and not null, in ${lib.showFiles (lib.getFiles definitions)}.";
        nestedTypes = { inherit elemType; };
        inherit (elemType) getSubOptions;
      };

    listOf =
      elemType:
      mkOptionType {
        name = "listOf";
        description = "list of ${inner elemType}";
        check = builtins.isList;
        merge =
          loc: definitions:
          lib.concatLists (
            lib.imap1 (
              n: definition:
              lib.imap1 (
                m: value:
                mergeAt (loc ++ [ "[definition ${toString n}-entry ${toString m}]" ]) elemType [
                  {
                    inherit (definition) file;
                    inherit value;
                  }
                ]
              ) definition.value
            ) definitions
          );
        nestedTypes = { inherit elemType; };
        getSubOptions = prefix: elemType.getSubOptions (prefix ++ [ "*" ]);
      };

    attrsOf = elemType: attrsWith "attrsOf" "attribute set of ${inner elemType}" elemType;
    lazyAttrsOf = elemType: attrsWith "lazyAttrsOf" "lazy attribute set of ${inner elemType}" elemType;

    functionTo =
      elemType:
      mkOptionType {
        name = "functionTo";
        description = "function that evaluates to a(n) ${inner elemType}";
        check = lib.isFunction;
        merge =
          loc: definitions: argument:
          mergeAt (loc ++ [ "<function body>" ]) elemType (
            map (definition: definition // { value = definition.value argument; }) definitions
          );
        nestedTypes = { inherit elemType; };
      };

    either =
      first: second:
      mkOptionType {
        name = "either";
        description = "${first.description} or ${second.description}";
        check = x: first.check x || second.check x;
        merge =
          loc: definitions:
          if builtins.all (definition: first.check definition.value) definitions then
            first.merge loc definitions
          else if builtins.all (definition: second.check definition.value) definitions then
            second.merge loc definitions
          else
            mergeOneOption loc definitions;
        nestedTypes = {
          left = first;
          right = second;
        };
      };

    oneOf =
      alternatives: lib.foldl' types.either (lib.head alternatives) (lib.tail alternatives);

    submodule =
      modules:
      let
        asList = lib.toList modules;
        bare = lib.evalModules { modules = asList; };
      in
      mkOptionType {
        name = "submodule";
        check = x: builtins.isAttrs x || lib.isFunction x || builtins.isPath x;
        merge =
          loc: definitions:
          removeAttrs
            (lib.evalModules {
              prefix = loc;
              modules =
                asList
                ++ map (definition: {
                  _file = definition.file;
                  imports = [ definition.value ];
                }) definitions;
            }).config
            [ "_module" ];
        # The same options for every prefix: a request's values are looked at one by one, and need no paths.
        getSubOptions = _: bare.options;
      };
  };
in
types
