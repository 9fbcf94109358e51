#include "resources/proxmox/image_plan.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/file_digest.h"
#include "resources/proxmox/local_image.h"

namespace fediversity::resources {
namespace {

using schema::OnAttribute;
using schema::Value;

std::optional<proxmox::Checksum> Parsed(const Value<std::string>& checksum) {
  return checksum.has_value() ? ParseChecksum(*checksum) : std::nullopt;
}

bool IsSame(const Value<std::string>& a, const Value<std::string>& b) {
  return AreComparable(a, b) && Parsed(a)->value == Parsed(b)->value;
}

// Makes plans of one image.
class Planner {
 public:
  Planner(ImageContext& context, const ProxmoxImage* prior, const ProxmoxImage& config, ProxmoxImage& planned)
      : context_(context),
        prior_(prior),
        config_(config),
        planned_(planned) {}

  absl::Status Source() {
    planned_.id = VolumeIdOf(planned_);
    if (config_.path.has_value()) return LocalFile();
    // Nobody knows the checksum of a download but who configured it.
    if (config_.path.is_null() && config_.checksum.is_null()) {
      bool const same_source = prior_ != nullptr && (config_.url.is_null() || !IsAnotherUrl());
      planned_.checksum = same_source ? prior_->checksum : Value<std::string>::Null();
    }
    return absl::OkStatus();
  }

  // The attributes whose change replaces the image, beside those of the table. The size is planned anew.
  std::vector<wire::Path> Replacements() {
    std::vector<wire::Path> replace;
    if ((HasChanged() && !is_missing_) || IsOtherContent()) {
      for (const char* attribute : {"checksum", "url", "path", "size"}) replace.emplace_back(attribute);
      if (!config_.path.has_value() || planned_.size == prior_->size)
        planned_.size = Value<std::int64_t>::Unknown();
    }
    if (!prior_->url.is_null() && planned_.compression != prior_->compression)
      replace.emplace_back("compression");
    return replace;
  }

 private:
  absl::Status LocalFile() {
    std::set<std::string> algorithms;
    if (auto const wanted = Parsed(config_.checksum)) algorithms.insert(wanted->algorithm);
    if (auto const held = Parsed(prior_ == nullptr ? Value<std::string>() : prior_->checksum)) {
      algorithms.insert(held->algorithm);
    }
    if (algorithms.empty()) algorithms.insert("sha256");
    auto const found = FindLocalImage(*config_.path, planned_.content.value_or("import"));
    auto const file = found.ok() ? DigestFile(*found, algorithms, context_.cancel()) : found.status();
    if (absl::IsNotFound(file.status())) return MissingFile();
    if (!file.ok()) return OnAttribute(file.status(), "path");
    size_ = file->size;
    for (const auto& [algorithm, value] : file->digest) {
      if (prior_ != nullptr && IsSame(prior_->checksum, FormatChecksum({algorithm, value}))) is_held_ = true;
    }
    if (!config_.checksum.is_null()) {
      RETURN_IF_ERROR(CheckConfigured(*file));
    } else if (is_held_) {
      planned_.checksum = prior_->checksum;
    } else {
      const auto& [algorithm, value] = *file->digest.begin();
      planned_.checksum = FormatChecksum({algorithm, value});
    }
    planned_.size = file->size;
    return absl::OkStatus();
  }

  absl::Status CheckConfigured(const FileDigest& file) const {
    auto const wanted = Parsed(config_.checksum);
    if (!wanted.has_value() || file.digest.at(wanted->algorithm) == wanted->value) return absl::OkStatus();
    return OnAttribute(
        absl::InvalidArgumentError(
            Cat({"The file is another one\nThe checksum of ", ValidUtf8(*config_.path), " is ",
                 FormatChecksum({wanted->algorithm, file.digest.at(wanted->algorithm)}),
                 ". Correct `checksum`, or leave it out and it is computed, or name the right file."})),
        "checksum");
  }

  // A file may be made later in the same run, and may be gone once it was uploaded.
  absl::Status MissingFile() {
    if (prior_ == nullptr) return absl::OkStatus();
    is_missing_ = true;
    if (config_.checksum.is_null()) planned_.checksum = prior_->checksum;
    context_.diagnostics().AddWarning(
        "The local file is not there",
        Cat({ValidUtf8(*config_.path),
             " does not exist, so that nobody can tell whether its content has changed. The image ",
             prior_->id.value_or(""), " stays as it is."}),
        wire::Path("path"));
    return absl::OkStatus();
  }

  bool HasChanged() const { return context_.private_state().contains(kImageChangedMark); }

  // Whether the image came from a URL that was another one. What was imported came from nowhere.
  bool IsAnotherUrl() const { return !prior_->url.is_null() && prior_->url != planned_.url; }

  bool IsOtherContent() const {
    if (config_.path.has_value() && size_.has_value()) {
      if (is_held_) return false;
      bool const checked = !prior_->checksum.is_null();
      return checked || (prior_->size.has_value() && *prior_->size != *size_);
    }
    if (is_missing_) {
      return AreComparable(prior_->checksum, planned_.checksum) &&
             !IsSame(prior_->checksum, planned_.checksum);
    }
    if (AreComparable(prior_->checksum, planned_.checksum))
      return !IsSame(prior_->checksum, planned_.checksum);
    if (config_.path.is_unknown() || planned_.checksum.is_unknown()) return true;
    if (!prior_->path.is_null()) return true;
    // The node can tell whether a file has a checksum, but not whether it once came out of an archive that had it.
    bool const new_checksum = !planned_.checksum.is_null() && planned_.checksum != prior_->checksum;
    return IsAnotherUrl() || (new_checksum && !planned_.compression.is_null());
  }

  ImageContext& context_;
  const ProxmoxImage* const prior_;
  const ProxmoxImage& config_;
  ProxmoxImage& planned_;
  std::optional<std::int64_t> size_;  // of the local file
  bool is_held_ = false;              // the local file is what the storage holds
  bool is_missing_ = false;           // there is no local file any more
};

// A storage that all nodes share holds the same files on each.
absl::StatusOr<bool> IsShared(const Slot<proxmox::Api>& slot, const ProxmoxImage& image,
                              ImageContext& context) {
  ASSIGN_OR_RETURN(auto const api, slot.Get());
  auto const storages =
      api->ListStorages(*image.node, {.cancel = context.cancel(), .deadline = context.deadline()});
  if (!storages.ok()) return OnAttribute(storages.status(), "node");
  for (const proxmox::Storage& storage : *storages) {
    if (storage.name == *image.storage) return storage.shared;
  }
  return false;
}

}  // namespace

bool AreComparable(const Value<std::string>& a, const Value<std::string>& b) {
  auto const left = Parsed(a);
  auto const right = Parsed(b);
  return left.has_value() && right.has_value() && left->algorithm == right->algorithm;
}

absl::Status PlanImage(const Slot<proxmox::Api>& api, ImageContext& context, const ProxmoxImage* prior,
                       const ProxmoxImage& config, ProxmoxImage& planned, std::vector<wire::Path>& replace) {
  Planner planner(context, prior, config, planned);
  RETURN_IF_ERROR(planner.Source());
  bool const from_nowhere = config.url.is_null() && config.path.is_null();
  if (prior == nullptr) {
    if (!from_nowhere) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "Where does the image come from?\nIt does not exist yet, so it needs `url`, from which the node downloads it, or "
        "`path`, a local file that is uploaded. Only an image that was imported does without.");
  }
  if (from_nowhere) return absl::OkStatus();  // what there is, whatever it once came from
  for (wire::Path& path : planner.Replacements()) replace.push_back(std::move(path));
  if (planned.node == prior->node) return absl::OkStatus();
  if (!planned.node.has_value() || planned.storage != prior->storage) {
    replace.emplace_back("node");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(bool const shared, IsShared(api, planned, context));
  if (!shared) replace.emplace_back("node");
  return absl::OkStatus();
}

}  // namespace fediversity::resources
