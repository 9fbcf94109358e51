#ifndef FEDIVERSITY_PROVIDER_SCHEMA_TIMEOUTS_H_
#define FEDIVERSITY_PROVIDER_SCHEMA_TIMEOUTS_H_

#include <string>

#include "absl/time/time.h"
#include "provider/schema/describe.h"

namespace fediversity::schema {

// The `timeouts` attribute: how long each operation may take, where the user knows better than the resource's
// default. The engine finds it by its name and turns it into the deadline of the operation:
//
//   Value<Timeouts> timeouts;
//   ...
//   Attr<&Vm::timeouts>("timeouts").Optional().Nested<kTimeouts>().Doc("Longest waits.")
struct Timeouts {
  Value<std::string> create;
  Value<std::string> read;
  Value<std::string> update;
  Value<std::string> delete_;
};

// For durations that users write: "90s", "1h30m". Shared with other attributes and the provider block.
constexpr RuleSpec kDuration = {
    "must be a positive duration with a unit, such as \"90s\" or \"10m\".", [](const wire::Value& value) {
      absl::Duration duration;
      return absl::ParseDuration(value.string(), &duration) && duration > absl::ZeroDuration() &&
             duration != absl::InfiniteDuration();
    }};

constexpr auto kTimeouts = Describe<Timeouts>(
    Attr<&Timeouts::create>("create").Optional().Check(kDuration).Doc("Longest time that creating may take."),
    Attr<&Timeouts::read>("read").Optional().Check(kDuration).Doc("Longest time that reading may take."),
    Attr<&Timeouts::update>("update").Optional().Check(kDuration).Doc("Longest time that a change may take."),
    Attr<&Timeouts::delete_>("delete").Optional().Check(kDuration).Doc(
        "Longest time that deleting may take."));

}  // namespace fediversity::schema

#endif  // FEDIVERSITY_PROVIDER_SCHEMA_TIMEOUTS_H_
