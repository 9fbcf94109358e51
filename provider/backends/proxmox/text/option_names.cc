#include "provider/backends/proxmox/text/option_names.h"

#include <algorithm>

#include "provider/backends/proxmox/text/slot.h"

namespace fediversity::proxmox {
namespace {

constexpr std::string_view kPlainOptions[] = {"acpi",
                                              "affinity",
                                              "agent",
                                              "allow-ksm",
                                              "amd-sev",
                                              "arch",
                                              "args",
                                              "autostart",
                                              "balloon",
                                              "bios",
                                              "boot",
                                              "bootdisk",
                                              "cdrom",
                                              "cicustom",
                                              "cipassword",
                                              "citype",
                                              "ciupgrade",
                                              "ciuser",
                                              "cores",
                                              "cpu",
                                              "cpulimit",
                                              "cpuunits",
                                              "description",
                                              "freeze",
                                              "hookscript",
                                              "hotplug",
                                              "hugepages",
                                              "intel-tdx",
                                              "ivshmem",
                                              "keephugepages",
                                              "keyboard",
                                              "kvm",
                                              "localtime",
                                              "lock",
                                              "machine",
                                              "memory",
                                              "migrate_downtime",
                                              "migrate_speed",
                                              "name",
                                              "nameserver",
                                              "numa",
                                              "onboot",
                                              "ostype",
                                              "protection",
                                              "reboot",
                                              "scsihw",
                                              "searchdomain",
                                              "shares",
                                              "smbios1",
                                              "smp",
                                              "sockets",
                                              "spice_enhancements",
                                              "sshkeys",
                                              "startdate",
                                              "startup",
                                              "tablet",
                                              "tags",
                                              "tdf",
                                              "template",
                                              "vcpus",
                                              "vga",
                                              "vmgenid",
                                              "vmstatestorage",
                                              "watchdog"};

}  // namespace

bool IsVmOption(std::string_view key) {
  return std::ranges::binary_search(kPlainOptions, key) || Slot::Find(key).has_value();
}

}  // namespace fediversity::proxmox
