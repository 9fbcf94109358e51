# The part of nixpkgs's `lib` that this library uses, so that it evaluates where there is no nixpkgs. Names,
# arguments, results and the words of errors are those of nixpkgs; where an environment names a nixpkgs, that one
# takes the place of this.
let
  # Those of Nix's own functions that nixpkgs's `lib` hands on, and no others: what evaluates with this must evaluate
  # with that.
  handedOn = {
    inherit (builtins)
      add
      addErrorContext
      attrNames
      concatLists
      deepSeq
      elem
      elemAt
      filter
      genList
      genericClosure
      getAttr
      hasAttr
      head
      isAttrs
      isBool
      isInt
      isList
      isPath
      isString
      length
      lessThan
      listToAttrs
      pathExists
      readFile
      replaceStrings
      seq
      stringLength
      sub
      substring
      tail
      trace
      ;
  };
  strings = import ./strings.nix { inherit lib; };
  lib =
    handedOn
    // import ./attrsets.nix { inherit lib; }
    // import ./lists.nix { inherit lib; }
    // builtins.removeAttrs strings [ "escapeNixString" ]
    // import ./trivial.nix { inherit lib; }
    // import ./options.nix { inherit lib; }
    // import ./modules.nix { inherit lib; }
    // {
      inherit strings;
      types = import ./types.nix { inherit lib; };
    };
in
lib
