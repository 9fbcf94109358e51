#ifndef FEDIVERSITY_PROVIDER_CLI_IMPORT_DNS_H_
#define FEDIVERSITY_PROVIDER_CLI_IMPORT_DNS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "provider/cli/command.h"
#include "provider/wire/value.h"

namespace fediversity::cli {

// One thing to import: the identity of a resource, and what to call it.
struct Found {
  wire::Value identity;
  std::string name;
};

// The record sets of `zone` that can be managed: all but the SOA record and what the server signs.
absl::StatusOr<std::vector<Found>> FindRecordSets(const std::string& zone, const Surroundings& surroundings);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_IMPORT_DNS_H_
