# Holds a configuration against the options of a resource: `join (parts options config)`. Gives { errors, value, open }:
# `errors` with path and message, `value` in which what is unknown or wrong throws when it is looked at, and `open`,
# whether there is any such part.
{ lib }:
let
  show = import ./show.nix { inherit lib; };

  right = value: {
    inherit value;
    errors = [ ];
    open = false;
  };
  # The words never reach anybody: whoever looks at such a value is not judged.
  hidden = errors: {
    inherit errors;
    value = throw "not known";
    open = true;
  };
  wrong =
    path: message:
    hidden [
      {
        inherit path message;
      }
    ];

  marker = value: if builtins.isAttrs value then value._fediversity or null else null;

  # One result from those of the parts; `build` puts their values together.
  join = build: parts: {
    value = build (lib.mapAttrs (_: part: part.value) parts);
    errors = lib.concatMap (part: part.errors) (lib.attrValues parts);
    open = lib.any (part: part.open) (lib.attrValues parts);
  };

  joinList = parts: {
    value = map (part: part.value) parts;
    errors = lib.concatMap (part: part.errors) parts;
    open = lib.any (part: part.open) parts;
  };

  article = description: if builtins.match "(an?|one|null|value|impossible) .*" description == null then "a value of type: ${description}" else description;

  mistyped =
    sensitive: path: type: value:
    wrong path "Must be ${article type.description}${
      if sensitive then "" else ", not ${show value}"
    }.";

  # `null` stands for what was left out, and is right wherever the service or the environment may fill in.
  checkValue =
    sensitive: path: type: value:
    let
      kind = marker value;
      secret = sensitive || type.sensitive or false;
    in
    if kind == "unknown" then
      hidden [ ]
    else if kind != null then
      wrong path (
        if kind == "number" then
          "Is a number that Nix cannot hold exactly: ${value.text}."
        else if kind == "key" then
          "Has the key `_fediversity`, which is reserved."
        else
          "Holds a character that Nix cannot: U+0000."
      )
    else if value == null then
      right null
    else if type.name == "nullOr" then
      checkValue secret path type.nestedTypes.elemType value
    else if type.name == "submodule" then
      if builtins.isAttrs value then
        checkOptions secret path (type.getSubOptions [ ]) value
      else
        mistyped secret path type value
    else if type.name == "attrsOf" || type.name == "lazyAttrsOf" then
      if builtins.isAttrs value then
        join lib.id (
          lib.mapAttrs (name: checkValue secret (path ++ [ name ]) type.nestedTypes.elemType) value
        )
      else
        mistyped secret path type value
    else if type.name == "listOf" then
      if builtins.isList value then
        joinList (lib.imap0 (n: checkValue secret (path ++ [ n ]) type.nestedTypes.elemType) value)
      else
        mistyped secret path type value
    else if !type.check value then
      mistyped secret path type value
    else if builtins.isAttrs value then
      join lib.id (lib.mapAttrs (name: checkValue secret (path ++ [ name ]) lib.types.raw) value)
    else if builtins.isList value then
      joinList (lib.imap0 (n: checkValue secret (path ++ [ n ]) lib.types.raw) value)
    else
      right value;

  # Every option has a value then: null for what was left out. An attribute without an option is passed on as it
  # is: HCL has held it against the resource's schema.
  checkOptions =
    sensitive: path: options: value:
    join lib.id (partsOf sensitive path options value);

  partsOf =
    sensitive: path: allOptions: value:
    let
      options = removeAttrs allOptions [ "_module" ];
      known = lib.mapAttrs (
        name: option:
        if lib.isOption option then
          checkValue sensitive (path ++ [ name ]) option.type (value.${name} or null)
        else
          let
            inner = value.${name} or { };
          in
          checkOptions sensitive (path ++ [ name ]) option (if inner == null then { } else inner)
      ) options;
      stray = removeAttrs value (lib.attrNames options);
    in
    known // lib.mapAttrs (name: checkValue sensitive (path ++ [ name ]) lib.types.raw) stray;
in
{
  # The result for each attribute by itself, so that some can be exchanged; and one for all of them.
  parts = partsOf false [ ];
  join = join lib.id;
}
