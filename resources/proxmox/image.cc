#include "resources/proxmox/image.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_resource.h"
#include "resources/proxmox/file_digest.h"
#include "resources/proxmox/image_model.h"
#include "resources/proxmox/image_plan.h"
#include "resources/proxmox/image_transfer.h"
#include "resources/proxmox/local_image.h"

namespace fediversity::resources {
namespace {

// What a plan could not know of a local file that was made after it.
absl::Status CompleteLocalFile(ProxmoxImage& image, const CancelToken& cancel) {
  if (!image.path.has_value() || (image.checksum.has_value() && image.size.has_value()))
    return absl::OkStatus();
  auto const wanted = image.checksum.has_value() ? ParseChecksum(*image.checksum) : std::nullopt;
  std::string const algorithm = wanted.has_value() ? wanted->algorithm : "sha256";
  auto const found = FindLocalImage(*image.path, *image.content);
  if (!found.ok()) return schema::OnAttribute(found.status(), "path");
  auto const file = DigestFile(*found, {algorithm}, cancel);
  if (!file.ok()) return schema::OnAttribute(file.status(), "path");
  if (!wanted.has_value()) image.checksum = FormatChecksum({algorithm, file->digest.at(algorithm)});
  image.size = file->size;
  return absl::OkStatus();
}

constexpr std::string_view kImageNote = "proxmox_image";

// Later a file of that name is somebody else's.
constexpr absl::Duration kLongestImageDoubt = absl::Hours(24);

std::string NoteOf(const ProxmoxImage& image) { return Cat({*image.node, "/", *VolumeIdOf(image)}); }

class ImageResource final : public schema::Resource<ProxmoxImage> {
 public:
  ImageResource(const Slot<proxmox::Api>& api, const Journal& journal, const Logger& logger)
      : api_(api),
        journal_(journal),
        logger_(logger) {}

  void Validate(const ProxmoxImage& config, schema::Diagnostics& diagnostics) const override {
    ValidateImage(config, diagnostics);
  }
  void KeepSpelling(const ProxmoxImage& known, ProxmoxImage& fresh) const override {
    KeepImageSpelling(known, fresh);
  }
  absl::Status Plan(ImageContext& context, const ProxmoxImage* prior, const ProxmoxImage& config,
                    ProxmoxImage& planned, std::vector<wire::Path>& replace) const override {
    return PlanImage(api_, context, prior, config, planned, replace);
  }

  absl::StatusOr<ProxmoxImage> Read(ProxmoxImage state, ImageContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(proxmox::Volume const found, ReadImage(*api, state, context.limits()));
    TakeNote(*api, state);  // of one that was imported meanwhile
    if (state.size.has_value() && *state.size != found.size) {
      context.private_state()[kImageChangedMark] = "1";
      state.checksum = schema::Value<std::string>::Null();
    }
    state.size = found.size;
    return state;
  }

  absl::StatusOr<ProxmoxImage> Create(ProxmoxImage plan, ImageContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    plan.id = VolumeIdOf(plan);
    RETURN_IF_ERROR(CompleteLocalFile(plan, context.cancel()));
    // What a process has left that was killed may be incomplete, and is nobody's.
    auto begun = TakeNote(*api, plan);
    bool const is_recent = begun.has_value() && absl::Now() - begun->written() < kLongestImageDoubt;
    bool const adopt = plan.adopt.value_or(false) || is_recent;
    Journal::Note note;
    auto const announce = [&] { note = journal_.Begin(kImageNote, api->service(), NoteOf(plan)); };
    auto const made = PutImage(*api, plan, adopt, announce, logger_, context);
    if (!made.ok()) {
      if (is_recent) begun->Keep();
      return made.status();
    }
    plan.size = made->size;
    return plan;
  }

  // A plan that changes the content replaces the image, so what comes here leaves the file as it is.
  absl::StatusOr<ProxmoxImage> Update(ProxmoxImage prior, ProxmoxImage plan, ImageContext& context) override {
    bool const checked = AreComparable(prior.checksum, plan.checksum) || prior.checksum == plan.checksum;
    if (!checked && plan.path.has_value() && prior.checksum.is_null()) {
      context.diagnostics().AddWarning(
          "The content was not compared",
          Cat({*plan.id,
               " was not uploaded by this configuration, and Proxmox does not tell the checksum of a file. It has "
               "the size of the local file and is taken to be the same."}),
          wire::Path("path"));
    }
    bool const verifiable = plan.url.has_value() && plan.checksum.has_value() && plan.compression.is_null();
    if (checked || !verifiable) return plan;
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    RETURN_IF_ERROR(VerifyImage(*api, plan, context));
    ASSIGN_OR_RETURN(proxmox::Volume const found, ReadImage(*api, plan, context.limits()));
    plan.size = found.size;
    return plan;
  }

  absl::Status Delete(ProxmoxImage state, ImageContext& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    return api->DeleteVolume(*state.node, *VolumeIdOf(state), context.limits()).status();
  }

  absl::Status Import(ProxmoxImage& state, ImageContext&) override {
    state.id = VolumeIdOf(state);
    state.verify_certificates = true;
    state.adopt = false;
    return absl::OkStatus();
  }

  absl::Duration DefaultTimeout(std::string_view operation) const override {
    return operation == "create" ? absl::Hours(1) : absl::Minutes(10);
  }

 private:
  std::optional<Journal::Note> TakeNote(const proxmox::Api& api, const ProxmoxImage& image) const {
    return journal_.Take(kImageNote, api.service(),
                         [wanted = NoteOf(image)](const std::string& text) { return text == wanted; });
  }

  const Slot<proxmox::Api>& api_;
  const Journal& journal_;
  Logger const logger_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeProxmoxImage(const Slot<proxmox::Api>& api, const Journal& journal,
                                                      const Logger& logger) {
  return schema::MakeResource<ProxmoxImage>(kProxmoxImage,
                                            std::make_unique<ImageResource>(api, journal, logger));
}

}  // namespace fediversity::resources
