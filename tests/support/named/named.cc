#include "tests/support/named/named.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "absl/strings/escaping.h"
#include "provider/backends/dns/message.h"
#include "provider/backends/dns/octets.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::testing {
namespace {

constexpr const char* kPrograms[] = {"/usr/sbin/named", "/usr/local/sbin/named"};
constexpr std::string_view kLoaded = "all zones loaded";
constexpr std::chrono::milliseconds kPause(10);
constexpr std::chrono::seconds kStartTime(30);
constexpr std::chrono::seconds kStopTime(10);

sockaddr_in LoopbackAt(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::uint16_t FreePort() {
  int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = LoopbackAt(0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    address.sin_port = 0;
  }
  close(fd);
  return ntohs(address.sin_port);
}

// Whether the server answers a query for the zone's SOA record at all; it may refuse.
bool Answers(std::uint16_t port, const std::string& zone) {
  absl::StatusOr<dns::Name> const name = dns::Name::ParseAbsolute(zone);
  if (!name.ok()) return false;
  int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in const address = LoopbackAt(port);
  bool answered = false;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    std::string const query = dns::BuildQuery(1, *name, dns::RecordType::kSoa);
    std::string frame;
    dns::Append16(frame, static_cast<unsigned>(query.size()));
    frame += query;
    send(fd, frame.data(), frame.size(), MSG_NOSIGNAL);
    pollfd waiting = {fd, POLLIN, 0};
    std::array<char, 512> answer;
    answered = poll(&waiting, 1, 1000) == 1 && recv(fd, answer.data(), answer.size(), 0) > 0;
  }
  close(fd);
  return answered;
}

std::string Configuration(const NamedOptions& options, const std::filesystem::path& folder,
                          std::uint16_t port) {
  std::string text =
      Cat({"options {\n  directory \"", folder.string(),
           "\";\n  pid-file none;\n  session-keyfile none;\n  listen-on port ", std::to_string(port),
           " { 127.0.0.1; };\n  listen-on-v6 { none; };\n  recursion no;\n  notify no;\n"
           "  dnssec-validation no;\n  empty-zones-enable no;\n  ",
           options.options, "\n};\ncontrols {};\n"});
  for (const NamedKey& key : options.keys) {
    text +=
        Cat({"key \"", key.name, "\" { algorithm ", key.algorithm, "; secret \"", key.secret, "\"; };\n"});
  }
  for (const NamedZone& zone : options.zones) {
    text += Cat({"zone \"", zone.name, "\" { type ", zone.type, "; file \"", zone.name, ".zone\"; ",
                 zone.statements, " };\n"});
  }
  return text;
}

// Runs from a copy: where AppArmor guards the installed program, it may not read our folder.
absl::Status CopyProgram(const std::filesystem::path& copy) {
  for (const char* const candidate : kPrograms) {
    if (access(candidate, X_OK) != 0) continue;
    std::error_code error;
    std::filesystem::copy_file(candidate, copy, error);
    return error ? absl::InternalError(Cat({"cannot copy ", candidate, ": ", error.message()}))
                 : absl::OkStatus();
  }
  return absl::NotFoundError("BIND is not installed (Debian package bind9)");
}

void Write(const std::filesystem::path& path, std::string_view text) { std::ofstream(path) << text; }

}  // namespace

NamedKey MakeNamedKey(std::string name, std::string algorithm) {
  std::random_device random;
  std::string octets;
  for (int i = 0; i < 32; ++i) octets += static_cast<char>(random());
  return {.name = std::move(name), .algorithm = std::move(algorithm), .secret = absl::Base64Escape(octets)};
}

absl::StatusOr<std::unique_ptr<Named>> Named::Start(const NamedOptions& options) {
  std::string pattern = (std::filesystem::temp_directory_path() / "named-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return absl::InternalError("no temporary folder");
  std::unique_ptr<Named> named(new Named);
  named->folder_ = pattern;
  named->first_zone_ = options.zones.at(0).name;
  RETURN_IF_ERROR(CopyProgram(named->folder_ / "named"));
  for (const NamedZone& zone : options.zones) {
    if (zone.type != "primary") continue;
    Write(
        named->folder_ / (zone.name + ".zone"),
        Cat({"$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n", zone.records}));
  }
  absl::Status status;
  for (int attempt = 0; attempt < 5; ++attempt) {  // another program may take the port first
    named->port_ = FreePort();
    Write(named->folder_ / "named.conf", Configuration(options, named->folder_, named->port_));
    status = named->Restart();
    if (status.ok()) return named;
  }
  return status;
}

absl::Status Named::Launch() {
  std::string const program = (folder_ / "named").string();
  std::string const configuration = (folder_ / "named.conf").string();
  std::string const log = (folder_ / "log").string();
  pid_t const parent = getpid();
  pid_ = fork();
  if (pid_ < 0) return absl::InternalError("fork failed");
  if (pid_ > 0) return absl::OkStatus();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  int const fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(fd, 1);
  dup2(fd, 2);
  execl(program.c_str(), program.c_str(), "-g", "-n", "1", "-c", configuration.c_str(),
        static_cast<char*>(nullptr));
  _exit(127);
}

absl::Status Named::Restart() {
  Stop();
  int const before = CountInLog(kLoaded);
  RETURN_IF_ERROR(Launch());
  absl::Status status = AwaitAnswer(before);
  if (!status.ok()) Stop();
  return status;
}

absl::Status Named::AwaitAnswer(int loaded_before) {
  auto const end = std::chrono::steady_clock::now() + kStartTime;
  while (std::chrono::steady_clock::now() < end) {
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::InternalError(Cat({"named ended at once\n", Log()}));
    }
    if (CountInLog(kLoaded) > loaded_before && Answers(port_, first_zone_)) return absl::OkStatus();
    std::this_thread::sleep_for(kPause);
  }
  return absl::DeadlineExceededError(Cat({"named does not answer\n", Log()}));
}

void Named::Stop() {
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  auto const end = std::chrono::steady_clock::now() + kStopTime;
  while (waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) kill(pid_, SIGKILL);
    std::this_thread::sleep_for(kPause);
  }
  pid_ = -1;
}

Named::~Named() {
  Stop();
  std::error_code ignored;  // a folder that stays behind in /tmp fails no test
  std::filesystem::remove_all(folder_, ignored);
}

std::string Named::Log() const {
  std::stringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

int Named::CountInLog(std::string_view text) const {
  std::istringstream log(Log());
  int count = 0;
  for (std::string line; std::getline(log, line);) count += line.find(text) != std::string::npos ? 1 : 0;
  return count;
}

}  // namespace fediversity::testing
