#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESULT_CACHE_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESULT_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "provider/base/environment.h"

namespace fediversity::nix {

// SHA-256 over texts, each preceded by its length so that no two lists run together; in hexadecimal.
std::string HashOf(std::initializer_list<std::string_view> texts);

struct CacheLimits {
  std::uint64_t bytes = std::uint64_t{64} << 20U;
  absl::Duration age = absl::Hours(24 * 30);
};

// Texts kept in files under the user's cache folder ($XDG_CACHE_HOME, else ~/.cache), by a key that names all
// they were computed from, so that an entry is never out of date. For any number of processes at once: an
// entry appears whole (a temporary file, renamed) and is verified when read. What cannot be read or written,
// or is damaged, counts as not there: a cache is never a reason to fail. Entries may hold what users wrote
// into their configuration, so the folder is the user's alone (mode 0700). Thread-safe.
class ResultCache {
 public:
  // Off where neither variable names an absolute path.
  ResultCache(const Environment& environment, bool enabled, CacheLimits limits = {});

  bool enabled() const { return !folder_.empty(); }
  const std::string& folder() const { return folder_; }

  // `key`: from HashOf.
  std::optional<std::string> Find(std::string_view key) const;
  void Put(std::string_view key, std::string_view text);
  // Something was written into folder() by other means; now and then the size is looked at then.
  void Written();

 private:
  // Removes entries that are too old, then the oldest until the size is right. Done by one process at a time,
  // after some writes.
  void Trim();

  std::string folder_;  // empty: off
  CacheLimits limits_;
  std::mutex mutex_;
  std::size_t until_trim_ = 1;  // writes before the next look at the size
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_RESULT_CACHE_H_
