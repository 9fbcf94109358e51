#include "provider/base/unknown_setting.h"

#include "absl/strings/cord.h"
#include "provider/base/text.h"

namespace fediversity {
namespace {

constexpr absl::string_view kPayload = "fediversity/unknown-setting";

}  // namespace

UnknownSetting::UnknownSetting(std::string_view setting)
    : status_(absl::FailedPreconditionError(Cat(
          {"Provider setting `", setting,
           "` is not known yet\nIts value comes from something that is created by "
           "the same run. Objects that need it are shown as they were when last read; to have them refreshed, or to "
           "change them, apply that first, for example with -target."}))),
      reported_(std::make_unique<std::atomic<bool>>(false)) {}

absl::Status UnknownSetting::ToStatus() const {
  absl::Status status = status_;
  bool const first = !reported_->exchange(true);
  status.SetPayload(kPayload, absl::Cord(first ? "first" : "repeated"));
  return status;
}

bool IsUnknownSetting(const absl::Status& status) { return status.GetPayload(kPayload).has_value(); }

bool IsFirstReport(const absl::Status& status) {
  auto const payload = status.GetPayload(kPayload);
  return payload.has_value() && *payload == "first";
}

}  // namespace fediversity
