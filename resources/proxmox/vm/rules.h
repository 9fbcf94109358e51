#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_RULES_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_RULES_H_

// What single attributes of VMs have to obey. Lists that grow with Proxmox are left to the service.

#include <cstdint>
#include <string>

#include "provider/schema/describe.h"

namespace fediversity::resources {

bool IsPositive(const wire::Value& value);
bool IsSize(const wire::Value& value);
bool IsWholeMebibytes(const wire::Value& value);
std::string AdviseSize(const wire::Value& value);
std::string AdviseMebibytes(const wire::Value& value);
bool IsVmid(const wire::Value& value);
bool IsDnsName(const wire::Value& value);
bool IsMac(const wire::Value& value);
bool IsVlan(const wire::Value& value);
bool IsTag(const wire::Value& value);
bool IsIpv4Address(const wire::Value& value);
bool IsIpv6Address(const wire::Value& value);
bool IsIpv4Config(const wire::Value& value);
bool IsIpv6Config(const wire::Value& value);
bool IsSshKey(const wire::Value& value);
bool IsOnRemove(const wire::Value& value);
bool IsReboot(const wire::Value& value);
bool IsWaitForIp(const wire::Value& value);
bool IsHaState(const wire::Value& value);
bool IsMachine(const wire::Value& value);
bool IsSerial(const wire::Value& value);
bool IsWwn(const wire::Value& value);
bool IsNumberWithin(const wire::Value& value, std::int64_t least, std::int64_t most);
bool HasLeastMemory(const wire::Value& value);

// Whether a guest at `address`, with its prefix length, reaches `gateway`: a host on its own in its network is told the
// way otherwise, and link-local addresses are on every link. What is no address passes; another rule refuses it.
bool IsWithinReach(const std::string& address, const std::string& gateway);

template <std::int64_t kLeast, std::int64_t kMost>
bool IsBetween(const wire::Value& value) {
  return IsNumberWithin(value, kLeast, kMost);
}

constexpr schema::RuleSpec kPositive = {"must be at least 1.", IsPositive};
constexpr schema::RuleSpec kSize = {
    "must be a size with a unit, such as \"40G\" (binary) or \"40GB\" (decimal).", IsSize, AdviseSize};
constexpr schema::RuleSpec kMebibytes = {
    "must be a size in whole MiB with a unit, such as \"512M\" or \"4G\".", IsWholeMebibytes,
    AdviseMebibytes};
constexpr schema::RuleSpec kVmid = {"must be a VMID, 100 to 999999999.", IsVmid};
constexpr schema::RuleSpec kDnsName = {
    "must be a DNS name: letters, digits and hyphens, with dots between its labels.", IsDnsName};
constexpr schema::RuleSpec kMacAddress = {
    "must be a MAC address of a single card, such as \"BC:24:11:2A:00:01\".", IsMac};
constexpr schema::RuleSpec kVlan = {"must be a VLAN id, 1 to 4094.", IsVlan};
constexpr schema::RuleSpec kTag = {
    "must start with a letter, digit or underscore, and go on with these, hyphens, dots and plus signs.",
    IsTag};
constexpr schema::RuleSpec kIpv4Config = {
    "must be an IPv4 address with its prefix length, such as \"203.0.113.9/24\", \"dhcp\" or \"manual\".",
    IsIpv4Config};
constexpr schema::RuleSpec kIpv6Config = {
    "must be an IPv6 address with its prefix length, such as \"2001:db8::9/64\", \"dhcp\", \"auto\" or \"manual\".",
    IsIpv6Config};
constexpr schema::RuleSpec kIpv4Address = {"must be an IPv4 address, such as \"203.0.113.1\".",
                                           IsIpv4Address};
constexpr schema::RuleSpec kIpv6Address = {"must be an IPv6 address, such as \"2001:db8::1\".",
                                           IsIpv6Address};
constexpr schema::RuleSpec kSshKey = {"must be one public key in OpenSSH's one-line form.", IsSshKey};
constexpr schema::RuleSpec kOnRemove = {"must be \"detach\" or \"delete\".", IsOnRemove};
constexpr schema::RuleSpec kReboot = {"must be \"never\" or \"when_needed\".", IsReboot};
constexpr schema::RuleSpec kWaitForIp = {"must be \"any\", \"ipv4\", \"ipv6\" or \"both\".", IsWaitForIp};
constexpr schema::RuleSpec kHaState = {
    "must be \"started\", \"stopped\", \"ignored\", \"disabled\" or \"none\".", IsHaState};
constexpr schema::RuleSpec kMachine = {
    "must be the type alone, such as \"q35\". An IOMMU is an attribute of its own: \"q35,viommu=intel\" is written as "
    "`machine = \"q35\"` and `viommu = \"intel\"`.",
    IsMachine};
constexpr schema::RuleSpec kNotNegative = {"must not be negative.", IsBetween<0, INT64_MAX>};
constexpr schema::RuleSpec kLeastMemory = {"must be at least 16M.", HasLeastMemory};
constexpr schema::RuleSpec kMemoryShares = {"must be 0 to 50000.", IsBetween<0, 50'000>};
constexpr schema::RuleSpec kCpuLimit = {"must be a number of cores, 0 to 128.", IsBetween<0, 128>};
constexpr schema::RuleSpec kCpuUnits = {"must be 1 to 262144.", IsBetween<1, 262'144>};
constexpr schema::RuleSpec kMtu = {"must be 1 to 65520.", IsBetween<1, 65'520>};
constexpr schema::RuleSpec kNetworkQueues = {"must be 0 to 64.", IsBetween<0, 64>};
constexpr schema::RuleSpec kDiskQueues = {"must be at least 2.", IsBetween<2, INT64_MAX>};
constexpr schema::RuleSpec kVideoMemory = {"must be 4 to 512.", IsBetween<4, 512>};
constexpr schema::RuleSpec kSerial = {"must not be longer than 60 characters once it is URL-encoded.",
                                      IsSerial};
constexpr schema::RuleSpec kWwn = {
    "must be \"0x\" and sixteen hexadecimal digits, such as \"0x5000000000000001\".", IsWwn};

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_RULES_H_
