// States of VMs of bpg/proxmox as the host hands them over for `moved`. Whatever they hold, the answer is a diagnostic
// or a state that conforms to the schema.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "provider/backends/backends.h"
#include "provider/schema/engine.h"
#include "provider/wire/msgpack.h"
#include "resources/proxmox/vm.h"

namespace {

constexpr const char* kTypes[] = {"proxmox_virtual_environment_vm", "proxmox_vm",
                                  "proxmox_virtual_environment_vm2", "proxmox_virtual_environment_cloned_vm",
                                  "proxmox_cloned_vm"};

}  // namespace

// The first byte says which of their types it is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fediversity;
  if (size == 0) return 0;
  Backends const backends;
  auto const resource = resources::MakeProxmoxVm(backends.proxmox, backends.journal);
  schema::ForeignState source{.provider_address = "registry.opentofu.org/bpg/proxmox",
                              .type_name = kTypes[data[0] % std::size(kTypes)],
                              .schema_version = 0,
                              .state = {}};
  std::string_view const json(reinterpret_cast<const char*>(data) + 1, size - 1);
  schema::StateResponse const answer = schema::MoveState(*resource, source, json);
  if (answer.diagnostics.has_errors()) return 0;
  if (!wire::EncodeMsgpack(answer.state, resource->table().type).ok()) std::abort();
  return 0;
}
