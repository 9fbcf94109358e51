# fediversity_proxmox_image: a disk image, ISO image or container template in a storage of Proxmox VE.
{ lib }:
let
  inherit (lib) mkOption types;
  inherit (import ../shared/timeouts.nix { inherit lib; }) timeouts;
  inherit (import ../shared/checks.nix { inherit lib; }) among listed matches;
  limit = import ../shared/limit.nix { inherit lib; };
  option =
    type: example: description:
    mkOption {
      type = types.nullOr type;
      default = null;
      inherit example description;
    };
in
{
  apiVersion = 1;

  request = {
    id = option types.str "local:import/nixos.qcow2" "Volume id, which the provider computes.";
    node = option types.nonEmptyStr "pve1" "Node that downloads or receives the file.";
    storage = option types.nonEmptyStr "local" "Storage that holds the file.";
    content = option types.nonEmptyStr "import" "What it is: `import`, `iso` or `vztmpl`.";
    file_name = option types.nonEmptyStr "nixos.qcow2" "Name of the file in the storage.";
    url = option types.nonEmptyStr "https://images.example.org/nixos.qcow2" "Where the node downloads the file.";
    path = option types.nonEmptyStr "result/nixos.qcow2" "Local file that is uploaded.";
    checksum =
      option types.nonEmptyStr "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        "Checksum of what is downloaded or uploaded.";
    compression = option types.nonEmptyStr "zst" "How the download is compressed.";
    verify_certificates = option types.bool true "Whether the node verifies the server that it downloads from.";
    adopt = option types.bool true "Whether creating may overwrite a file of that name.";
    size = option types.ints.unsigned 1073741824 "Size of the file in bytes, which the provider computes.";
    inherit timeouts;
  };

  offer = {
    allowed_storage = limit (types.listOf types.nonEmptyStr) [ "local" ] "Storage that may hold images. Any where null.";
    allowed_nodes = limit (types.listOf types.nonEmptyStr) [ "pve1" ] "Nodes that may hold images. Any where null.";
    allowed_content = limit (types.listOf types.nonEmptyStr) [ "import" ] "What images may be. Anything where null.";
    allowed_sources = limit (types.listOf types.nonEmptyStr) [
      "https://images.example.org/"
    ] "Beginnings of the URLs that images may be downloaded from. Any where null.";
    require_checksum = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = "Whether what is downloaded must have a checksum.";
    };
    require_certificates = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = "Whether the certificate of the server must be verified.";
    };
    name_pattern = limit types.nonEmptyStr "[a-z0-9.-]+" "Regular expression (POSIX, extended) that file names must match as a whole. All names where null.";
  };

  checks =
    { request, offer }:
    [
      {
        path = [ "storage" ];
        offer = "allowed_storage";
        holds = among offer.allowed_storage request.storage;
        message = "The environment allows no images in `${request.storage}`, only in: ${listed offer.allowed_storage}.";
      }
      {
        path = [ "node" ];
        offer = "allowed_nodes";
        holds = among offer.allowed_nodes request.node;
        message = "The environment allows no images on the node `${request.node}`, only on: ${listed offer.allowed_nodes}.";
      }
      {
        path = [ "content" ];
        offer = "allowed_content";
        holds = among offer.allowed_content request.content;
        message = "The environment allows no images of the kind `${request.content}`, only: ${listed offer.allowed_content}.";
      }
      {
        path = [ "url" ];
        offer = "allowed_sources";
        holds =
          offer.allowed_sources == null
          || request.url == null
          || lib.any (source: lib.hasPrefix source request.url) offer.allowed_sources;
        message = "The environment allows no downloads from `${request.url}`, only from below: ${listed offer.allowed_sources}.";
      }
      {
        path = [ "checksum" ];
        offer = "require_checksum";
        holds = !offer.require_checksum || request.url == null || request.checksum != null;
        message = "The environment asks for the checksum of what is downloaded: set `checksum`.";
      }
      {
        path = [ "verify_certificates" ];
        offer = "require_certificates";
        holds = !offer.require_certificates || request.url == null || request.verify_certificates != false;
        message = "The environment asks for verified certificates: leave `verify_certificates` out.";
      }
      (matches {
        path = [ "file_name" ];
        offer = "name_pattern";
        pattern = offer.name_pattern;
        text = request.file_name;
        what = "file names";
      })
    ];
}
