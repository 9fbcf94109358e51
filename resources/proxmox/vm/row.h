#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_ROW_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_ROW_H_

#include "provider/schema/describe.h"

namespace fediversity::resources {

// An attribute of a VM that is as it is where configuration leaves it out: what a template gave, what somebody set by
// hand, or Proxmox's own default.
template <auto kMember>
consteval schema::AttrBuilder<kMember> AsIs(const char* name) {
  return schema::Attr<kMember>(name).Optional().Computed().KeepState();
}

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_ROW_H_
