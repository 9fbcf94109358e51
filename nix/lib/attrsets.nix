{ lib }:
rec {
  inherit (builtins)
    attrNames
    attrValues
    catAttrs
    isAttrs
    listToAttrs
    mapAttrs
    ;
  nameValuePair = name: value: { inherit name value; };
  optionalAttrs = condition: attrs: if condition then attrs else { };
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (attrNames attrs);
  mapAttrs' = f: attrs: listToAttrs (mapAttrsToList f attrs);
  filterAttrs =
    predicate: attrs:
    builtins.removeAttrs attrs (builtins.filter (name: !predicate name attrs.${name}) (attrNames attrs));
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  attrByPath =
    path: default: set:
    if path == [ ] then
      set
    else if isAttrs set && set ? ${builtins.head path} then
      attrByPath (builtins.tail path) default set.${builtins.head path}
    else
      default;
  hasAttrByPath =
    path: set:
    path == [ ]
    || (isAttrs set && set ? ${builtins.head path} && hasAttrByPath (builtins.tail path) set.${builtins.head path});
  setAttrByPath =
    path: value:
    if path == [ ] then value else { ${builtins.head path} = setAttrByPath (builtins.tail path) value; };
  # One set from several: `f name values` for each name, with the values in the order of the sets.
  zipAttrsWith = builtins.zipAttrsWith or (
    f: sets:
    genAttrs (lib.unique (builtins.concatMap attrNames sets)) (name: f name (catAttrs name sets))
  );
  recursiveUpdate =
    left: right:
    zipAttrsWith (
      _: values:
      if builtins.length values == 1 then
        builtins.head values
      else if isAttrs (builtins.elemAt values 0) && isAttrs (builtins.elemAt values 1) then
        recursiveUpdate (builtins.elemAt values 0) (builtins.elemAt values 1)
      else
        builtins.elemAt values 1
    ) [
      left
      right
    ];
}
