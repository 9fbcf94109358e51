#ifndef FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_MODEL_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_MODEL_H_

// The table of fediversity_proxmox_image, and what its attributes mean.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "provider/backends/proxmox/storage.h"
#include "provider/schema/describe.h"
#include "provider/schema/diagnostics.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"
#include "resources/proxmox/rules.h"

namespace fediversity::resources {

struct ProxmoxImage {
  schema::Value<std::string> id;
  schema::Value<std::string> node;
  schema::Value<std::string> storage;
  schema::Value<std::string> content;
  schema::Value<std::string> file_name;
  schema::Value<std::string> url;
  schema::Value<std::string> path;
  schema::Value<std::string> checksum;
  schema::Value<std::string> compression;
  schema::Value<bool> verify_certificates;
  schema::Value<bool> adopt;
  schema::Value<std::int64_t> size;
  schema::Value<schema::Timeouts> timeouts;
};

// Reads "sha256:0123..."; the digits come back in lower case. nullopt where it is no such thing, or has another number
// of digits than the algorithm gives.
std::optional<proxmox::Checksum> ParseChecksum(std::string_view text);
std::string FormatChecksum(const proxmox::Checksum& checksum);

// What names of new files of a content type end in, in lower case; empty for a type that there is not.
std::span<const std::string_view> ImageEndings(std::string_view content);

// Whether the service stores a file under this name as it is: it replaces every other character.
bool IsImageFileName(std::string_view name);

constexpr schema::RuleSpec kImageFileName = {
    "must consist of at most 255 ASCII letters, digits, `_`, `-` and `.`, and not begin with `.`.",
    [](const wire::Value& value) { return IsImageFileName(value.string()); }};
constexpr schema::RuleSpec kWebUrl = {"must begin with `http://` or `https://`.",
                                      [](const wire::Value& value) {
                                        std::string_view const url = value.string();
                                        return url.starts_with("http://") || url.starts_with("https://");
                                      }};
constexpr schema::RuleSpec kChecksum = {
    "must be an algorithm (md5, sha1, sha224, sha256, sha384 or sha512), a colon and the checksum in hexadecimal, such as "
    "`sha256:` and 64 digits.",
    [](const wire::Value& value) { return ParseChecksum(value.string()).has_value(); }};

constexpr auto kProxmoxImage = schema::Describe<ProxmoxImage>(
    {.name = "fediversity_proxmox_image",
     .doc =
         "A disk image, ISO image or container template in a storage of Proxmox. The node downloads it, or it is uploaded "
         "from where OpenTofu runs. It is replaced only when its content changes.",
     .import_id = "{node}/{storage}:{content}/{file_name}",
     .identity = {"node", "storage", "content", "file_name"},
     .together = {{{schema::Together::Kind::kAtMostOne, {"url", "path"}},
                   {schema::Together::Kind::kAtMostOne, {"path", "compression"}}}}},
    schema::Attr<&ProxmoxImage::id>("id").Computed().KeepState().Doc(
        "Volume id, such as `local:import/nixos.qcow2`, by which a VM imports or mounts it."),
    schema::Attr<&ProxmoxImage::node>("node")
        .Required()
        .Check(kNameOfNodeOrStorage)
        .Doc(
            "Node that downloads or receives the file. Another node that shares the storage is no replacement."),
    schema::Attr<&ProxmoxImage::storage>("storage")
        .Required()
        .Replaces()
        .Check(kNameOfNodeOrStorage)
        .Doc("Storage that holds the file; its content types have to include `content`."),
    schema::Attr<&ProxmoxImage::content>("content")
        .DefaultOnCreate("import")
        .Replaces()
        .Check(kImageContent)
        .Doc(
            "`import` for disk images that VMs are made of, `iso` for CD images, `vztmpl` for container templates."),
    schema::Attr<&ProxmoxImage::file_name>("file_name")
        .Required()
        .Replaces()
        .Check(kImageFileName)
        .Doc(
            "Name of the file in the storage. Proxmox takes `.qcow2`, `.raw`, `.vmdk` and `.ova` for `import`, `.iso` and "
            "`.img` for `iso`, and `.tar`, `.tar.gz`, `.tar.xz`, `.tar.zst` and `.tar.bz2` for `vztmpl`."),
    schema::Attr<&ProxmoxImage::url>("url").Optional().Check(kWebUrl).Doc(
        "Where the node downloads the file. Another URL with the same checksum changes nothing; without a checksum, it "
        "stands for another content."),
    schema::Attr<&ProxmoxImage::path>("path").Optional().Doc(
        "Local file to upload, or a directory that holds one image, such as the output of a Nix build or the link `result` "
        "to it. It is read at every plan, so that a change of its content is seen."),
    schema::Attr<&ProxmoxImage::checksum>("checksum")
        .Optional()
        .Computed()
        .Check(kChecksum)
        .Doc(
            "Checksum of what is downloaded or uploaded, such as `sha256:` and 64 digits. The node checks it. For a local file "
            "it is computed where it is left out."),
    schema::Attr<&ProxmoxImage::compression>("compression")
        .Optional()
        .Doc(
            "How the download is compressed, such as `gz` or `zst`; the node unpacks it, for `iso` only. The checksum is that of "
            "the download."),
    schema::Attr<&ProxmoxImage::verify_certificates>("verify_certificates")
        .Default(true)
        .Doc("Whether the node verifies the certificate of the server that it downloads from."),
    schema::Attr<&ProxmoxImage::adopt>("adopt").Default(false).Doc(
        "Whether creating may overwrite a file of that name. Without it that is an error, unless the node finds the checksum "
        "of the file to be the one that is configured. A download takes the place of a file that is deleted before: if it "
        "fails, the old file is gone."),
    schema::Attr<&ProxmoxImage::size>("size").Computed().KeepState().Doc("Size of the file in bytes."),
    schema::Attr<&ProxmoxImage::timeouts>("timeouts")
        .Optional()
        .Nested<schema::kTimeouts>()
        .Doc(
            "How long each operation may take; an hour for creating, ten minutes for the rest where it is left out."));

// "local:import/nixos.qcow2"; unknown as long as a part of it is.
schema::Value<std::string> VolumeIdOf(const ProxmoxImage& image);

// Reports options that mean nothing together.
void ValidateImage(const ProxmoxImage& config, schema::Diagnostics& diagnostics);

// Gives what means the same in `known` the spelling of `known`.
void KeepImageSpelling(const ProxmoxImage& known, ProxmoxImage& fresh);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_IMAGE_MODEL_H_
