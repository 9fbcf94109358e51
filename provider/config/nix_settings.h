#ifndef FEDIVERSITY_PROVIDER_CONFIG_NIX_SETTINGS_H_
#define FEDIVERSITY_PROVIDER_CONFIG_NIX_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "provider/backends/nix/resource_rules.h"
#include "provider/base/environment.h"
#include "provider/config/block_helpers.h"
#include "provider/schema/describe.h"
#include "provider/schema/model.h"
#include "provider/schema/timeouts.h"

namespace fediversity::config {

// `nix` in the provider block.
struct NixBlock {
  schema::Value<std::string> environment;
  schema::Value<std::string> nixpkgs;
  schema::Value<bool> enabled;
  schema::Value<std::int64_t> workers;
  schema::Value<bool> cache;
  schema::Value<std::string> timeout;
};

constexpr schema::RuleSpec kWorkers = {"must be 1 to 64.", [](const wire::Value& value) {
                                         auto const workers = value.number().ToInt64();
                                         return workers.has_value() && *workers >= 1 && *workers <= 64;
                                       }};

constexpr auto kNixBlock = schema::Describe<NixBlock>(
    schema::Attr<&NixBlock::environment>("environment")
        .Optional()
        .Check(kNotEmpty)
        .Doc(
            "The hosting provider's rules in Nix: a file, a folder with a `default.nix`, or a reference to a flake with "
            "one. `FEDIVERSITY_NIX_ENVIRONMENT` in the environment stands in when it is left out, and without both "
            "there are no rules but the types of attributes."),
    schema::Attr<&NixBlock::nixpkgs>("nixpkgs").Optional().Check(kNotEmpty).Doc(
        "Where nixpkgs's `lib` comes from: a folder, or a reference to a flake such as "
        "`github:NixOS/nixpkgs/nixos-25.11`. Left out, a small stand-in is used that is built in."),
    schema::Attr<&NixBlock::enabled>("enabled").Optional().Doc(
        "Whether configurations go through rules in Nix at all. With `false`, Nix need not be installed. It is "
        "`true` when left out."),
    schema::Attr<&NixBlock::workers>("workers").Optional().Check(kWorkers).Doc(
        "How many processes of Nix evaluate at the same time. Left out, as many as there are processors, at most 4."),
    schema::Attr<&NixBlock::cache>("cache").Optional().Doc(
        "Whether results are kept in the user's cache folder, so that a plan of what has not changed starts no Nix. "
        "It is `true` when left out."),
    schema::Attr<&NixBlock::timeout>("timeout")
        .Optional()
        .Check(schema::kDuration)
        .Doc("Longest time that one evaluation may take, such as `30s`; `10s` when left out."));

// What the block and the environment come to; nullopt where rules are not enabled. `unknown` is set to the
// name of a setting, such as "nix.environment", that is not known yet; then nothing else holds.
absl::StatusOr<std::optional<nix::RulesSettings>> ResolveNix(const schema::Value<NixBlock>& block,
                                                             const Environment& environment,
                                                             std::string& unknown);

}  // namespace fediversity::config

#endif  // FEDIVERSITY_PROVIDER_CONFIG_NIX_SETTINGS_H_
