#include "provider/wire/trail.h"

#include <cstdint>

#include "provider/base/text.h"
#include "provider/wire/path.h"

namespace fediversity::wire {

absl::Status Trail::Error(std::string_view what) const {
  Path path;
  for (const Step& step : steps_) {
    switch (step.kind) {
      case Kind::kAttribute: path = path.Child(ValidUtf8(step.name)); break;
      case Kind::kKey: path = path.AtKey(ValidUtf8(step.name)); break;
      case Kind::kIndex: path = path.AtIndex(static_cast<std::int64_t>(step.index)); break;
      case Kind::kSetElement: path = path.AtSetElement(Value::Null()); break;
    }
  }
  if (path.empty()) return absl::InvalidArgumentError(ToAbsl(what));
  return absl::InvalidArgumentError(ToAbsl(Cat({path.ToString(), ": ", what})));
}

}  // namespace fediversity::wire
