#include "resources/garage/outcome.h"

#include "provider/base/text.h"

namespace fediversity::resources {

bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kNotFound: return true;
    default: return false;
  }
}

absl::Status Explain(std::string_view summary, const absl::Status& status, std::string_view advice) {
  return {status.code(),
          ToAbsl(Cat({summary, "\n", ToStd(status.message()), advice.empty() ? "" : "\n\n", advice}))};
}

}  // namespace fediversity::resources
