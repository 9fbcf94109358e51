#include "resources/proxmox/image_transfer.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "provider/backends/proxmox/cause.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/local_image.h"

namespace fediversity::resources {
namespace {

constexpr absl::Duration kPatienceForCleaning = absl::Seconds(30);

std::string Where(const ProxmoxImage& image) {
  return Cat({"storage ", *image.storage, " on node ", *image.node});
}

absl::StatusOr<std::optional<proxmox::Volume>> FindImage(proxmox::Api& api, const ProxmoxImage& image,
                                                         const CallLimits& limits) {
  ASSIGN_OR_RETURN(auto const volumes, api.ListVolumes(*image.node, *image.storage, *image.content, limits));
  auto const found = std::ranges::find(*volumes, *VolumeIdOf(image), &proxmox::Volume::volid);
  if (found == volumes->end()) return std::nullopt;
  return *found;
}

// A storage that is switched off, not mounted or no longer meant for this kind of file lists nothing of it.
absl::Status SeeThatItIsGone(proxmox::Api& api, const ProxmoxImage& image, const CallLimits& limits) {
  ASSIGN_OR_RETURN(auto const storages, api.ListStorages(*image.node, limits));
  auto const storage = std::ranges::find(storages, *image.storage, &proxmox::Storage::name);
  std::string why;
  if (storage == storages.end()) {
    why = "the node lists no such storage for these credentials";
  } else if (!storage->enabled || !storage->active) {
    why = "the storage is not active";
  } else if (std::ranges::find(storage->content, *image.content) == storage->content.end()) {
    why = Cat({"the storage is not configured for the content type ", *image.content});
  }
  std::string const id = *VolumeIdOf(image);
  if (why.empty())
    return absl::NotFoundError(Cat({"no image ", id, "\n", Where(image), " does not hold it."}));
  return absl::FailedPreconditionError(Cat({"cannot tell whether the image ", id, " exists: ", why,
                                            "\nThe file may still be there. Bring back ", Where(image),
                                            ", or take the image out of state with `tofu state rm`."}));
}

void Warn(const proxmox::TaskResult& result, const ProxmoxImage& image, ImageContext& context) {
  for (const std::string& warning : result.warnings) {
    context.diagnostics().AddWarning(Cat({"Proxmox warns about ", *VolumeIdOf(image)}), warning);
  }
}

absl::Status Download(proxmox::Api& api, const ProxmoxImage& image, ImageContext& context) {
  ASSIGN_OR_RETURN(
      proxmox::TaskResult const result,
      api.DownloadUrl({.node = *image.node,
                       .storage = *image.storage,
                       .content = *image.content,
                       .filename = *image.file_name,
                       .url = *image.url,
                       .checksum = image.checksum.has_value() ? ParseChecksum(*image.checksum) : std::nullopt,
                       .compression = image.compression.value_or(""),
                       .verify_certificates = image.verify_certificates.value_or(true)},
                      context.limits()));
  Warn(result, image, context);
  return absl::OkStatus();
}

// Logs each tenth of the way.
class Progress {
 public:
  Progress(const Logger& logger, const ProxmoxImage& image) : logger_(logger), id_(*VolumeIdOf(image)) {}

  void operator()(std::int64_t sent, std::int64_t total) {
    std::int64_t const tenth = total == 0 ? 10 : 10 * sent / total;
    if (tenth == last_tenth_) return;
    last_tenth_ = tenth;
    logger_.Info("uploading image",
                 {{"volume", id_}, {"sent_bytes", sent}, {"total_bytes", total}, {"percent", 10 * tenth}});
  }

 private:
  Logger logger_;
  std::string id_;
  std::int64_t last_tenth_ = 0;
};

absl::Status Upload(proxmox::Api& api, const ProxmoxImage& image, const Logger& logger,
                    ImageContext& context) {
  auto const file = FindLocalImage(*image.path, *image.content);
  if (!file.ok()) return proxmox::AsRefused(schema::OnAttribute(file.status(), "path"));
  ASSIGN_OR_RETURN(proxmox::TaskResult const result, api.Upload({.node = *image.node,
                                                                 .storage = *image.storage,
                                                                 .content = *image.content,
                                                                 .filename = *image.file_name,
                                                                 .file = *file,
                                                                 .checksum = ParseChecksum(*image.checksum),
                                                                 .progress = Progress(logger, image)},
                                                                context.limits()));
  Warn(result, image, context);
  return absl::OkStatus();
}

absl::Status Exists(const ProxmoxImage& image, const proxmox::Volume& found, std::string_view why) {
  return absl::AlreadyExistsError(Cat(
      {"the image ", found.volid, " exists already\n", Where(image), " holds a file of that name with ",
       absl::StrCat(found.size), " bytes, ", why,
       " Nothing was changed. To manage the existing one, import it:\n\nimport {\n  to = "
       "fediversity_proxmox_image.<name>\n  id = \"",
       *image.node, "/", found.volid,
       "\"\n}\n\nor set `adopt = true` to overwrite it with what is configured here, or choose another `file_name`."}));
}

// Takes away what a failure left. The operation may have been interrupted, so this has time of its own.
absl::Status CleanUp(proxmox::Api& api, const ProxmoxImage& image) {
  CancelToken const uninterrupted;
  CallLimits const limits{.cancel = uninterrupted, .deadline = absl::Now() + kPatienceForCleaning};
  ASSIGN_OR_RETURN(auto const left, FindImage(api, image, limits));
  if (!left.has_value()) return absl::OkStatus();
  return api.DeleteVolume(*image.node, left->volid, limits).status();
}

// Both ways of transfer compare the checksum before they touch a file of that name.
bool IsMismatch(const absl::Status& status) { return absl::StrContains(status.message(), "mismatch"); }

// Whether a file of that name can be what the transfer wrote, and not what somebody else put there meanwhile. A download
// takes the name when it is complete, an upload is written under it.
bool MayHaveWritten(const ProxmoxImage& image, const absl::Status& status) {
  if (proxmox::IsDefinite(status)) return false;
  return !proxmox::IsOfEndedTask(status) || (image.path.has_value() && !IsMismatch(status));
}

absl::Status Failed(proxmox::Api& api, const ProxmoxImage& image, const absl::Status& why,
                    ImageContext& context) {
  if (!MayHaveWritten(image, why)) return why;
  absl::Status const cleaned = CleanUp(api, image);
  if (cleaned.ok() && !proxmox::MayGoOn(why)) return why;
  context.Checkpoint(image);
  std::string_view const fate =
      cleaned.ok() ? "Part of the file may still arrive" : "Part of the file may be left";
  std::string text = Cat({ToStd(why.message()), "\n", fate, " as ", *VolumeIdOf(image),
                          ". It is recorded in state, and the next apply deletes it and begins anew."});
  if (!cleaned.ok()) text += Cat({"\nTrying to delete it: ", ToStd(cleaned.message())});
  return {why.code(), text};
}

// Puts the image where a file of its name is already.
absl::Status PutOver(proxmox::Api& api, const ProxmoxImage& image, const proxmox::Volume& found, bool adopt,
                     const Logger& logger, ImageContext& context) {
  if (image.path.has_value()) {
    if (!adopt) return Exists(image, found, "and nobody can tell whether it is the same as the local one.");
    return Upload(api, image, logger, context);
  }
  // With a checksum the node downloads nothing over a file: it computes that of the file, and is content or refuses.
  if (image.checksum.has_value() && image.compression.is_null()) {
    absl::Status const verified = Download(api, image, context);
    if (verified.ok() || !IsMismatch(verified)) return verified;
    if (!adopt) return Exists(image, found, "whose checksum is another one.");
  } else if (!adopt) {
    return Exists(image, found, "and nobody can tell whether it is what the URL gives.");
  }
  // The file has to make way for the download, and may be the only copy.
  absl::Status const there =
      api.TryUrl(*image.node, *image.url, image.verify_certificates.value_or(true), context.limits());
  if (proxmox::CauseOf(there) == proxmox::Cause::kNoSuchUrl) {
    return schema::OnAttribute(
        absl::FailedPreconditionError(Cat({"the URL has nothing to download\n", found.volid,
                                           " was left as it is. Correct `url`.\n", ToStd(there.message())})),
        "url");
  }
  RETURN_IF_ERROR(api.DeleteVolume(*image.node, found.volid, context.limits()).status());
  absl::Status const downloaded = Download(api, image, context);
  return downloaded.ok() ? downloaded : Failed(api, image, downloaded, context);
}

absl::StatusOr<proxmox::Volume> Arrived(proxmox::Api& api, const ProxmoxImage& image, ImageContext& context) {
  auto const found = FindImage(api, image, context.limits());
  RETURN_IF_ERROR(found.status());
  if (!found->has_value()) {
    return absl::DataLossError(
        Cat({"the image ", *VolumeIdOf(image), " is not there although its transfer ended well\n",
             Where(image), " does not list it. Somebody may have deleted it at the same moment."}));
  }
  if (image.path.has_value() && image.size.has_value() && (*found)->size != *image.size) {
    return absl::DataLossError(Cat({"the image ", *VolumeIdOf(image), " is incomplete\nThe local file has ",
                                    absl::StrCat(*image.size), " bytes, ", Where(image), " holds ",
                                    absl::StrCat((*found)->size), "."}));
  }
  return **found;
}

}  // namespace

absl::StatusOr<proxmox::Volume> ReadImage(proxmox::Api& api, const ProxmoxImage& image,
                                          const CallLimits& limits) {
  auto const found = FindImage(api, image, limits);
  if (absl::IsNotFound(found.status())) return SeeThatItIsGone(api, image, limits);  // the storage itself
  RETURN_IF_ERROR(found.status());
  if (!found->has_value()) return SeeThatItIsGone(api, image, limits);
  return **found;
}

absl::StatusOr<proxmox::Volume> PutImage(proxmox::Api& api, const ProxmoxImage& image, bool adopt,
                                         const std::function<void()>& announce, const Logger& logger,
                                         ImageContext& context) {
  // An upload overwrites whatever has its name by now, so an older listing will not do.
  api.DropListings();
  ASSIGN_OR_RETURN(auto const before, FindImage(api, image, context.limits()));
  if (!before.has_value() || adopt) announce();
  if (before.has_value()) {
    RETURN_IF_ERROR(PutOver(api, image, *before, adopt, logger, context));
    return Arrived(api, image, context);
  }
  absl::Status const put =
      image.path.has_value() ? Upload(api, image, logger, context) : Download(api, image, context);
  if (!put.ok()) return Failed(api, image, put, context);
  auto arrived = Arrived(api, image, context);
  if (!arrived.ok()) return Failed(api, image, arrived.status(), context);
  return arrived;
}

absl::Status VerifyImage(proxmox::Api& api, const ProxmoxImage& image, ImageContext& context) {
  absl::Status const verified = Download(api, image, context);
  if (verified.ok() || !IsMismatch(verified)) return verified;
  return schema::OnAttribute(
      absl::FailedPreconditionError(Cat(
          {"the image ", *VolumeIdOf(image), " has another checksum\n", Where(image),
           " holds a file that is not the one with this checksum. Nothing was changed. Correct `checksum`, or have the "
           "image made anew with `-replace`.\n",
           ToStd(verified.message())})),
      "checksum");
}

}  // namespace fediversity::resources
