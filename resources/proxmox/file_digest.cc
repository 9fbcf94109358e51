#include "resources/proxmox/file_digest.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"

namespace fediversity::resources {
namespace {

constexpr std::size_t kPieceSize = 1 << 20;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;

absl::Status CannotRead(const std::string& path, int error) {
  std::array<char, 256> buffer{};
  std::string const text =
      Cat({"cannot read ", ValidUtf8(path), "\n", strerror_r(error, buffer.data(), buffer.size())});
  return error == ENOENT ? absl::NotFoundError(text) : absl::FailedPreconditionError(text);
}

absl::Status CannotDigest(std::string_view algorithm) {
  return absl::InvalidArgumentError(
      Cat({"no checksum by ", ValidUtf8(algorithm),
           "\nThe cryptographic library of this provider does not offer that algorithm."}));
}

absl::StatusOr<UniqueFd> OpenFile(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return CannotRead(path, errno);
  struct stat information {};
  if (fstat(fd.get(), &information) != 0) return CannotRead(path, errno);
  if (!S_ISREG(information.st_mode)) {
    return absl::FailedPreconditionError(Cat({"cannot read ", ValidUtf8(path), "\nIt is no ordinary file."}));
  }
  return fd;
}

absl::StatusOr<DigestContext> StartDigest(const std::string& algorithm) {
  const EVP_MD* const method = EVP_get_digestbyname(algorithm.c_str());
  DigestContext context(EVP_MD_CTX_new());
  if (method == nullptr || context == nullptr || EVP_DigestInit_ex(context.get(), method, nullptr) != 1) {
    return CannotDigest(algorithm);
  }
  return context;
}

absl::StatusOr<std::string> EndDigest(const std::string& algorithm, EVP_MD_CTX* context) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context, digest.data(), &size) != 1) return CannotDigest(algorithm);
  return absl::BytesToHexString(std::string(digest.begin(), digest.begin() + size));
}

}  // namespace

absl::StatusOr<FileDigest> DigestFile(const std::string& path, const std::set<std::string>& algorithms,
                                      const CancelToken& cancel) {
  ASSIGN_OR_RETURN(UniqueFd const fd, OpenFile(path));
  std::vector<std::pair<std::string, DigestContext>> contexts;
  for (const std::string& algorithm : algorithms) {
    ASSIGN_OR_RETURN(DigestContext context, StartDigest(algorithm));
    contexts.emplace_back(algorithm, std::move(context));
  }
  FileDigest result;
  std::vector<char> piece(kPieceSize);
  for (;;) {
    if (cancel.cancelled()) {
      return absl::CancelledError(Cat({"interrupted while reading ", ValidUtf8(path)}));
    }
    ssize_t const count = read(fd.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return CannotRead(path, errno);
    if (count == 0) break;
    result.size += count;
    for (const auto& [algorithm, context] : contexts) {
      if (EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(count)) != 1) {
        return CannotDigest(algorithm);
      }
    }
  }
  for (const auto& [algorithm, context] : contexts) {
    ASSIGN_OR_RETURN(result.digest[algorithm], EndDigest(algorithm, context.get()));
  }
  return result;
}

}  // namespace fediversity::resources
