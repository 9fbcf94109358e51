# Names: every VM is called OPERATOR-APPLICATION, and records only have such names or those that mail needs.
{ lib, ... }:
let
  operators = [
    "alice"
    "bob"
  ];
  pattern = "(${lib.concatStringsSep "|" operators})-[a-z0-9]+";
in
{
  rules.proxmox_vm.naming =
    { request, ... }:
    {
      path = [ "name" ];
      holds = request.name != null && builtins.match pattern request.name != null;
      message = "A VM is called OPERATOR-APPLICATION, with an operator that we have: ${lib.concatStringsSep ", " operators}.";
    };

  rules.dns_record_set.naming =
    { request, ... }:
    {
      path = [ "name" ];
      holds = request.type != "A" && request.type != "AAAA" || builtins.match pattern request.name != null;
      message = "An address has the name of its VM, OPERATOR-APPLICATION, and not `${request.name}`.";
    };
}
