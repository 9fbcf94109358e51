#include "provider/base/whole_io.h"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace fediversity {

bool WriteWhole(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::optional<std::string> ReadWhole(int fd, std::size_t most) {
  std::string bytes;
  std::array<char, std::size_t{64} << 10U> buffer;
  while (true) {
    ssize_t const got = read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (bytes.size() > most) {
      errno = EFBIG;
      return std::nullopt;
    }
  }
}

}  // namespace fediversity
