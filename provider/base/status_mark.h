#ifndef FEDIVERSITY_PROVIDER_BASE_STATUS_MARK_H_
#define FEDIVERSITY_PROVIDER_BASE_STATUS_MARK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fediversity {

// An enumerator that a status carries beside its code and message, under a name such as "fediversity/proxmox-cause": for
// callers that act on more than the code. An OK status carries none.
template <typename Enum>
absl::Status WithMark(absl::Status status, const char* name, Enum mark) {
  status.SetPayload(name, absl::Cord(absl::StrCat(static_cast<int>(mark))));
  return status;
}

// What WithMark() put there; `otherwise` where the status carries nothing under that name.
template <typename Enum>
Enum MarkOf(const absl::Status& status, const char* name, Enum otherwise) {
  auto const mark = status.GetPayload(name);
  int number = 0;
  if (!mark.has_value() || !absl::SimpleAtoi(std::string(*mark), &number)) return otherwise;
  return static_cast<Enum>(number);
}

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_STATUS_MARK_H_
