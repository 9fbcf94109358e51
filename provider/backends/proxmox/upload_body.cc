#include "provider/backends/proxmox/upload_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "provider/base/text.h"
#include "provider/base/unique_fd.h"

namespace fediversity::proxmox {
namespace {

absl::Status CannotRead(const std::string& file, int error) {
  std::array<char, 256> buffer{};
  std::string const text = Cat({"cannot read ", file, "\n", strerror_r(error, buffer.data(), buffer.size())});
  return error == ENOENT ? absl::NotFoundError(text) : absl::FailedPreconditionError(text);
}

// A text, then a file, then a text, as one stream of bytes.
class FileInMultipart final : public http::BodySource {
 public:
  FileInMultipart(const UploadRequest& request, UniqueFd fd, std::uint64_t file_size, std::string head,
                  std::string tail)
      : file_(request.file),
        progress_(request.progress),
        fd_(std::move(fd)),
        file_size_(file_size),
        head_(std::move(head)),
        tail_(std::move(tail)) {}

  std::uint64_t size() const override { return head_.size() + file_size_ + tail_.size(); }

  absl::Status Rewind() override {
    position_ = 0;
    return absl::OkStatus();
  }

  absl::StatusOr<std::size_t> Read(std::span<char> buffer) override {
    if (position_ < head_.size()) return Copy(head_, position_, buffer);
    std::uint64_t const in_file = position_ - head_.size();
    if (in_file < file_size_) return ReadFile(in_file, buffer);
    return Copy(tail_, in_file - file_size_, buffer);
  }

 private:
  std::size_t Copy(const std::string& text, std::uint64_t from, std::span<char> buffer) {
    std::size_t const count = std::min<std::uint64_t>(text.size() - from, buffer.size());
    std::copy_n(text.data() + from, count, buffer.data());
    position_ += count;
    return count;
  }

  absl::StatusOr<std::size_t> ReadFile(std::uint64_t from, std::span<char> buffer) {
    // What was appended since it was opened is left out, as the length is told at the start.
    std::size_t const wanted = std::min<std::uint64_t>(file_size_ - from, buffer.size());
    ssize_t count = 0;
    do count = pread(fd_.get(), buffer.data(), wanted, static_cast<off_t>(from));
    while (count < 0 && errno == EINTR);
    if (count < 0) return CannotRead(file_, errno);
    if (count == 0) {
      return absl::FailedPreconditionError(ToAbsl(Cat({file_, " became shorter while it was uploaded"})));
    }
    position_ += static_cast<std::uint64_t>(count);
    if (progress_) {
      progress_(static_cast<std::int64_t>(position_ - head_.size()), static_cast<std::int64_t>(file_size_));
    }
    return static_cast<std::size_t>(count);
  }

  std::string const file_;
  std::function<void(std::int64_t, std::int64_t)> const progress_;
  UniqueFd const fd_;
  std::uint64_t const file_size_;
  std::string const head_;
  std::string const tail_;
  std::uint64_t position_ = 0;
};

// Long enough that no file holds it by chance.
std::string MakeBoundary() {
  std::random_device random;
  std::array<char, 24> bytes{};
  for (char& byte : bytes) byte = static_cast<char>(random());
  return "fediversity-" + absl::BytesToHexString(std::string(bytes.data(), bytes.size()));
}

std::string Part(std::string_view boundary, std::string_view name, std::string_view value) {
  return Cat(
      {"--", boundary, "\r\nContent-Disposition: form-data; name=\"", name, "\"\r\n\r\n", value, "\r\n"});
}

// A file name stands in quotes, and what would end them is not allowed in one by the service either.
bool IsPlainName(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](char byte) {
    return byte == '"' || byte == '\\' || byte == '/' || static_cast<unsigned char>(byte) < ' ';
  });
}

}  // namespace

absl::StatusOr<http::Body> UploadBody(const UploadRequest& request) {
  if (!IsPlainName(request.filename)) {
    return absl::InvalidArgumentError(
        ToAbsl(Cat({"\"", ValidUtf8(request.filename), "\" cannot be the name of an uploaded file"})));
  }
  UniqueFd fd(open(request.file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return CannotRead(request.file, errno);
  struct stat information {};
  if (fstat(fd.get(), &information) != 0) return CannotRead(request.file, errno);
  if (!S_ISREG(information.st_mode)) {
    return absl::FailedPreconditionError(
        ToAbsl(Cat({"cannot upload ", request.file, "\nIt is no ordinary file."})));
  }
  std::string const boundary = MakeBoundary();
  std::string head = Part(boundary, "content", request.content);
  if (request.checksum.has_value()) {
    head += Part(boundary, "checksum-algorithm", request.checksum->algorithm);
    head += Part(boundary, "checksum", request.checksum->value);
  }
  head += Cat({"--", boundary, "\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"",
               request.filename, "\"\r\nContent-Type: application/octet-stream\r\n\r\n"});
  std::string tail = Cat({"\r\n--", boundary, "--\r\n"});
  return http::Body{.content_type = Cat({"multipart/form-data; boundary=", boundary}),
                    .source = std::make_shared<FileInMultipart>(
                        request, std::move(fd), static_cast<std::uint64_t>(information.st_size),
                        std::move(head), std::move(tail))};
}

}  // namespace fediversity::proxmox
