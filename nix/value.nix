# A value that is written in Nix, for people who want it elsewhere. `setup`: { lib, file, flake, attribute }, with either
# the path of a file or a flake (see flake.nix). `argument`: { arguments }, or { } where there are none. A function in the
# file, or else the one that `attribute` leads to, is applied to them.
setup:
let
  library = if setup ? lib then import (/. + setup.lib) else import ./lib;
  root = if setup ? flake then import ./flake.nix setup.flake else import (/. + setup.file);
  select =
    from: path:
    let
      name = builtins.head path;
    in
    if path == [ ] then
      from
    else if !builtins.isAttrs from then
      throw "`${name}` is asked of something that is no set"
    else if !(from ? ${name}) then
      throw "there is no attribute `${name}`; there are: ${builtins.concatStringsSep ", " (builtins.attrNames from)}"
    else
      select from.${name} (builtins.tail path);
  apply =
    function: argument:
    let
      wanted = builtins.functionArgs function;
      # Whoever asks for nixpkgs's lib gets it.
      given = (if wanted ? lib then { lib = library; } else { }) // argument.arguments or { };
    in
    if argument ? arguments || wanted != { } then
      function given
    else
      throw "it is a function: give it `arguments`";
  isFunction = value: builtins.isFunction value || (builtins.isAttrs value && value ? __functor);
in
argument:
let
  called = isFunction root;
  selected = select (if called then apply root argument else root) setup.attribute;
in
if isFunction selected then
  if called then throw "it is a function that a function has given" else apply selected argument
else if argument ? arguments && !called then
  throw "it is no function, so it takes no `arguments`"
else
  selected
