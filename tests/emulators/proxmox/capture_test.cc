// Captures of real servers are replayed against a fresh emulator, and the answers compared.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/emulators/common/percent.h"
#include "tests/emulators/proxmox/test_client.h"
#include "tests/emulators/proxmox/volatile_fields.h"

namespace fediversity::emulators {
namespace {

using std::chrono::hours;

struct Capture {
  std::string name;
  Version version;
  // Requests (by line, from 0) before which the status daemon had looked: its timing does not stand in the capture.
  std::set<std::size_t> looks;
  // The request before which VM 201 lost its protection; this, too, was done outside of the capture.
  std::size_t unprotected = 0;
};

void PrintTo(const Capture& capture, std::ostream* out) { *out << capture.name; }

void AddFile(Cluster& cluster, const std::string& id, int vmid, const std::string& content,
             const std::string& format, std::uint64_t size) {
  cluster.AddVolume({.id = id,
                     .storage = "local",
                     .node = "pve",
                     .vmid = vmid,
                     .content = content,
                     .format = format,
                     .size = size,
                     .used = 4096});
}

// What earlier runs had left on the servers.
void Furnish(const Capture& capture, Cluster& cluster) {
  constexpr std::uint64_t kEfiDisk = 540'672;
  constexpr std::uint64_t kGibibyte = 1ULL << 30;
  bool const nine = capture.version == Version::kNine;
  if (capture.name.starts_with("full")) {
    for (int number = 0; number < (nine ? 4 : 2); ++number) {
      AddFile(cluster, "local:202/vm-202-disk-" + std::to_string(number) + ".raw", 202, "images", "raw",
              kEfiDisk);
    }
  }
  if (nine) return;
  cluster.access.acl.push_back({.path = "/storage/local", .who = "bob@pve", .role = "NoAccess"});
  AddFile(cluster, "local:import/img.qcow2", 0, "import", "qcow2", 196'616);
  AddFile(cluster, "local:100/vm-100-disk-0.raw", 100, "images", "raw", kGibibyte);
  cluster.vms[100] = {.vmid = 100,
                      .node = "pve",
                      .config = {{"name", "web1"},
                                 {"memory", "512"},
                                 {"scsi0", "local:100/vm-100-disk-0.raw,size=1G"},
                                 {"net0", "virtio=BC:24:11:A3:EC:FB,bridge=vmbr0"},
                                 {"smbios1", "uuid=7b0a453a-0f38-4b3a-a8f2-101efe1ffcc3"},
                                 {"boot", "order=scsi0;net0"}}};
}

Cluster::Settings LikeCaptured(const Capture& capture) {
  return {.version = capture.version,
          .nodes = {"pve"},
          .storages = {{.name = "local"}},
          .task_latency = std::chrono::milliseconds(0),
          .status_period = hours(1000),
          .qemu_version = "7.2.22",
          .has_virt_fw_vars = false,
          .has_wget = false,
          .has_ha_manager = false};
}

std::vector<Json> ReadLines(const std::string& name) {
  std::ifstream file(FEDIVERSITY_GOLDEN_FOLDER "/proxmox/" + name + ".jsonl");
  std::vector<Json> entries;
  for (std::string line; std::getline(file, line);) entries.push_back(Json::parse(line));
  return entries;
}

class Replay {
 public:
  explicit Replay(const Capture& capture)
      : capture_(capture),
        emulator_(LikeCaptured(capture)),
        root_(emulator_) {
    emulator_.With([&](Cluster& cluster) {
      Furnish(capture, cluster);
      cluster.Refresh();
    });
  }

  void Run() {
    std::vector<Json> const entries = ReadLines(capture_.name);
    ASSERT_GT(entries.size(), 50U);
    for (std::size_t line = 0; line < entries.size(); ++line) {
      if (capture_.looks.contains(line)) emulator_.Refresh();
      Step(line, entries[line]);
    }
  }

 private:
  TestClient ClientFor(const std::string& note) {
    if (note == "as PVEAuditor") return root_.As("auditor@pve", "audit-pass-1");
    if (note == "as a user without rights") return root_.As("stranger@pve", "stranger-pass-1");
    if (note == "unknown token") return {emulator_, {.authorization = "PVEAPIToken=root@pam!none=x"}};
    if (note == "malformed token") return {emulator_, {.authorization = "PVEAPIToken=nonsense"}};
    return root_;
  }

  Params ParamsOf(const Json& entry) {
    Params params;
    for (const auto& [name, value] : entry["params"].items()) {
      std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      comparison_.MarkSent(text);
      // The captures write '__' for the '-' in names of parameters.
      std::string key = name;
      for (auto at = key.find("__"); at != std::string::npos; at = key.find("__")) key.replace(at, 2, "-");
      params[key] = comparison_.Translate(text);
    }
    return params;
  }

  std::string PathOf(const Json& entry) {
    std::string path = entry["path"];
    auto const start = path.find("UPID");
    if (start == std::string::npos) return path;
    std::string upid;
    auto const end = path.rfind('/');
    for (std::size_t at = start; at < end; ++at) {
      if (path[at] == '%') {
        upid += static_cast<char>(std::stoi(path.substr(at + 1, 2), nullptr, 16));
        at += 2;
      } else {
        upid += path[at];
      }
    }
    return path.substr(0, start) + PercentEncode(comparison_.Translate(upid)) + path.substr(end);
  }

  void Step(std::size_t line, const Json& entry) {
    std::string const note = entry["note"].is_string() ? entry["note"] : "";
    SCOPED_TRACE(capture_.name + " line " + std::to_string(line) + ": " + entry["method"].get<std::string>() +
                 " " + entry["path"].get<std::string>() + " " + entry["params"].dump() + " " + note);
    emulator_.With([&](Cluster& cluster) {  // the captured guests were empty disks
      for (auto& [vmid, vm] : cluster.vms) vm.guest.answers_shutdown = false;
    });
    if (line == capture_.unprotected && line != 0) {
      emulator_.With([](Cluster& cluster) { cluster.vms[201].config["protection"] = "0"; });
    }
    if (note == "final status of the task") emulator_.FinishTasks();
    std::string const path = PathOf(entry);
    TestAnswer const answer = ClientFor(note).Send(entry["method"], path, ParamsOf(entry));
    EXPECT_EQ(answer.status, entry["status"].get<int>()) << answer.body;
    EXPECT_EQ(answer.reason, entry["reason"].get<std::string>());
    std::string const plain = path.substr(0, path.find("UPID"));
    Json const captured = entry["answer"].is_object() ? entry["answer"] : Json();
    EXPECT_EQ(answer.body.is_null(), captured.is_null());
    for (const std::string& difference : comparison_.Compare(plain, captured, answer.body))
      ADD_FAILURE() << difference;
  }

  Capture capture_;
  ProxmoxEmulator emulator_;
  TestClient root_;
  CaptureComparison comparison_;
};

class CaptureTest : public ::testing::TestWithParam<Capture> {};

TEST_P(CaptureTest, AnswersAsCaptured) { Replay(GetParam()).Run(); }

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
