#include "resources/proxmox/image_model.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

struct Algorithm {
  std::string_view name;
  std::size_t digits;
};
// Those that the service checks.
constexpr std::array<Algorithm, 6> kAlgorithms = {
    {{"md5", 32}, {"sha1", 40}, {"sha224", 56}, {"sha256", 64}, {"sha384", 96}, {"sha512", 128}}};

constexpr std::size_t kLongestFileName = 255;

constexpr std::string_view kDiskEndings[] = {".qcow2", ".raw", ".vmdk", ".ova"};
constexpr std::string_view kIsoEndings[] = {".iso", ".img"};
constexpr std::string_view kTemplateEndings[] = {".tar", ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2"};

struct Content {
  std::string_view name;
  std::span<const std::string_view> endings;
};
constexpr std::array<Content, 3> kContents = {
    {{"import", kDiskEndings}, {"iso", kIsoEndings}, {"vztmpl", kTemplateEndings}}};

// What is imported may have any name that the service lists, so only what is to be made is held to this.
void CheckEnding(const ProxmoxImage& config, const std::string& content, schema::Diagnostics& diagnostics) {
  if (config.url.is_null() && config.path.is_null()) return;
  if (!config.file_name.has_value() || !IsImageFileName(*config.file_name)) return;
  auto const endings = ImageEndings(content);
  // The service takes upper case for some and not for others.
  std::string const name = absl::AsciiStrToLower(*config.file_name);
  bool const fits = std::ranges::any_of(
      endings, [&name](std::string_view ending) { return std::string_view(name).ends_with(ending); });
  if (fits || endings.empty()) return;
  diagnostics.AddStatus(schema::OnAttribute(
      absl::InvalidArgumentError(
          Cat({"The content type does not take such a file\nNames of files of the content type `", content,
               "` end in ", Join(std::vector<std::string>(endings.begin(), endings.end()), ", "), ", and \"",
               *config.file_name, "\" does not. Give it another `file_name`, or another `content`."})),
      "file_name"));
}

}  // namespace

std::span<const std::string_view> ImageEndings(std::string_view content) {
  const auto* const found = std::ranges::find(kContents, content, &Content::name);
  return found == kContents.end() ? std::span<const std::string_view>() : found->endings;
}

std::optional<proxmox::Checksum> ParseChecksum(std::string_view text) {
  std::size_t const colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  proxmox::Checksum checksum{absl::AsciiStrToLower(ToAbsl(text.substr(0, colon))),
                             absl::AsciiStrToLower(ToAbsl(text.substr(colon + 1)))};
  bool const right = std::ranges::any_of(kAlgorithms, [&checksum](const Algorithm& algorithm) {
    return algorithm.name == checksum.algorithm && algorithm.digits == checksum.value.size();
  });
  bool const hexadecimal = std::ranges::all_of(
      checksum.value, [](char digit) { return absl::ascii_isxdigit(static_cast<unsigned char>(digit)); });
  if (!right || !hexadecimal) return std::nullopt;
  return checksum;
}

std::string FormatChecksum(const proxmox::Checksum& checksum) {
  return Cat({checksum.algorithm, ":", checksum.value});
}

bool IsImageFileName(std::string_view name) {
  if (name.empty() || name.size() > kLongestFileName || name.front() == '.') return false;
  return std::ranges::all_of(name, [](char byte) {
    return absl::ascii_isalnum(static_cast<unsigned char>(byte)) || byte == '_' || byte == '-' || byte == '.';
  });
}

schema::Value<std::string> VolumeIdOf(const ProxmoxImage& image) {
  if (!image.storage.has_value() || !image.content.has_value() || !image.file_name.has_value()) {
    return schema::Value<std::string>::Unknown();
  }
  return Cat({*image.storage, ":", *image.content, "/", *image.file_name});
}

void ValidateImage(const ProxmoxImage& config, schema::Diagnostics& diagnostics) {
  if (config.path.has_value() && config.verify_certificates.has_value()) {
    diagnostics.AddStatus(schema::OnAttribute(
        absl::InvalidArgumentError(
            "Nothing to verify\n`verify_certificates` is about downloads. The file at `path` is "
            "uploaded over the connection of the provider, which has settings of its own."),
        "verify_certificates"));
  }
  if (config.path.has_value() && config.path->empty()) {
    diagnostics.AddStatus(schema::OnAttribute(
        absl::InvalidArgumentError("No file\n`path` is empty. Name the file to upload."), "path"));
  }
  if (config.content.is_unknown()) return;
  std::string const content = config.content.value_or("import");
  CheckEnding(config, content, diagnostics);
  if (config.compression.has_value() && config.path.is_null() && content != "iso") {
    diagnostics.AddStatus(schema::OnAttribute(
        absl::InvalidArgumentError(Cat(
            {"Proxmox unpacks ISO images only\nIt refuses to unpack downloads of the content type `", content,
             "`. Let `url` lead to a file that is not compressed, or unpack it here and upload it by `path`."})),
        "compression"));
  }
}

void KeepImageSpelling(const ProxmoxImage& known, ProxmoxImage& fresh) {
  if (!known.checksum.has_value() || !fresh.checksum.has_value()) return;
  auto const before = ParseChecksum(*known.checksum);
  auto const after = ParseChecksum(*fresh.checksum);
  if (!before.has_value() || !after.has_value()) return;
  if (before->algorithm == after->algorithm && before->value == after->value) fresh.checksum = known.checksum;
}

}  // namespace fediversity::resources
