#include "provider/backends/nix/result_pack.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "provider/backends/nix/result_cache.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"
#include "provider/base/whole_io.h"

namespace fediversity::nix {
namespace {

constexpr std::string_view kMagic = "fdp1";
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kHead = kMagic.size() + kLengthBytes + SHA256_DIGEST_LENGTH + kCheckBytes;
constexpr std::size_t kMostAnswer = std::size_t{1} << 20U;
constexpr std::size_t kWriteFrom = std::size_t{64} << 10U;
// A file that has grown to this is begun anew.
constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 20U;

std::string Digest(std::string_view first, std::string_view second = {}) {
  std::string const text = Cat({first, second});
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string CheckOf(std::string_view key, std::string_view answer) {
  return Digest(key, answer).substr(0, kCheckBytes);
}

std::string Length(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes += static_cast<char>(size >> (8 * i) & 0xFFU);
  return bytes;
}

std::size_t ReadLength(std::string_view bytes) {
  std::size_t size = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) size = size << 8U | static_cast<unsigned char>(bytes[i]);
  return size;
}

// The file of that name if it is one of ours to use.
UniqueFd Open(const std::string& path, int flags) {
  UniqueFd fd(open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  struct stat found {};
  if (!fd.valid() || fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != geteuid())
    return {};
  return fd;
}

}  // namespace

std::unordered_map<std::string, PackedAnswer> IndexPack(std::string_view entries) {
  std::unordered_map<std::string, PackedAnswer> index;
  // After an entry that was cut off, the next one is looked for by its first bytes.
  for (std::size_t at = entries.find(kMagic); at != std::string_view::npos; at = entries.find(kMagic, at)) {
    std::string_view const rest = entries.substr(at);
    if (rest.size() < kHead) break;
    std::size_t const size = ReadLength(rest.substr(kMagic.size()));
    std::size_t const end = kHead + size;
    // What follows an entry is another one, or nothing.
    bool const whole = end == rest.size() || (end < rest.size() && rest.substr(end).starts_with(kMagic));
    if (!whole) {
      at += kMagic.size();
      continue;
    }
    index[std::string(rest.substr(kMagic.size() + kLengthBytes, SHA256_DIGEST_LENGTH))] = {at + kHead, size};
    at += end;
  }
  return index;
}

ResultPack::ResultPack(ResultCache& cache, std::string_view name)
    : cache_(cache),
      path_(cache.enabled() ? Cat({cache.folder(), "/pack-", name}) : std::string()) {}

ResultPack::~ResultPack() {
  std::lock_guard const lock(mutex_);
  Append();
}

void ResultPack::Load() {
  loaded_ = true;
  UniqueFd const fd = Open(path_, O_RDONLY);
  if (!fd.valid()) return;
  std::array<char, std::size_t{64} << 10U> buffer;
  while (entries_.size() <= 2 * kMostBytes) {
    ssize_t const got = read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    entries_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  index_ = IndexPack(entries_);
}

std::optional<std::string> ResultPack::Find(std::string_view question) {
  if (path_.empty()) return std::nullopt;
  std::string const key = Digest(question);
  std::string answer;
  std::string check;
  {
    std::lock_guard const lock(mutex_);
    if (!loaded_) Load();
    auto const found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    answer = entries_.substr(found->second.start, found->second.size);
    check = entries_.substr(found->second.start - kCheckBytes, kCheckBytes);
  }
  if (check != CheckOf(key, answer)) return std::nullopt;
  return answer;
}

void ResultPack::Put(std::string_view question, std::string_view answer) {
  if (path_.empty() || answer.size() > kMostAnswer) return;
  std::string const key = Digest(question);
  std::string const entry = Cat({kMagic, Length(answer.size()), key, CheckOf(key, answer), answer});
  std::lock_guard const lock(mutex_);
  unwritten_ += entry;
  if (unwritten_.size() >= kWriteFrom) Append();
}

void ResultPack::Append() {
  if (unwritten_.empty()) return;
  std::string const text = std::exchange(unwritten_, {});
  UniqueFd fd = Open(path_, O_WRONLY | O_CREAT | O_APPEND);
  if (!fd.valid() || flock(fd.get(), LOCK_EX) != 0) return;
  struct stat found {};
  if (fstat(fd.get(), &found) == 0 && static_cast<std::uint64_t>(found.st_size) > kMostBytes &&
      ftruncate(fd.get(), 0) != 0) {
    return;
  }
  // What is cut off is recognised when it is read.
  WriteWhole(fd.get(), text);
  fd.Close();
  cache_.Written();
}

}  // namespace fediversity::nix
