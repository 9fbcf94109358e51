#ifndef FEDIVERSITY_PROVIDER_CLI_FOUND_H_
#define FEDIVERSITY_PROVIDER_CLI_FOUND_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "provider/wire/value.h"

namespace fediversity::cli {

// How long listing what there is may take.
inline constexpr absl::Duration kLongestListing = absl::Minutes(5);

// One thing to import.
struct Found {
  std::string_view type_name;  // of the resource that manages it; has static storage
  std::string name;            // what its resource is called, as far as it fits: "web"
  std::string title;           // for messages: "VM 100 (web)"
  // One of both says what it is.
  std::string id = {};
  std::optional<wire::Value> identity = {};
  // Attributes that need not be asked for again.
  wire::Value::Entries known = {};
  // Why it cannot be told whether it is wanted; it is then not read.
  absl::Status doubt = {};
};

}  // namespace fediversity::cli

#endif  // FEDIVERSITY_PROVIDER_CLI_FOUND_H_
