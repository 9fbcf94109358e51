#include "tests/emulators/proxmox/replay.h"

#include <gtest/gtest.h>

#include "tests/emulators/common/percent.h"

namespace fediversity::emulators {
namespace {

Cluster::Settings LikeCaptured(Version version) {
  return {.version = version,
          .nodes = {"pve"},
          .storages = {{.name = "local"}},
          .task_latency = std::chrono::milliseconds(0),
          .lock_timeout = std::chrono::milliseconds(100),
          .status_period = std::chrono::hours(1000),
          .qemu_version = "7.2.22",
          .has_virt_fw_vars = false,
          .has_wget = false,
          .has_ha_manager = false};
}

}  // namespace

Replay::Replay(Version version) : emulator_(LikeCaptured(version)), root_(emulator_) {}

void Replay::AddFile(const std::string& id, int vmid, const std::string& content, const std::string& format,
                     std::uint64_t size, std::uint64_t used) {
  emulator_.With([&](Cluster& cluster) {
    cluster.AddVolume({.id = id,
                       .storage = "local",
                       .node = "pve",
                       .vmid = vmid,
                       .content = content,
                       .format = format,
                       .size = size,
                       .used = used});
  });
}

std::string Replay::PathOf(const std::string& captured) const {
  auto const start = captured.find("UPID");
  if (start == std::string::npos) return captured;
  auto const end = std::min(captured.find('/', start), captured.size());
  std::string const upid = PercentDecode(captured.substr(start, end - start), false);
  return captured.substr(0, start) + PercentEncode(comparison_.Translate(upid)) + captured.substr(end);
}

void Replay::Send(const Exchange& exchange, const TestClient& client) {
  emulator_.With([](Cluster& cluster) {
    for (auto& [vmid, vm] : cluster.vms) vm.guest.answers_shutdown = false;
  });
  Params params;
  for (const auto& [name, value] : exchange.params) {
    comparison_.MarkSent(value);
    params[name] = comparison_.Translate(value);
  }
  Compare(exchange, client.Send(exchange.method, PathOf(exchange.path), params));
}

void Replay::Compare(const Exchange& exchange, const TestAnswer& answer) {
  EXPECT_EQ(answer.status, exchange.status) << answer.body;
  EXPECT_EQ(answer.reason, exchange.reason);
  if (!exchange.has_answer) return;
  EXPECT_EQ(answer.body.is_null(), exchange.answer.is_null());
  std::string const plain = exchange.path.substr(0, exchange.path.find("UPID"));
  for (const std::string& difference : comparison_.Compare(plain, exchange.answer, answer.body))
    ADD_FAILURE() << difference;
}

}  // namespace fediversity::emulators
