#ifndef FEDIVERSITY_RESOURCES_GARAGE_OUTCOME_H_
#define FEDIVERSITY_RESOURCES_GARAGE_OUTCOME_H_

// What a failed call means for what was made before it.

#include <string_view>

#include "absl/status/status.h"

namespace fediversity::resources {

// Whether the service said no, so that nothing was done and asking again does not help. Otherwise it may have been done,
// or may be done another time.
bool IsRefusal(const absl::Status& status);

// `status` with a summary of ours before what it says; the code stays.
absl::Status Explain(std::string_view summary, const absl::Status& status, std::string_view advice);

}  // namespace fediversity::resources

#endif  // FEDIVERSITY_RESOURCES_GARAGE_OUTCOME_H_
