// A Proxmox VE cluster to rehearse on: prints one line of JSON with what a client needs, and runs until standard input
// ends or a signal comes. Tests do more to it by its control API (control_api.h).

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulators/common/program.h"
#include "tests/emulators/proxmox/emulator.h"
#include "tests/emulators/proxmox/sample_vms.h"

namespace fediversity::emulators {
namespace {

struct Arguments {
  Cluster::Settings settings = {.idle_timeout = std::chrono::seconds(5)};  // as pveproxy has it
  int port = 0;
  int vms = 0;
  std::chrono::milliseconds request_latency{0};
  bool quorate = true;
};

struct Option {
  std::string_view name;
  std::string_view values;
  std::string_view what;
  bool (*read)(Arguments& arguments, const std::string& value);  // false: no such value
};

// A number that is not negative.
template <typename Number>
bool ReadNumber(const std::string& text, Number& number) {
  auto const value = ParseInteger(text);
  if (!value.has_value() || *value < 0) return false;
  number = Number(static_cast<int>(*value));
  return true;
}

constexpr Option kOptions[] = {
    {"--version", "8.4|9.2", "which Proxmox VE it is (9.2)",
     [](Arguments& arguments, const std::string& value) {
       arguments.settings.version = value == "8.4" ? Version::kEight : Version::kNine;
       return value == "8.4" || value == "9.2";
     }},
    {"--nodes", "A,B,...", "the names of its nodes (pve1,pve2,pve3)",
     [](Arguments& arguments, const std::string& value) {
       arguments.settings.nodes = SplitList(value);
       return !arguments.settings.nodes.empty();
     }},
    {"--vms", "N", "how many VMs there are at first (0)",
     [](Arguments& arguments, const std::string& value) { return ReadNumber(value, arguments.vms); }},
    {"--port", "N", "where it listens on 127.0.0.1 (0: any free port)",
     [](Arguments& arguments, const std::string& value) { return ReadNumber(value, arguments.port); }},
    {"--task-latency-ms", "N", "how long a task takes (20)",
     [](Arguments& arguments, const std::string& value) {
       return ReadNumber(value, arguments.settings.task_latency);
     }},
    {"--request-latency-ms", "N", "how long a request takes (0)",
     [](Arguments& arguments, const std::string& value) {
       return ReadNumber(value, arguments.request_latency);
     }},
    {"--idle-timeout-ms", "N", "when it closes a connection that nothing comes over (5000; 0: never)",
     [](Arguments& arguments, const std::string& value) {
       return ReadNumber(value, arguments.settings.idle_timeout);
     }},
    {"--quorum", "yes|no", "whether the cluster has its quorum (yes)",
     [](Arguments& arguments, const std::string& value) {
       arguments.quorate = value == "yes";
       return value == "yes" || value == "no";
     }},
};

std::optional<Arguments> ReadArguments(int count, char** values) {
  Arguments arguments;
  for (int at = 1; at < count; at += 2) {
    const Option* const option = std::ranges::find(kOptions, std::string_view(values[at]), &Option::name);
    if (option == std::end(kOptions) || at + 1 == count) return std::nullopt;
    if (!option->read(arguments, values[at + 1])) return std::nullopt;
  }
  return arguments;
}

void PrintUsage(std::FILE* out) {
  std::fprintf(out, "Usage: fediversity-sandbox [OPTION VALUE]...\n\n");
  for (const Option& option : kOptions) {
    std::string const left = std::string(option.name) + " " + std::string(option.values);
    std::fprintf(out, "  %-24s %s\n", left.c_str(), std::string(option.what).c_str());
  }
}

int Run(int count, char** values) {
  if (count == 2 && std::string_view(values[1]) == "--help") {
    PrintUsage(stdout);
    return 0;
  }
  auto arguments = ReadArguments(count, values);
  if (!arguments.has_value()) {
    PrintUsage(stderr);
    return 2;
  }
  ProgramEnd const end;
  ProxmoxEmulator emulator(std::move(arguments->settings), arguments->port);
  emulator.SetRequestLatency(arguments->request_latency);
  emulator.With([&](Cluster& cluster) {
    AddSampleVms(cluster, arguments->vms);
    cluster.quorate = arguments->quorate;
  });
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
