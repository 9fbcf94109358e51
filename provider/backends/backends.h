#ifndef FEDIVERSITY_PROVIDER_BACKENDS_BACKENDS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_BACKENDS_H_

#include "provider/backends/dns/record_store.h"
#include "provider/backends/garage/api.h"
#include "provider/backends/nix/resource_rules.h"
#include "provider/backends/proxmox/api.h"
#include "provider/backends/slot.h"
#include "provider/base/journal.h"

namespace fediversity {

// The services that resources work on, one slot each. Filled from the provider block (provider/config).
struct Backends {
  Slot<proxmox::Api> proxmox{absl::FailedPreconditionError(
      "Proxmox is not configured\nThe provider block has no `proxmox`. Add `proxmox = { endpoints = "
      "[\"https://pve1.example.org:8006\"], api_token = ... }`, or set PROXMOX_VE_ENDPOINT and "
      "PROXMOX_VE_API_TOKEN in the environment.")};
  Slot<garage::Api> garage{absl::FailedPreconditionError(
      "Garage is not configured\nThe provider block has no `garage`. Add `garage = { endpoint = "
      "\"http://[::1]:3903\", token = ... }`, or set GARAGE_ENDPOINT and GARAGE_TOKEN in the "
      "environment.")};
  Slot<dns::RecordStore> dns{absl::FailedPreconditionError(
      "DNS is not configured\nThe provider block has no `dns`. Add `dns = { server = \"ns1.example.org\", tsig = "
      "{ ... } }`, or set DNS_UPDATE_SERVER and DNS_UPDATE_KEYNAME, DNS_UPDATE_KEYALGORITHM, "
      "DNS_UPDATE_KEYSECRET in the environment.")};
  Slot<nix::ResourceRules> nix{absl::FailedPreconditionError(
      "Nix is not in use\nThe provider block has `nix = { enabled = false }`. Take that out to have values that are "
      "written in Nix.")};
  // What is begun on them.
  Journal journal = {};
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_BACKENDS_H_
