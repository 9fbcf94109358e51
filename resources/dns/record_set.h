#ifndef FEDIVERSITY_RESOURCES_DNS_RECORD_SET_H_
#define FEDIVERSITY_RESOURCES_DNS_RECORD_SET_H_

#include <memory>

#include "provider/backends/dns/record_store.h"
#include "provider/backends/slot.h"
#include "provider/base/journal.h"
#include "provider/schema/resource.h"

namespace fediversity::resources {

// fediversity_dns_record_set. Both outlive it.
std::unique_ptr<schema::AnyResource> MakeDnsRecordSet(const Slot<dns::RecordStore>& store,
                                                      const Journal& journal);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_DNS_RECORD_SET_H_
