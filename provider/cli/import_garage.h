#ifndef FEDIVERSITY_PROVIDER_CLI_IMPORT_GARAGE_H_
#define FEDIVERSITY_PROVIDER_CLI_IMPORT_GARAGE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "provider/cli/command.h"
#include "provider/cli/found.h"
#include "provider/cli/options.h"
#include "provider/wire/value.h"

namespace fediversity::cli {

// The buckets, keys, accesses and local aliases of the cluster. With `--alias`, the buckets of which a global alias fits
// and what is about them. Two listings; no secret is asked for. NotFound where nothing is left.
absl::StatusOr<std::vector<Found>> FindGarage(const Options& options, const Surroundings& surroundings);

// Takes out of an object what says nothing (that a bucket has no limits, no rules and no website, that a key never
// expires), and what would keep a key from being made again, its id.
void LoosenGarage(wire::Value& object);

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_IMPORT_GARAGE_H_
