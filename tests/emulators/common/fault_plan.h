#ifndef FEDIVERSITY_TESTS_EMULATORS_COMMON_FAULT_PLAN_H_
#define FEDIVERSITY_TESTS_EMULATORS_COMMON_FAULT_PLAN_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/emulators/common/pattern.h"

namespace fediversity::emulators {

// The faults that were asked for. A `Fault` strikes at the `nth` request after it was asked for that has its `method`
// (any, where that is empty) and a path that its pattern `path` matches, and at the `times - 1` that follow. Not
// thread-safe.
template <typename Fault>
class FaultPlan {
 public:
  void Add(Fault fault) {
    Pattern path(fault.path);
    entries_.push_back({.fault = std::move(fault), .path = std::move(path)});
  }
  void Clear() { entries_.clear(); }

  // What happens to this request, which counts as one for every fault that matches it.
  std::optional<Fault> Take(const std::string& method, const std::string& path) {
    std::optional<Fault> taken;
    for (Entry& entry : entries_) {
      if (!entry.fault.method.empty() && entry.fault.method != method) continue;
      if (!entry.path.Matches(path)) continue;
      ++entry.seen;
      bool const due = entry.seen >= entry.fault.nth && entry.seen < entry.fault.nth + entry.fault.times;
      if (due && !taken.has_value()) taken = entry.fault;
    }
    return taken;
  }

 private:
  struct Entry {
    Fault fault;
    Pattern path;
    int seen = 0;
  };
  std::vector<Entry> entries_;
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_COMMON_FAULT_PLAN_H_
