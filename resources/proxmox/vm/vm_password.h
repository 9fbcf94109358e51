#ifndef FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PASSWORD_H_
#define FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PASSWORD_H_

#include "provider/backends/proxmox/vm_requests.h"
#include "provider/schema/resource.h"
#include "resources/proxmox/vm/vm_model.h"
#include "resources/proxmox/vm/vm_reader.h"

namespace fediversity::resources {

// cloud-init's password is write-only: state knows no more than the version of what was sent. So what an operation is to
// send is marked in private state until it was, and the version counts as unset as long as the mark is there.

// Marks the password as one to be sent, where the plan has another version than `prior`, null for a new VM. To be called
// before anything is sent.
void MarkPassword(const ProxmoxVm* prior, const ProxmoxVm& plan, VmContext& context);
// Adds it, if it is marked.
void AddPassword(VmContext& context, proxmox::Parameters& parameters);
// It was sent.
void UnmarkPassword(VmContext& context);
// Takes the version out of `vm` while the password is marked.
void ForgetUnsentPassword(const schema::PrivateState& private_state, ProxmoxVm& vm);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_PROXMOX_VM_VM_PASSWORD_H_
