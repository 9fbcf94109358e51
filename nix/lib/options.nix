{ lib }:
rec {
  isOption = x: builtins.isAttrs x && x._type or null == "option";
  mkOption =
    {
      default ? null,
      defaultText ? null,
      example ? null,
      description ? null,
      relatedPackages ? null,
      type ? null,
      apply ? null,
      internal ? null,
      visible ? null,
      readOnly ? null,
    }@attrs:
    attrs // { _type = "option"; };
  mkEnableOption =
    name:
    mkOption {
      default = false;
      example = true;
      description = "Whether to enable ${name}.";
      type = lib.types.bool;
    };
  literalExpression = text: {
    _type = "literalExpression";
    inherit text;
  };
  # `a.b."c d"`, as it is written in a module.
  showOption =
    path:
    let
      plain = part: builtins.isString part && builtins.match "[a-zA-Z_][a-zA-Z0-9_'-]*" part != null;
      show =
        part:
        if plain part || part == "*" || part == "<name>" then
          part
        else
          builtins.toJSON part;
    in
    lib.concatMapStringsSep "." show path;
  getValues = map (definition: definition.value);
  getFiles = map (definition: definition.file);
  showFiles = files: lib.concatMapStringsSep " and " (file: "`${file}'") files;
  showDefs =
    definitions:
    lib.concatStrings (
      map (
        definition:
        let
          text = builtins.tryEval (builtins.toJSON definition.value);
        in
        "\n- In `${definition.file}'${if text.success then ": ${text.value}" else ""}"
      ) definitions
    );
  # The one value where all definitions agree.
  mergeEqualOption =
    loc: definitions:
    if definitions == [ ] then
      abort "This case should never happen."
    else if builtins.length definitions == 1 then
      (builtins.head definitions).value
    else
      (lib.foldl' (
        first: definition:
        if definition.value != first.value then
          throw "The option `${showOption loc}' has conflicting definition values:${
            showDefs [
              first
              definition
            ]
          }\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions."
        else
          first
      ) (builtins.head definitions) (builtins.tail definitions)).value;
  mergeOneOption =
    loc: definitions:
    if builtins.length definitions != 1 then
      throw "The option `${showOption loc}' is defined multiple times while it's expected to be unique.\nDefinition values:${showDefs definitions}"
    else
      (builtins.head definitions).value;
}
