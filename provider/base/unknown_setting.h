#ifndef FEDIVERSITY_PROVIDER_BASE_UNKNOWN_SETTING_H_
#define FEDIVERSITY_PROVIDER_BASE_UNKNOWN_SETTING_H_

#include <atomic>
#include <memory>
#include <string_view>

#include "absl/status/status.h"

namespace fediversity {

// A provider setting, such as "dns.server", whose value is known only after apply. Statuses made of it tell
// the engine to keep the old state while reading; everywhere else they are plain errors. Thread-safe.
class UnknownSetting {
 public:
  explicit UnknownSetting(std::string_view setting);

  // FailedPrecondition, with a mark that IsUnknownSetting() sees. The first one made is marked as such, so that
  // a plan of a thousand objects warns once.
  absl::Status ToStatus() const;

 private:
  absl::Status status_;
  std::unique_ptr<std::atomic<bool>> reported_;
};

bool IsUnknownSetting(const absl::Status& status);
bool IsFirstReport(const absl::Status& status);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_UNKNOWN_SETTING_H_
