{ lib }:
rec {
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    elem
    elemAt
    filter
    foldl'
    genList
    head
    length
    tail
    ;
  singleton = x: [ x ];
  optional = condition: x: if condition then [ x ] else [ ];
  optionals = condition: xs: if condition then xs else [ ];
  last = xs: builtins.elemAt xs (builtins.length xs - 1);
  init = xs: genList (elemAt xs) (length xs - 1);
  toList = x: if builtins.isList x then x else [ x ];
  imap0 = f: xs: genList (n: f n (elemAt xs n)) (length xs);
  imap1 = f: xs: genList (n: f (n + 1) (elemAt xs n)) (length xs);
  take = count: xs: genList (elemAt xs) (lib.min count (length xs));
  drop = count: xs: genList (n: elemAt xs (n + count)) (lib.max 0 (length xs - count));
  # The first element that satisfies `predicate`, else `default`.
  findFirst =
    predicate: default: xs:
    let
      found = filter predicate xs;
    in
    if found == [ ] then default else head found;
  unique = foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
  flatten = x: if builtins.isList x then concatMap flatten x else [ x ];
}
