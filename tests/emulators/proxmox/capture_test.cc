// Captures of real servers are replayed against a fresh emulator, and the answers compared.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/emulators/proxmox/replay.h"

namespace fediversity::emulators {
namespace {

struct Capture {
  std::string name;
  Version version;
  // Requests (by line, from 0) before which the status daemon had looked: its timing does not stand in the capture.
  std::set<std::size_t> looks;
  // The request before which VM 201 lost its protection; this, too, was done outside of the capture.
  std::size_t unprotected = 0;
};

void PrintTo(const Capture& capture, std::ostream* out) { *out << capture.name; }

// What earlier runs had left on the servers.
void Furnish(const Capture& capture, Replay& replay) {
  constexpr std::uint64_t kEfiDisk = 540'672;
  constexpr std::uint64_t kGibibyte = 1ULL << 30;
  bool const nine = capture.version == Version::kNine;
  if (capture.name.starts_with("full")) {
    for (int number = 0; number < (nine ? 4 : 2); ++number) {
      replay.AddFile("local:202/vm-202-disk-" + std::to_string(number) + ".raw", 202, "images", "raw",
                     kEfiDisk, kEfiDisk);
    }
  }
  if (nine) return;
  replay.AddFile("local:import/img.qcow2", 0, "import", "qcow2", 196'616);
  replay.AddFile("local:100/vm-100-disk-0.raw", 100, "images", "raw", kGibibyte);
  replay.emulator().With([](Cluster& cluster) {
    cluster.access.acl.push_back({.path = "/storage/local", .who = "bob@pve", .role = "NoAccess"});
    cluster.vms[100] = {.vmid = 100,
                        .node = "pve",
                        .config = {{"name", "web1"},
                                   {"memory", "512"},
                                   {"scsi0", "local:100/vm-100-disk-0.raw,size=1G"},
                                   {"net0", "virtio=BC:24:11:A3:EC:FB,bridge=vmbr0"},
                                   {"smbios1", "uuid=7b0a453a-0f38-4b3a-a8f2-101efe1ffcc3"},
                                   {"boot", "order=scsi0;net0"}}};
  });
}

std::vector<Json> ReadLines(const std::string& name) {
  std::ifstream file(FEDIVERSITY_GOLDEN_FOLDER "/proxmox/" + name + ".jsonl");
  std::vector<Json> entries;
  for (std::string line; std::getline(file, line);) entries.push_back(Json::parse(line));
  return entries;
}

class JsonReplay {
 public:
  explicit JsonReplay(const Capture& capture) : capture_(capture), replay_(capture.version) {
    Furnish(capture, replay_);
    replay_.emulator().Refresh();
  }

  void Run() {
    std::vector<Json> const entries = ReadLines(capture_.name);
    ASSERT_GT(entries.size(), 50U);
    for (std::size_t line = 0; line < entries.size(); ++line) {
      if (capture_.looks.contains(line)) replay_.emulator().Refresh();
      Step(line, entries[line]);
    }
  }

 private:
  TestClient ClientFor(const std::string& note) {
    const TestClient& root = replay_.root();
    ProxmoxEmulator& emulator = replay_.emulator();
    if (note == "as PVEAuditor") return root.As("auditor@pve", "audit-pass-1");
    if (note == "as a user without rights") return root.As("stranger@pve", "stranger-pass-1");
    if (note == "unknown token") return {emulator, {.authorization = "PVEAPIToken=root@pam!none=x"}};
    if (note == "malformed token") return {emulator, {.authorization = "PVEAPIToken=nonsense"}};
    return root;
  }

  static Params ParamsOf(const Json& entry) {
    Params params;
    for (const auto& [name, value] : entry["params"].items()) {
      // The captures write '__' for the '-' in names of parameters.
      std::string key = name;
      for (auto at = key.find("__"); at != std::string::npos; at = key.find("__")) key.replace(at, 2, "-");
      params[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return params;
  }

  void Step(std::size_t line, const Json& entry) {
    std::string const note = entry["note"].is_string() ? entry["note"] : "";
    SCOPED_TRACE(capture_.name + " line " + std::to_string(line) + ": " + entry["method"].get<std::string>() +
                 " " + entry["path"].get<std::string>() + " " + entry["params"].dump() + " " + note);
    if (line == capture_.unprotected && line != 0) {
      replay_.emulator().With([](Cluster& cluster) { cluster.vms[201].config["protection"] = "0"; });
    }
    if (note == "final status of the task") replay_.emulator().FinishTasks();
    replay_.Send({.method = entry["method"],
                  .path = entry["path"],
                  .params = ParamsOf(entry),
                  .status = entry["status"],
                  .reason = entry["reason"],
                  .answer = entry["answer"].is_object() ? entry["answer"] : Json()},
                 ClientFor(note));
  }

  Capture capture_;
  Replay replay_;
};

class CaptureTest : public ::testing::TestWithParam<Capture> {};

TEST_P(CaptureTest, AnswersAsCaptured) { JsonReplay(GetParam()).Run(); }

INSTANTIATE_TEST_SUITE_P(All, CaptureTest,
                         ::testing::Values(Capture{"full-9.2", Version::kNine, {11, 54}, 86},
                                           Capture{"full-8.4", Version::kEight, {11, 54}, 86},
                                           Capture{"more-9.2", Version::kNine, {7}, 0},
                                           Capture{"more-8.4", Version::kEight, {}, 0}),
                         [](const auto& capture) {
                           std::string name = capture.param.name;
                           std::erase_if(name, [](char letter) { return letter == '-' || letter == '.'; });
                           return name;
                         });

}  // namespace
}  // namespace fediversity::emulators
