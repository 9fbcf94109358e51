#include "resources/proxmox/local_image.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "provider/base/text.h"
#include "resources/proxmox/image_model.h"

namespace fediversity::resources {
namespace {

namespace fs = std::filesystem;

// Names end so. A raw disk image is called `.img` by most who build one, whatever the storage wants to call it.
std::vector<std::string_view> EndingsOf(std::string_view content) {
  auto const taken = ImageEndings(content);
  std::vector<std::string_view> endings(taken.begin(), taken.end());
  if (content == "import") endings.emplace_back(".img");
  return endings;
}

constexpr int kDeepest = 4;             // iso/nixos.iso, and some more
constexpr std::size_t kMostNamed = 10;  // files in a message

absl::Status CannotRead(const fs::path& path, const std::error_code& error) {
  std::string const text = Cat({"cannot read ", ValidUtf8(path.string()), "\n", error.message()});
  bool const absent = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  return absent ? absl::NotFoundError(text) : absl::FailedPreconditionError(text);
}

// All ordinary files below `directory`, sorted.
absl::Status Collect(const fs::path& directory, int depth, std::vector<fs::path>& files) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error) return CannotRead(directory, error);
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    if (error) return CannotRead(directory, error);
    std::string const name = entries->path().filename().string();
    if (name.starts_with('.') || name == "nix-support") continue;
    fs::file_status const status = entries->status(error);  // of what a link leads to
    if (fs::is_regular_file(status)) files.push_back(entries->path());
    if (fs::is_directory(status) && depth < kDeepest) {
      absl::Status const below = Collect(entries->path(), depth + 1, files);
      if (!below.ok()) return below;
    }
  }
  if (error) return CannotRead(directory, error);
  std::ranges::sort(files);
  return absl::OkStatus();
}

std::string Names(const std::vector<fs::path>& files, const fs::path& below) {
  std::vector<std::string> names;
  for (const fs::path& file : files) {
    if (names.size() == kMostNamed) {
      names.emplace_back("...");
      break;
    }
    names.push_back(ValidUtf8(file.lexically_relative(below).string()));
  }
  return Join(names, ", ");
}

}  // namespace

absl::StatusOr<std::string> FindLocalImage(const std::string& path, std::string_view content) {
  std::error_code error;
  fs::file_status const status = fs::status(path, error);
  if (!fs::is_directory(status)) {
    if (error) return CannotRead(path, error);
    return path;  // whoever reads it says what else it may be
  }
  std::vector<fs::path> files;
  if (absl::Status const collected = Collect(path, 1, files); !collected.ok()) return collected;
  std::vector<std::string_view> const endings = EndingsOf(content);
  std::vector<fs::path> images;
  std::ranges::copy_if(files, std::back_inserter(images), [&endings](const fs::path& file) {
    std::string const name = file.filename().string();
    return std::ranges::any_of(endings, [&name](std::string_view ending) { return name.ends_with(ending); });
  });
  if (images.size() == 1) return images.front().string();
  std::string const where = ValidUtf8(path);
  if (images.size() > 1) {
    return absl::FailedPreconditionError(Cat({"several images in ", where, "\nThe directory holds ",
                                              Names(images, path), ". Name the one to upload in `path`."}));
  }
  return absl::FailedPreconditionError(
      Cat({"no image in ", where, "\nFor the content type ", content, " a file is sought whose name ends in ",
           Join(std::vector<std::string>(endings.begin(), endings.end()), ", "), "; the directory holds ",
           files.empty() ? "no file" : Names(files, path),
           ". Name the file to upload in `path`; one that is compressed has to be unpacked before."}));
}

}  // namespace fediversity::resources
