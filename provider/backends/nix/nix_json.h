#ifndef FEDIVERSITY_PROVIDER_BACKENDS_NIX_NIX_JSON_H_
#define FEDIVERSITY_PROVIDER_BACKENDS_NIX_NIX_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace fediversity::nix {

// What stands in a configuration for a value that is not known yet, or that Nix must not see.
inline constexpr std::string_view kUnknownJson = R"({"_fediversity":"unknown"})";

// Name by which such marks are told from values, and what stands for a map that has it as a key of its own.
inline constexpr std::string_view kMark = "_fediversity";
inline constexpr std::string_view kReservedJson = R"({"_fediversity":"key"})";

// `json` as builtins.fromJSON reads it without changing anything. Nix has 64-bit integers, doubles, and
// strings without U+0000; it would wrap, round or cut what is beyond them, so that stands there as
// {"_fediversity": "number", "text": ...} or {"_fediversity": "text"} instead, which the rules refuse in
// words. Whole numbers become integers however they are written: 300.0 is 300. InvalidArgument where it is no
// JSON, or nested too deeply.
absl::StatusOr<std::string> ToNixJson(std::string_view json);

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_PROVIDER_BACKENDS_NIX_NIX_JSON_H_
