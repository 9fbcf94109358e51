# Values as they are shown in messages: short, on one line, as JSON.
{ lib }:
value:
let
  most = 80;
  json = builtins.tryEval (builtins.toJSON value);
  text =
    if builtins.isFunction value then
      "a function"
    else if json.success then
      json.value
    else
      "a value that cannot be shown";
in
if builtins.stringLength text > most then "${builtins.substring 0 most text}..." else text
