#ifndef FEDIVERSITY_PROVIDER_BACKENDS_BACKENDS_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_BACKENDS_H_

#include "provider/backends/dns/record_store.h"
#include "provider/backends/slot.h"

namespace fediversity {

// The services that resources work on, one slot each. Filled from the provider block (provider/config).
struct Backends {
  Slot<dns::RecordStore> dns{absl::FailedPreconditionError(
      "DNS is not configured\nThe provider block has no `dns`. Add `dns = { server = \"ns1.example.org\", tsig = "
      "{ ... } }`, or set DNS_UPDATE_SERVER and DNS_UPDATE_KEYNAME, DNS_UPDATE_KEYALGORITHM, "
      "DNS_UPDATE_KEYSECRET in the environment.")};
};

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_BACKENDS_H_
