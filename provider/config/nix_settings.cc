#include "provider/config/nix_settings.h"

#include <string_view>

#include "absl/time/time.h"

namespace fediversity::config {
namespace {

void FindUnknown(const schema::Value<NixBlock>& block, std::string& unknown) {
  NoteUnknown(block, "nix", unknown);
  if (!block.has_value()) return;
  NoteUnknown(block->enabled, "nix.enabled", unknown);
  NoteUnknown(block->environment, "nix.environment", unknown);
  NoteUnknown(block->nixpkgs, "nix.nixpkgs", unknown);
  NoteUnknown(block->workers, "nix.workers", unknown);
  NoteUnknown(block->cache, "nix.cache", unknown);
  NoteUnknown(block->timeout, "nix.timeout", unknown);
}

}  // namespace

absl::StatusOr<std::optional<nix::RulesSettings>> ResolveNix(const schema::Value<NixBlock>& block,
                                                             const Environment& environment,
                                                             std::string& unknown) {
  FindUnknown(block, unknown);
  if (!unknown.empty()) return std::nullopt;
  NixBlock const nix = block.value_or(NixBlock{});
  if (!nix.enabled.value_or(true)) return std::nullopt;
  nix::RulesSettings settings;
  settings.environment = nix.environment.has_value()
                             ? *nix.environment
                             : environment("FEDIVERSITY_NIX_ENVIRONMENT").value_or("");
  settings.nixpkgs = nix.nixpkgs.value_or("");
  settings.evaluator.workers = static_cast<int>(nix.workers.value_or(0));
  settings.evaluator.cache = nix.cache.value_or(true);
  if (nix.timeout.has_value()) {
    absl::ParseDuration(*nix.timeout, &settings.evaluator.limits.evaluation);  // a rule has checked it
  }
  return settings;
}

}  // namespace fediversity::config
