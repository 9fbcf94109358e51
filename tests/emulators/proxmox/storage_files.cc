#include "tests/emulators/proxmox/storage_files.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>

#include "provider/base/text.h"
#include "tests/emulators/common/pattern.h"
#include "tests/emulators/proxmox/disks.h"

namespace fediversity::emulators {
namespace {

bool HasRightExtension(const std::string& content, const std::string& name) {
  static const Pattern kIso(".*\\.(iso|img|ISO|IMG)");
  static const Pattern kTemplate(".*\\.tar\\.(gz|xz|zst|bz2)");
  static const Pattern kImport(".*\\.(ova|qcow2|raw|vmdk)");
  if (content == "iso") return kIso.Matches(name);
  return content == "vztmpl" ? kTemplate.Matches(name) : kImport.Matches(name);
}

std::string FormatOf(const std::string& content, const std::string& name) {
  if (content == "iso") return "iso";
  auto const dot = name.rfind('.');
  return content == "vztmpl" ? "t" + name.substr(dot + 1) : name.substr(dot + 1);
}

// The size that a disk image has inside: the header of QCOW2 says it in bytes 24 to 31, most significant first.
std::uint64_t VirtualSize(const std::string& data) {
  constexpr std::string_view kMagic("QFI\xfb", 4);
  constexpr std::size_t kSizeAt = 24;
  if (!data.starts_with(kMagic) || data.size() < kSizeAt + 8) return data.size();
  std::uint64_t size = 0;
  for (std::size_t at = kSizeAt; at < kSizeAt + 8; ++at)
    size = size << 8 | static_cast<unsigned char>(data[at]);
  return size;
}

Volume FileOf(const Call& call, const std::string& content, const std::string& name) {
  return {.id = Cat({call.Get("storage"), ":", content, "/", name}),
          .storage = call.Get("storage"),
          .node = call.Get("node"),
          .content = content,
          .format = FormatOf(content, name)};
}

// Checks what pveproxy does before it copies anything.
std::optional<Reply> RefuseFile(const Cluster& cluster, const Call& call, const std::string& content,
                                const std::string& name) {
  auto const storage = cluster.storages.find(call.Get("storage"));
  if (storage == cluster.storages.end())
    return Died(Cat({"storage '", call.Get("storage"), "' does not exist"}));
  if (!HasRightExtension(content, name)) return BadParameter("filename", "wrong file extension");
  if (!storage->second.content.contains(content)) {
    return Died(Cat({"storage '", storage->first, "' is not configured for content-type '", content, "'"}));
  }
  return std::nullopt;
}

Reply Upload(Cluster& cluster, const Call& call) {
  Params fields;
  const UploadedPart* file = nullptr;
  for (const UploadedPart& part : call.parts) {
    if (part.name == "filename") {
      file = &part;
      break;  // the server reads no further than the file
    }
    fields[part.name] = part.content;
  }
  static const Schema kFields = ParseSchema(
      "content! enum:iso|vztmpl|import checksum str checksum-algorithm enum:md5|sha1|sha224|sha256|sha384|sha512 "
      "tmpfilename str");
  Json errors = Verify(kFields, fields);
  if (file == nullptr) errors["filename"] = "property is missing and it is not optional";
  if (!errors.empty()) return BadParameters(std::move(errors));
  std::string const content = fields["content"];
  if (auto refused = RefuseFile(cluster, call, content, file->filename)) return *refused;
  Volume volume = FileOf(call, content, file->filename);
  volume.size = file->content.size();
  volume.used = volume.size;
  volume.virtual_size = VirtualSize(file->content);
  volume.checksum = HexDigest("sha256", file->content);
  std::string const expected = fields["checksum"];
  std::string const actual = expected.empty() ? "" : HexDigest(fields["checksum-algorithm"], file->content);
  auto effect = [&cluster, volume, expected, actual, node = call.Get("node")](Log& log) -> Failure {
    std::string const source = "/var/tmp/pveupload-" + volume.checksum.substr(0, 32);
    std::string const target = VolumePath(cluster, volume);
    log.push_back("starting file import from: " + source);
    if (expected != actual) {
      return Cat({"checksum mismatch: got '", actual, "' != expect '", expected, "'"});
    }
    log.push_back("target node: " + node);
    log.push_back("target file: " + target);
    log.push_back("file size is: " + std::to_string(volume.size));
    log.push_back(Cat({"command: cp -- ", source, " ", target}));
    cluster.AddVolume(volume);
    log.emplace_back("finished file import successfully");
    return std::nullopt;
  };
  return Data(cluster.StartTask(call, "imgcopy", "", 0, std::move(effect)));
}

Failure Fetch(Cluster& cluster, const Call& call, Log& log) {
  std::string const url = call.Get("url");
  Volume volume = FileOf(call, call.Get("content"), call.Get("filename"));
  std::string const target = VolumePath(cluster, volume);
  std::string const algorithm = call.Get("checksum-algorithm");
  std::string const expected = call.Get("checksum");
  log.push_back(Cat({"downloading ", url, " to ", target}));
  if (const Volume* const there = cluster.FindVolume(volume.id, volume.node)) {
    if (expected.empty()) return Cat({"refusing to override existing file '", target, "'"});
    log.emplace_back("calculating checksum of existing file...");
    if (there->checksum == Cat({algorithm, ":", expected})) {
      log.emplace_back("OK, got correct file already, no need to download");
      return std::nullopt;
    }
    std::string const got = there->checksum.substr(there->checksum.find(':') + 1);
    return Cat({"checksum mismatch: got '", got, "' != expect '", expected, "', aborting"});
  }
  if (!cluster.settings.has_wget) {
    return Cat({"download failed: open3: exec of wget --progress=dot:giga -O ", target, ".tmp_dwnl.1867 ",
                url, " failed: No such file or directory at /usr/share/perl5/PVE/",
                cluster.IsNine() ? "Cmd.pm line 174." : "Tools.pm line 527."});
  }
  auto const served = cluster.served.find(url);
  if (served == cluster.served.end()) {
    return Cat({"download failed: command '/usr/bin/wget --progress=dot:giga -O ", target, ".tmp_dwnl.1867 ",
                url, "' failed: exit code 8"});
  }
  if (!expected.empty()) {
    log.emplace_back("calculating checksum...");
    auto const sum = served->second.sums.find(algorithm);
    std::string const actual = sum == served->second.sums.end() ? "unknown" : sum->second;
    if (actual != expected) return Cat({"checksum mismatch: got '", actual, "' != expect '", expected, "'"});
    log.emplace_back("OK, checksum verified");
    volume.checksum = Cat({algorithm, ":", expected});
  }
  volume.size = served->second.size;
  volume.used = volume.size;
  volume.virtual_size = served->second.virtual_size;
  cluster.AddVolume(volume);
  log.push_back(Cat({"download of '", url, "' to '", target, "' finished"}));
  return std::nullopt;
}

// The node sends a HEAD request, and takes no other answer than 200.
Reply QueryUrl(Cluster& cluster, const Call& call) {
  bool const allowed =
      (Allowed(cluster, call.who, "/", "Sys.Audit") && Allowed(cluster, call.who, "/", "Sys.Modify")) ||
      Allowed(cluster, call.who, "/nodes/" + call.Get("node"), "Sys.AccessNetwork");
  if (!allowed) return Denied("/nodes/" + call.Get("node"), "Sys.AccessNetwork");
  auto const served = cluster.served.find(call.Get("url"));
  if (served == cluster.served.end()) return Died("invalid server response: '404 Not Found'");
  return Data({{"size", served->second.size}, {"mimetype", "application/octet-stream"}});
}

Reply Download(Cluster& cluster, const Call& call) {
  if (!Allowed(cluster, call.who, "/", "Sys.Modify") &&
      !Allowed(cluster, call.who, "/nodes/" + call.Get("node"), "Sys.AccessNetwork")) {
    return Denied("/nodes/" + call.Get("node"), "Sys.AccessNetwork");
  }
  if (call.Has("checksum") != call.Has("checksum-algorithm")) {
    return BadParameter(call.Has("checksum") ? "checksum" : "checksum-algorithm",
                        call.Has("checksum")
                            ? "missing property - 'checksum' requires this property: checksum-algorithm"
                            : "missing property - 'checksum-algorithm' requires this property: checksum");
  }
  if (auto refused = RefuseFile(cluster, call, call.Get("content"), call.Get("filename"))) return *refused;
  if (call.Has("compression") && call.Get("content") != "iso") {
    return Died(Cat({"decompression not supported for ", call.Get("content")}));
  }
  auto effect = [&cluster, call](Log& log) { return Fetch(cluster, call, log); };
  return Data(cluster.StartTask(call, "download", call.Get("filename"), 0, std::move(effect)));
}

}  // namespace

std::string HexDigest(const std::string& algorithm, const std::string& data) {
  const EVP_MD* const method = EVP_get_digestbyname(algorithm.c_str());
  if (method == nullptr) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, method, nullptr);
  std::string text;
  for (unsigned at = 0; at < size; ++at) {
    char byte[3];
    std::snprintf(byte, sizeof(byte), "%02x", digest[at]);
    text += byte;
  }
  return text;
}

std::vector<Route> StorageFileRoutes() {
  const std::string node = "/nodes/{node}/storage/{storage}";
  const std::string may = "/storage/{storage} Datastore.AllocateTemplate";
  return {
      {"POST", node + "/upload", "", may, Upload},
      {"POST", node + "/download-url",
       "checksum str checksum-algorithm enum:md5|sha1|sha224|sha256|sha384|sha512 compression enum:zst|gz|lzo|bz2 "
       "content! enum:iso|vztmpl|import filename! str:255 url! re:https?://.* verify-certificates bool",
       may, Download},
      {"GET", "/nodes/{node}/query-url-metadata", "url! re:https?://.* verify-certificates bool", "",
       QueryUrl},
  };
}

}  // namespace fediversity::emulators
