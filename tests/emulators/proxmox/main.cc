// A Proxmox VE cluster to rehearse on: prints one line of JSON with what a client needs, and runs until standard input
// ends or SIGTERM comes.
//
//   proxmox_emulator [--version 8.4|9.2] [--nodes pve1,pve2] [--port N] [--task-latency-ms N]

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulators/common/program.h"
#include "tests/emulators/proxmox/emulator.h"

namespace fediversity::emulators {
namespace {

struct Arguments {
  Cluster::Settings settings = {};
  int port = 0;
};

std::optional<Arguments> ReadArguments(int count, char** values) {
  Arguments arguments;
  for (int at = 1; at < count; at += 2) {
    std::string_view const name = values[at];
    if (at + 1 == count) return std::nullopt;
    std::string const value = values[at + 1];
    if (name == "--version" && (value == "8.4" || value == "9.2")) {
      arguments.settings.version = value == "8.4" ? Version::kEight : Version::kNine;
    } else if (name == "--nodes") {
      arguments.settings.nodes = SplitList(value);
    } else if (name == "--port" && ParseInteger(value).has_value()) {
      arguments.port = static_cast<int>(*ParseInteger(value));
    } else if (name == "--task-latency-ms" && ParseInteger(value).has_value()) {
      arguments.settings.task_latency = std::chrono::milliseconds(*ParseInteger(value));
    } else {
      return std::nullopt;
    }
  }
  if (arguments.settings.nodes.empty()) return std::nullopt;
  return arguments;
}

int Run(int count, char** values) {
  auto arguments = ReadArguments(count, values);
  if (!arguments.has_value()) {
    std::fprintf(
        stderr,
        "usage: proxmox_emulator [--version 8.4|9.2] [--nodes A,B] [--port N] [--task-latency-ms N]\n");
    return 2;
  }
  ProgramEnd const end;
  ProxmoxEmulator emulator(std::move(arguments->settings), arguments->port);
  Json const line = {{"port", emulator.port()},          {"endpoint", emulator.Url()},
                     {"pem", emulator.CertificatePem()}, {"fingerprint", emulator.Fingerprint()},
                     {"token", emulator.root_token()},   {"password", emulator.root_password()}};
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
  end.Wait();
  return 0;
}

}  // namespace
}  // namespace fediversity::emulators

int main(int count, char** values) { return fediversity::emulators::Run(count, values); }
