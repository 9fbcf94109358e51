# A flake whose inputs were fetched before: { inputs, ... } and its outputs, as other flakes get it. `locks` is the
# graph of locks as `nix flake metadata` tells it, `tree` says where each input lies: { path, inputs }.
{ locks, tree }:
let
  # A node of the graph, and where it lies.
  root = {
    key = locks.root;
    inherit tree;
  };
  inputsOf = node: locks.nodes.${node.key}.inputs or { };
  # An input is the key of a node, or follows a path of inputs from the root.
  follow =
    node: name:
    let
      target = (inputsOf node).${name};
    in
    if builtins.isList target then
      builtins.foldl' follow root target
    else
      {
        key = target;
        tree = node.tree.inputs.${name};
      };

  load =
    node:
    let
      path = /. + node.tree.path;
      source = {
        outPath = node.tree.path;
      }
      // builtins.intersectAttrs {
        lastModified = null;
        narHash = null;
        rev = null;
      } (locks.nodes.${node.key}.locked or { });
      inputs = builtins.mapAttrs (name: _: load (follow node name)) (inputsOf node);
      outputs = (import (path + "/flake.nix")).outputs (inputs // { self = flake; });
      flake =
        outputs
        // source
        // {
          inherit inputs outputs;
          sourceInfo = source;
          _type = "flake";
        };
    in
    if locks.nodes.${node.key}.flake or true then flake else source;
in
load root
