// Decoders on what real servers answered, and on what no server should.

#include "provider/backends/proxmox/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/provider/backends/proxmox/captures.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A path with "#" in place of a number and "UPID" in place of one.
std::string ShapeOf(const std::string& path) {
  std::string shape;
  for (const auto segment : absl::StrSplit(path, '/')) {
    if (segment.empty()) continue;
    bool const number = segment.find_first_not_of("0123456789") == segment.npos;
    bool const task = absl::StartsWith(segment, "UPID");
    shape += "/" + (number ? "#" : task ? "UPID" : std::string(segment));
  }
  return shape;
}

TEST(CapturesTest, EveryAnswerIsUnderstood) {
  using Check = std::function<absl::Status(const json&)>;
  std::map<std::string, Check> const decoders = {
      {"/cluster/resources", [](const json& d) { return DecodeResources(d, "x").status(); }},
      {"/nodes/pve/qemu/#/config", [](const json& d) { return DecodeConfig(d, "x").status(); }},
      {"/nodes/pve/qemu/#/pending", [](const json& d) { return DecodePending(d, "x").status(); }},
      {"/nodes/pve/qemu/#/cloudinit", [](const json& d) { return DecodePending(d, "x").status(); }},
      {"/nodes/pve/qemu/#/status/current", [](const json& d) { return DecodeStatus(d, "x").status(); }},
      {"/version", [](const json& d) { return DecodeVersion(d, "x").status(); }},
      {"/cluster/status", [](const json& d) { return DecodeClusterStatus(d, "x").status(); }},
      {"/access/permissions", [](const json& d) { return DecodePermissions(d, "x").status(); }},
      {"/nodes/pve/network", [](const json& d) { return DecodeInterfaces(d, "x").status(); }},
      {"/cluster/ha/resources", [](const json& d) { return DecodeHa(d, "x").status(); }},
      {"/nodes/pve/storage", [](const json& d) { return DecodeStorages(d, "pve", "x").status(); }},
      {"/nodes/pve/storage/local/content", [](const json& d) { return DecodeVolumes(d, "x").status(); }},
      {"/nodes/pve/tasks/UPID/status", [](const json& d) { return DecodeTaskStatus(d, "x").status(); }},
      {"/nodes/pve/tasks/UPID/log", [](const json& d) { return DecodeTaskLog(d, "x").status(); }},
  };
  std::map<std::string, int> used;
  for (const Capture& capture : Captures()) {
    if (capture.method != "GET" || capture.status != 200) continue;
    auto const decoder = decoders.find(ShapeOf(capture.path));
    if (decoder == decoders.end()) continue;
    ++used[decoder->first];
    absl::Status const status = decoder->second(capture.answer.at("data"));
    EXPECT_TRUE(status.ok()) << capture.path << ": " << status;
  }
  EXPECT_EQ(used.size(), decoders.size()) << "a decoder met no capture";
}

TEST(CapturesTest, WritesThatStartATaskAnswerItsUpid) {
  int tasks = 0;
  for (const Capture& capture : Captures()) {
    if (capture.method == "GET" || capture.status != 200) continue;
    const json& data = capture.answer.at("data");
    if (!data.is_string()) continue;
    ++tasks;
    auto const upid = DecodeUpid(data);
    ASSERT_TRUE(upid.has_value()) << data;
    EXPECT_EQ(NodeOfUpid(*upid), "pve");
  }
  EXPECT_GT(tasks, 50);
}

TEST(DecodeResourcesTest, TakesWhatTheTableHas) {
  auto const resources = DecodeResources(json::parse(R"([
      {"type": "pool", "id": "/pool/tenants", "pool": "tenants"},
      {"type": "node", "node": "pve", "status": "online", "maxcpu": 2, "cpu": 0.25, "mem": 5, "maxmem": 10, "uptime": 3},
      {"type": "node", "node": "dark", "status": "offline"},
      {"type": "lxc", "vmid": 300, "node": "pve"},
      {"type": "qemu", "vmid": "201", "node": "pve", "name": "web-1", "status": "stopped", "pool": "tenants",
       "tags": "prod;web", "template": 1, "lock": "backup", "hastate": "started", "maxmem": 2147483648, "maxcpu": 2}])"),
                                         "x");
  ASSERT_TRUE(resources.ok()) << resources.status();
  ASSERT_EQ(resources->vms.size(), 1U);
  const VmSummary& vm = *resources->Find(201);
  EXPECT_EQ(vm.name, "web-1");
  EXPECT_EQ(vm.pool, "tenants");
  EXPECT_EQ(vm.tags, "prod;web");
  EXPECT_EQ(vm.lock, "backup");
  EXPECT_EQ(vm.ha_state, "started");
  EXPECT_EQ(vm.is_template, true);
  EXPECT_EQ(vm.max_memory, 2147483648);
  EXPECT_EQ(resources->Find(300), nullptr) << "containers are no VMs";
  EXPECT_TRUE(resources->FindNode("pve")->online);
  EXPECT_EQ(resources->FindNode("pve")->max_memory, 10);
  EXPECT_FALSE(resources->FindNode("dark")->online);
  EXPECT_EQ(resources->FindNode("dark")->max_memory, std::nullopt);
}

// Made seconds ago, or on a node that is down.
TEST(DecodeResourcesTest, WhatNoNodeHasToldIsNotKnown) {
  auto const resources = DecodeResources(json::parse(R"([
      {"type": "qemu", "id": "qemu/301", "vmid": 301, "node": "pve", "status": "unknown"},
      {"type": "qemu", "id": "qemu/302", "vmid": 302, "node": "pve", "status": "stopped"}])"),
                                         "x");
  ASSERT_TRUE(resources.ok()) << resources.status();
  const VmSummary& vm = *resources->Find(301);
  EXPECT_EQ(vm.is_template, std::nullopt);
  EXPECT_EQ(vm.max_memory, std::nullopt);
  EXPECT_EQ(vm.max_cpu, std::nullopt);
  EXPECT_EQ(vm.max_disk, std::nullopt);
  EXPECT_EQ(resources->Find(302)->is_template, false);
}

TEST(DecodeConfigTest, NumbersAndTextsAreTheSame) {
  auto const config = DecodeConfig(
      json::parse(
          R"({"cores": 2, "memory": "512", "cpulimit": 1.5, "onboot": true, "digest": "abc", "none": null})"),
      "x");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->digest, "abc");
  EXPECT_EQ(config->values, (std::map<std::string, std::string, std::less<>>{
                                {"cores", "2"}, {"memory", "512"}, {"cpulimit", "1.5"}, {"onboot", "1"}}));
}

TEST(DecodePendingTest, OnlyWhatIsPending) {
  auto const changes = DecodePending(json::parse(R"([
      {"key": "smbios1", "value": "uuid=x"}, {"key": "cores", "value": 1, "pending": 2},
      {"key": "net0", "value": "virtio", "delete": 1}, {"key": "vga", "pending": "std"}, {"key": "f", "value": 1, "delete": 2}])"),
                                     "x");
  ASSERT_TRUE(changes.ok());
  ASSERT_EQ(changes->size(), 4U);
  EXPECT_EQ((*changes)[0].key, "cores");
  EXPECT_EQ((*changes)[0].value, "1");
  EXPECT_EQ((*changes)[0].pending, "2");
  EXPECT_FALSE((*changes)[0].deleted);
  EXPECT_TRUE((*changes)[1].deleted);
  EXPECT_EQ((*changes)[1].pending, std::nullopt);
  EXPECT_EQ((*changes)[2].value, std::nullopt);
  EXPECT_TRUE((*changes)[3].deleted);
}

TEST(DecodeGuestInterfacesTest, TakesAddresses) {
  auto const interfaces = DecodeGuestInterfaces(json::parse(R"({"result": [
      {"name": "lo", "hardware-address": "00:00:00:00:00:00",
       "ip-addresses": [{"ip-address": "127.0.0.1", "ip-address-type": "ipv4", "prefix": 8}]},
      {"name": "eth0", "hardware-address": "bc:24:11:aa:bb:cc", "ip-addresses": [
        {"ip-address": "192.0.2.7", "ip-address-type": "ipv4", "prefix": 24},
        {"ip-address": "2001:db8::7", "ip-address-type": "ipv6", "prefix": "64"}]},
      {"name": "down0"}]})"),
                                                "x");
  ASSERT_TRUE(interfaces.ok());
  ASSERT_EQ(interfaces->size(), 3U);
  EXPECT_EQ((*interfaces)[1].mac, "bc:24:11:aa:bb:cc");
  ASSERT_EQ((*interfaces)[1].addresses.size(), 2U);
  EXPECT_EQ((*interfaces)[1].addresses[0].address, "192.0.2.7");
  EXPECT_EQ((*interfaces)[1].addresses[0].prefix, 24);
  EXPECT_TRUE((*interfaces)[1].addresses[1].ipv6);
  EXPECT_EQ((*interfaces)[1].addresses[1].prefix, 64);
  EXPECT_THAT((*interfaces)[2].addresses, IsEmpty());
}

TEST(DecodeStoragesTest, TakesRoomAndKinds) {
  auto const storages =
      DecodeStorages(json::parse(R"([{"storage": "local", "type": "dir", "content": "iso,images",
      "active": 1, "enabled": 1, "shared": 0, "total": 10, "used": 4, "avail": 6}, {"storage": "off", "enabled": 0}])"),
                     "pve", "x");
  ASSERT_TRUE(storages.ok());
  EXPECT_THAT((*storages)[0].content, ElementsAre("images", "iso"));
  EXPECT_EQ((*storages)[0].available, 6);
  EXPECT_EQ((*storages)[0].node, "pve");
  EXPECT_TRUE((*storages)[0].active);
  EXPECT_FALSE((*storages)[1].enabled);
}

TEST(DecodeHaTest, KnowsOnlyVms) {
  auto const resources = DecodeHa(
      json::parse(
          R"([{"sid": "vm:301", "state": "stopped", "max_restart": 2}, {"sid": "ct:9", "state": "started"},
                      {"sid": "vm:302"}])"),
      "x");
  ASSERT_TRUE(resources.ok());
  ASSERT_EQ(resources->size(), 2U);
  EXPECT_EQ((*resources)[0].vmid, 301);
  EXPECT_EQ((*resources)[0].state, "stopped");
  EXPECT_EQ((*resources)[0].max_restart, 2);
  EXPECT_EQ((*resources)[1].state, "started");
}

// A list that is none must not pass for an empty one.
TEST(DecodeTest, AnotherShapeIsAnError) {
  for (const char* const text : {"null", "1", "\"x\"", "{}", "[1]", "[null]", "[[]]"}) {
    json const data = json::parse(text);
    EXPECT_EQ(DecodeResources(data, "x").status().code(), absl::StatusCode::kInternal) << text;
    EXPECT_EQ(DecodePending(data, "x").status().code(), absl::StatusCode::kInternal) << text;
    EXPECT_EQ(DecodeHa(data, "x").status().code(), absl::StatusCode::kInternal) << text;
    EXPECT_EQ(DecodeVolumes(data, "x").status().code(), absl::StatusCode::kInternal) << text;
    EXPECT_EQ(DecodeTaskStatus(data, "x").status().code(), absl::StatusCode::kInternal) << text;
    EXPECT_EQ(DecodeStatus(data, "x").status().code(), absl::StatusCode::kInternal) << text;
    EXPECT_EQ(DecodeGuestInterfaces(data, "x").status().code(), absl::StatusCode::kInternal) << text;
  }
  EXPECT_EQ(DecodeConfig(json::parse("[]"), "x").status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(DecodeResources(json::parse(R"([{"type": "qemu", "vmid": 1}])"), "x").status().code(),
            absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(DecodeHa(json::parse("{}"), "listing what HA manages").status().message()),
              HasSubstr("listing what HA manages: the answer is not what the Proxmox API describes"));
}

TEST(NodeOfUpidTest, WantsAWholeOne) {
  EXPECT_EQ(NodeOfUpid("UPID:pve1:00000394:00072340:6B03EA73:qmcreate:201:root@pam!tofu:"), "pve1");
  EXPECT_EQ(NodeOfUpid("UPID:pve1"), "");
  EXPECT_EQ(NodeOfUpid("hello"), "");
  EXPECT_EQ(DecodeUpid(json("hello")), std::nullopt);
  EXPECT_EQ(DecodeUpid(json()), std::nullopt);
}

}  // namespace
}  // namespace fediversity::proxmox
