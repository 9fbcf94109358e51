// A Garage cluster to rehearse on: prints one line of JSON with what a client needs, and runs until standard input ends
// or SIGTERM comes.
//
//   garage_emulator [--version 1.3|2.1|2.5] [--port N] [--latency-ms N]

#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/common/program.h"
#include "tests/emulators/garage/emulator.h"

namespace fediversity::emulators::garage {
namespace {

struct Arguments {
  Store::Settings settings = {};
  int port = 0;
  std::chrono::milliseconds latency{0};
};

std::optional<Arguments> ReadArguments(int count, char** values) {
  static const std::map<std::string, Version> kVersions = {
      {"1.3", Version::kOneThree}, {"2.1", Version::kTwoOne}, {"2.5", Version::kTwoFive}};
  static const Pattern kNumber("\\d{1,6}");
  Arguments arguments;
  for (int at = 1; at < count; at += 2) {
    std::string const name = values[at];
    if (at + 1 == count) return std::nullopt;
    std::string const value = values[at + 1];
    auto const version = kVersions.find(value);
    if (name == "--version" && version != kVersions.end()) {
      arguments.settings.version = version->second;
    } else if (name == "--port" && kNumber.Matches(value)) {
      arguments.port = std::stoi(value);
    } else if (name == "--latency-ms" && kNumber.Matches(value)) {
      arguments.latency = std::chrono::milliseconds(std::stoi(value));
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int Run(int count, char** values) {
  auto arguments = ReadArguments(count, values);
  if (!arguments.has_value()) {
    std::fprintf(stderr, "usage: garage_emulator [--version 1.3|2.1|2.5] [--port N] [--latency-ms N]\n");
    return 2;
  }
  ProgramEnd const end;
  arguments->settings.seed = std::random_device()();
  GarageEmulator emulator(std::move(arguments->settings), arguments->port);
  emulator.SetLatency(arguments->latency);
  Json const line = {{"endpoint", emulator.Url()},
                     {"token", emulator.token()},
                     {"s3_endpoint", emulator.S3Url()},
                     {"web_endpoint", emulator.WebUrl()},
                     {"region", emulator.With([](Store& store) { return store.settings.region; })}};
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
  end.Wait();
  return 0;
}

}  // namespace
}  // namespace fediversity::emulators::garage

int main(int count, char** values) { return fediversity::emulators::garage::Run(count, values); }
