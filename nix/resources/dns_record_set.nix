# fediversity_dns_record_set: all records of one type at one name of a zone.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  inherit (import ../shared/dns_names.nix { inherit lib; }) matchesZone canonicalZone;
  inherit (import ../shared/checks.nix { inherit lib; }) matches;
  limit = import ../shared/limit.nix { inherit lib; };
in
{
  apiVersion = 1;

  request = {
    zone = mkOption {
      type = types.nonEmptyStr;
      description = "Zone that holds the set.";
      example = "example.org";
    };
    name = mkOption {
      type = types.nonEmptyStr;
      description = "Name of the records relative to the zone; `@` is the zone itself.";
      example = "social";
    };
    type = mkOption {
      type = types.nonEmptyStr;
      description = "Type of the records.";
      example = "AAAA";
    };
    ttl = mkOption {
      type = types.ints.between 0 2147483647;
      description = "Time to live in seconds (RFC 2181, section 8).";
      example = 300;
    };
    records = mkOption {
      type = types.listOf types.str;
      description = "Data of each record as in a zone file.";
      example = [ "203.0.113.9" ];
    };
    adopt = mkOption {
      type = types.bool;
      description = "Whether creating may take over a set that exists already.";
      example = true;
    };
    fqdn = mkOption {
      type = types.str;
      description = "Absolute name of the records, which the provider computes.";
      example = "social.example.org.";
    };
    inherit timeouts;
  };

  offer = {
    allowed_zones = limit (types.listOf types.nonEmptyStr) [
      "example.org"
      "*.customers.example.net"
    ] "Zones in which records may be managed; `*.example.org` stands for all zones below. All zones where null.";
    allowed_types = limit (types.listOf types.nonEmptyStr) [
      "A"
      "AAAA"
    ] "Types that records may have. All types where null.";
    min_ttl = limit types.ints.unsigned 60 "Shortest time to live, in seconds. No limit where null.";
    max_ttl = limit types.ints.unsigned 86400 "Longest time to live, in seconds. No limit where null.";
    max_records = limit types.ints.positive 32 "Most records in one set. No limit where null.";
    name_pattern = limit types.nonEmptyStr "@|[a-z0-9.-]+" "Regular expression (POSIX, extended) that names must match as a whole. All names where null.";
  };

  checks =
    { request, offer }:
    let
      allowedZones = map canonicalZone offer.allowed_zones;
      upper = lib.replaceStrings (lib.stringToCharacters "abcdefghijklmnopqrstuvwxyz") (lib.stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    in
    [
      {
        path = [ "zone" ];
        offer = "allowed_zones";
        holds =
          offer.allowed_zones == null
          || request.zone == null
          || lib.any (allowed: matchesZone allowed (canonicalZone request.zone)) allowedZones;
        message = "The environment allows no records in the zone `${request.zone}`, only in: ${lib.concatStringsSep ", " offer.allowed_zones}.";
      }
      {
        path = [ "type" ];
        offer = "allowed_types";
        holds =
          offer.allowed_types == null || request.type == null || lib.elem (upper request.type) (map upper offer.allowed_types);
        message = "The environment allows no records of the type `${request.type}`, only of: ${lib.concatStringsSep ", " offer.allowed_types}.";
      }
      {
        path = [ "ttl" ];
        offer = "min_ttl";
        holds = offer.min_ttl == null || request.ttl == null || request.ttl >= offer.min_ttl;
        message = "A TTL of ${toString request.ttl} seconds is below the environment's limit of ${toString offer.min_ttl}.";
      }
      {
        path = [ "ttl" ];
        offer = "max_ttl";
        holds = offer.max_ttl == null || request.ttl == null || request.ttl <= offer.max_ttl;
        message = "A TTL of ${toString request.ttl} seconds is above the environment's limit of ${toString offer.max_ttl}.";
      }
      {
        path = [ "records" ];
        offer = "max_records";
        holds =
          offer.max_records == null || request.records == null || lib.length request.records <= offer.max_records;
        message = "${toString (lib.length request.records)} records are more than the environment's limit of ${toString offer.max_records} in a set.";
      }
      (matches {
        path = [ "name" ];
        offer = "name_pattern";
        pattern = offer.name_pattern;
        text = request.name;
      })
    ];
}
