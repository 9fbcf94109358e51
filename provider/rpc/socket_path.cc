#include "provider/rpc/socket_path.h"

#include <grp.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::rpc {
namespace {

constexpr std::string_view kFallbackDirectory = "/tmp";
constexpr mode_t kOwnerAndGroup = 0660;

absl::StatusOr<std::string> RandomName() {
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number) {
    return absl::ErrnoToStatus(errno, "cannot choose a name for the socket");
  }
  return absl::StrCat("fediversity-", absl::Hex(number, absl::kZeroPad16), ".sock");
}

bool FitsAddress(std::string_view path) { return path.size() < sizeof(sockaddr_un::sun_path); }

std::string In(std::string_view directory, std::string_view name) { return Cat({directory, "/", name}); }

absl::StatusOr<gid_t> FindGroup(const std::string& group) {
  std::uint32_t number = 0;
  if (absl::SimpleAtoi(group, &number)) return gid_t{number};
  std::vector<char> buffer(std::size_t{64} * 1024);
  struct group entry {};
  struct group* found = nullptr;
  int const error = getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr) return found->gr_gid;
  if (error != 0) return absl::ErrnoToStatus(error, ToAbsl(Cat({"cannot look up the group ", group})));
  return absl::NotFoundError(
      ToAbsl(Cat({"PLUGIN_UNIX_SOCKET_GROUP names ", group, ", and there is no such group"})));
}

}  // namespace

absl::StatusOr<std::string> ChooseSocketPath(const HostRequest& request) {
  ASSIGN_OR_RETURN(std::string const name, RandomName());
  if (!request.socket_directory.empty()) {
    std::string path = In(request.socket_directory, name);
    if (FitsAddress(path)) return path;
    return absl::InvalidArgumentError(ToAbsl(
        Cat({"PLUGIN_UNIX_SOCKET_DIR is too long for the address of a socket: ", request.socket_directory})));
  }
  std::string const& temporary = request.temporary_directory;
  // The handshake line has no way of quoting its separators.
  bool const fits_line = temporary.find_first_of("|\n\r") == std::string::npos;
  if (!temporary.empty() && fits_line && access(temporary.c_str(), W_OK | X_OK) == 0) {
    std::string path = In(temporary, name);
    if (FitsAddress(path)) return path;
  }
  return In(kFallbackDirectory, name);
}

std::string ListeningAddress(std::string_view path) {
  return Cat({"unix:", absl::StrReplaceAll(ToAbsl(path), {{"%", "%25"}})});
}

absl::Status ShareWithGroup(const std::string& path, const std::string& group) {
  if (group.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(gid_t const number, FindGroup(group));
  constexpr auto kSameOwner = static_cast<uid_t>(-1);
  if (chown(path.c_str(), kSameOwner, number) != 0 || chmod(path.c_str(), kOwnerAndGroup) != 0) {
    return absl::ErrnoToStatus(errno, ToAbsl(Cat({"cannot give the socket to the group ", group})));
  }
  return absl::OkStatus();
}

}  // namespace fediversity::rpc
