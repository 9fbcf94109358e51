#ifndef FEDIVERSITY_PROVIDER_WIRE_TRAIL_H_
#define FEDIVERSITY_PROVIDER_WIRE_TRAIL_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace fediversity::wire {

// Where a codec stands in the tree. Steps are cheap to push and only become text when something is wrong.
class Trail {
 public:
  void PushAttribute(std::string_view name) { steps_.push_back({Kind::kAttribute, name, 0}); }
  void PushKey(std::string_view key) { steps_.push_back({Kind::kKey, key, 0}); }
  void PushIndex(std::size_t index) { steps_.push_back({Kind::kIndex, {}, index}); }
  void PushSetElement() { steps_.push_back({Kind::kSetElement, {}, 0}); }
  void Pop() { steps_.pop_back(); }
  std::size_t depth() const { return steps_.size(); }

  // InvalidArgument that names the place, written as Path::ToString does: "disks[\"scsi0\"].size: ...".
  absl::Status Error(std::string_view what) const;

 private:
  enum class Kind { kAttribute, kKey, kIndex, kSetElement };
  struct Step {
    Kind kind;
    std::string_view name;  // outlives the step
    std::size_t index;
  };
  std::vector<Step> steps_;
};

}  // namespace fediversity::wire

#endif  // FEDIVERSITY_PROVIDER_WIRE_TRAIL_H_
