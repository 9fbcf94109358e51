// VMs of bpg/proxmox under the newer spellings of its resource.

#include <nlohmann/json.hpp>

#include "tests/resources/proxmox/vm/bpg_fixture.h"

namespace fediversity::resources {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Value;

TEST_F(BpgStateTest, NewerResourcesMoveToo) {
  AddVm(120, json{{"name", "cloned"},
                  {"cores", 4},
                  {"memory", "2048"},
                  {"net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0"}});
  json const cloned = json::parse(R"({
    "id": 120, "node_name": "pve", "name": "cloned",
    "clone": {"source_vm_id": 100, "full": true, "target_datastore": "ceph", "target_format": "raw",
              "snapshot_name": "golden"},
    "cpu": {"cores": 4}, "memory": {"size": 2048}, "network": {"net0": {"bridge": "vmbr0", "model": "virtio", "tag": null}},
    "timeouts": {"create": "45m"}})");
  for (const char* const type : {"proxmox_virtual_environment_cloned_vm", "proxmox_cloned_vm"}) {
    SCOPED_TRACE(type);
    auto const moved = Move(cloned, type);
    ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
    ExpectNoChange(moved.state, R"({
      "name": "cloned", "cpu": {"cores": 4}, "memory": {"size": "2G"}, "networks": {"net0": {"bridge": "vmbr0"}},
      "clone": {"source": "100", "full": true, "storage": "ceph", "format": "raw", "snapshot": "golden"},
      "timeouts": {"create": "45m"}})");
  }
  for (const char* const type : {"proxmox_virtual_environment_vm2", "proxmox_vm"}) {
    SCOPED_TRACE(type);
    auto const moved =
        Move({{"id", 120}, {"node_name", "pve"}, {"clone", {{"id", 100}, {"retries", 3}}}}, type);
    ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
    ExpectNoChange(moved.state, R"({"name": "cloned", "clone": {"source": "100"}})");
  }
}

// Their newer resources hold only the slots that are configured.
TEST_F(BpgStateTest, SlotsThatTheirStateDoesNotNameAreNobodysBusiness) {
  AddVm(120, json{{"name", "cloned"},
                  {"net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0"},
                  {"net1", "virtio=BC:24:11:00:00:02,bridge=vmbr0"}});
  auto const moved = Move(json::parse(R"({"id": 120, "node_name": "pve", "name": "cloned",
                                          "network": {"net0": {"bridge": "vmbr0", "model": "virtio"}}})"),
                          "proxmox_cloned_vm");
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  ExpectNoChange(moved.state, R"({"name": "cloned", "networks": {"net0": {"bridge": "vmbr0"}}})",
                 moved.private_bytes);
}

// What only the newer resources say, and how they say what the older one says in another way.
TEST_F(BpgStateTest, WhatNewerResourcesSayHasItsPlace) {
  auto const moved = Move(json::parse(R"({
    "id": 120, "node_name": "pve", "clone": {"source_vm_id": 100, "pool_id": "prod", "bandwidth_limit": 5},
    "cpu": {"cores": 4, "vcpus": 2}, "memory": {"size": 2048, "balloon": 1024, "shares": 500},
    "disk": {
      "scsi0": {"datastore_id": "ceph", "size_gb": 20, "format": "raw", "media": "disk", "ssd": true},
      "scsi1": {"file": "ceph:vm-120-disk-1", "size_gb": 5, "datastore_id": "ceph"},
      "ide2": {"file": "local:iso/nixos.iso", "media": "cdrom"}},
    "cdrom": {"ide0": {"file_id": "none"}},
    "network": {"net1": {"bridge": "vmbr0", "model": "virtio", "tag": 7, "trunks": [10, 20], "rate_limit": 12.5}},
    "initialization": {"ip_config": [
      {"ipv4_address": "10.0.0.7/24", "ipv4_gateway": "10.0.0.1", "ipv6_address": null, "ipv6_gateway": null},
      {"ipv6_address": "2001:db8::7/64", "ipv6_gateway": "2001:db8::1"}]},
    "delete": {"network": ["net2"]}})"),
                          "proxmox_cloned_vm");
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Text(moved.state, "pool"), R"("prod")");
  EXPECT_THAT(Text(moved.state, "cpu"), AllOf(HasSubstr(R"("vcpus":2)"), HasSubstr(R"("cores":4)")));
  EXPECT_THAT(Text(moved.state, "memory"), HasSubstr(R"("shares":500)"));
  const Value* const disks = moved.state.Find("disks");
  ASSERT_EQ(disks->entries().size(), 2) << "a CD-ROM is no disk";
  EXPECT_THAT(Text(*disks, "scsi0"), AllOf(HasSubstr(R"("storage":"ceph")"), HasSubstr(R"("size":"20G")"),
                                           HasSubstr(R"("format":"raw")"), HasSubstr(R"("ssd":true)"),
                                           HasSubstr(R"("volume":null)")));
  EXPECT_THAT(Text(*disks, "scsi1"),
              AllOf(HasSubstr(R"("volume":"ceph:vm-120-disk-1")"), HasSubstr(R"("size":"5G")")));
  EXPECT_EQ(Text(moved.state, "cdroms"),
            R"({"ide0":{"volume":"none"},"ide2":{"volume":"local:iso/nixos.iso"}})");
  EXPECT_THAT(Text(moved.state, "networks"),
              AllOf(HasSubstr(R"("vlan":7)"), HasSubstr(R"("trunks":["10","20"])"),
                    HasSubstr(R"({"address":"2001:db8::7/64","gateway":"2001:db8::1"})")));
}

// That provider keeps the IOMMU in one text with the machine.
TEST_F(BpgStateTest, AMachineWithAnIommuMoves) {
  AddVm(130, json{{"name", "iommu"}, {"machine", "q35,viommu=intel"}});
  auto const moved = Move({{"vm_id", 130}, {"node_name", "pve"}, {"machine", "q35,viommu=intel"}});
  ASSERT_THAT(moved.diagnostics.list(), IsEmpty());
  EXPECT_EQ(Text(moved.state, "machine"), R"("q35")");
  EXPECT_EQ(Text(moved.state, "viommu"), R"("intel")");
  ExpectNoChange(moved.state, R"({"name": "iommu", "machine": "q35", "viommu": "intel"})");
}

}  // namespace
}  // namespace fediversity::resources
