#include "provider/backends/nix/result_cache.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"
#include "provider/base/whole_io.h"

namespace fediversity::nix {
namespace {

namespace fs = std::filesystem;

// Part of the path, so that another layout of entries starts afresh.
constexpr std::string_view kLayout = "/terraform-provider-fediversity/nix-2";
constexpr std::size_t kWritesBetweenTrims = 500;
constexpr std::size_t kHexDigest = 64;

std::string ChooseFolder(const Environment& environment) {
  std::string const cache = environment("XDG_CACHE_HOME").value_or("");
  if (cache.starts_with('/')) return Cat({cache, kLayout});
  std::string const home = environment("HOME").value_or("");
  if (home.starts_with('/')) return Cat({home, "/.cache", kLayout});
  return {};
}

std::optional<std::string> ReadFile(const std::string& path) {
  UniqueFd const fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat found {};
  if (!fd.valid() || fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return ReadWhole(fd.get(), static_cast<std::size_t>(found.st_size));
}

}  // namespace

std::string HashOf(std::initializer_list<std::string_view> texts) {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (std::string_view const text : texts) {
    std::string const length = Cat({std::to_string(text.size()), ":"});
    EVP_DigestUpdate(context.get(), length.data(), length.size());
    EVP_DigestUpdate(context.get(), text.data(), text.size());
  }
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

ResultCache::ResultCache(const Environment& environment, bool enabled, CacheLimits limits) : limits_(limits) {
  if (!enabled) return;
  std::string folder = ChooseFolder(environment);
  if (folder.empty()) return;
  std::error_code error;
  fs::create_directories(folder, error);
  // Whatever stands there must be ours alone.
  struct stat found {};
  if (error || lstat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid())
    return;
  if ((found.st_mode & 0777U) != 0700U && chmod(folder.c_str(), 0700) != 0) return;
  folder_ = std::move(folder);
}

std::optional<std::string> ResultCache::Find(std::string_view key) const {
  if (!enabled()) return std::nullopt;
  auto entry = ReadFile(Cat({folder_, "/", key}));
  if (!entry.has_value() || entry->size() < kHexDigest) return std::nullopt;
  std::string text = entry->substr(kHexDigest);
  if (std::string_view(*entry).substr(0, kHexDigest) != HashOf({key, text})) return std::nullopt;
  return text;
}

void ResultCache::Put(std::string_view key, std::string_view text) {
  if (!enabled()) return;
  std::string path = Cat({folder_, "/.new-XXXXXX"});
  UniqueFd fd(mkostemp(path.data(), O_CLOEXEC));
  if (!fd.valid()) return;
  bool const written = WriteWhole(fd.get(), HashOf({key, text})) && WriteWhole(fd.get(), text);
  fd.Close();
  if (!written || rename(path.c_str(), Cat({folder_, "/", key}).c_str()) != 0) {
    unlink(path.c_str());
    return;
  }
  Written();
}

void ResultCache::Written() {
  bool trim = false;
  {
    std::lock_guard const lock(mutex_);
    trim = --until_trim_ == 0;
    if (trim) until_trim_ = kWritesBetweenTrims;
  }
  if (trim) Trim();
}

void ResultCache::Trim() {
  UniqueFd const trimming(
      open(Cat({folder_, "/.trim"}).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!trimming.valid() || flock(trimming.get(), LOCK_EX | LOCK_NB) != 0) return;
  struct Entry {
    timespec changed;
    std::uint64_t size;
    std::string path;
  };
  std::vector<Entry> entries;
  std::uint64_t bytes = 0;
  timespec const oldest = absl::ToTimespec(absl::Now() - limits_.age);
  auto before = [](const timespec& a, const timespec& b) {
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
  };
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
    std::string path = file->path().native();
    struct stat found {};
    // A file that another process has removed meanwhile is none of our business.
    if (file->path().filename() == ".trim" || lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
      continue;
    if (before(found.st_mtim, oldest)) {
      unlink(path.c_str());
      continue;
    }
    // On disk it takes whole blocks.
    auto const size = static_cast<std::uint64_t>(found.st_blocks) * 512;
    bytes += size;
    entries.push_back({found.st_mtim, size, std::move(path)});
  }
  if (bytes <= limits_.bytes) return;
  std::sort(entries.begin(), entries.end(),
            [&before](const Entry& a, const Entry& b) { return before(a.changed, b.changed); });
  for (const Entry& entry : entries) {
    // A quarter less than allowed, so that the next write does not sort everything again.
    if (bytes <= limits_.bytes - limits_.bytes / 4) return;
    if (unlink(entry.path.c_str()) == 0) bytes -= std::min(bytes, entry.size);
  }
}

}  // namespace fediversity::nix
