#ifndef FEDIVERSITY_PROVIDER_CLI_IMPORT_DNS_H_
#define FEDIVERSITY_PROVIDER_CLI_IMPORT_DNS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "provider/cli/command.h"
#include "provider/cli/found.h"
#include "provider/cli/options.h"

namespace fediversity::cli {

// The record sets of the zone that `--zone` names which can be managed: all but the SOA record and what the server
// signs.
absl::StatusOr<std::vector<Found>> FindRecordSets(const Options& options, const Surroundings& surroundings);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_IMPORT_DNS_H_
