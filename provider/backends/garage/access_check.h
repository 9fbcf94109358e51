#ifndef FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ACCESS_CHECK_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ACCESS_CHECK_H_

#include <string>
#include <vector>

#include "provider/backends/garage/cluster.h"

namespace fediversity::garage {

// Whether a token may do one kind of work.
struct AccessFinding {
  std::string work;                  // "create and change buckets"
  bool needed = false;               // nothing works without
  std::vector<std::string> missing;  // calls that its scope lacks
  std::string without = {};          // what happens then, where it can be done without

  bool ok() const { return missing.empty(); }
};

std::vector<AccessFinding> CheckAccess(const TokenInfo& token);

}  // namespace fediversity::garage

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_GARAGE_ACCESS_CHECK_H_
