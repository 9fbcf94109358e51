#ifndef FEDIVERSITY_PROVIDER_POLICY_CONFIGURATION_JSON_H_
#define FEDIVERSITY_PROVIDER_POLICY_CONFIGURATION_JSON_H_

// The way between the engine's values and what the rules in Nix see and say.

#include <string>
#include <vector>

#include "provider/backends/nix/verdict.h"
#include "provider/schema/policy.h"
#include "provider/wire/path.h"

namespace fediversity::policy {

// An object of the table as JSON for nix::ResourceRules::Judge(), with every attribute. What is unknown, sensitive or
// write-only stands there as nix::kUnknownJson; a set is a list.
std::string ConfigurationJson(const schema::Table& table, const wire::Value& config);

// The same for single attributes of the table.
std::string AttributesJson(const schema::Table& table, const schema::Attributes& attributes);

// A path of the rules as one of the host, as far as the host follows it: it stops at a set, and where the table has
// nothing of the name. `type`, where asked for, becomes the type of what it leads to.
wire::Path ToPath(const schema::Table& table, const std::vector<nix::PathStep>& steps,
                  wire::Type* type = nullptr);

}  // namespace fediversity::policy

#endif  // FEDIVERSITY_PROVIDER_POLICY_CONFIGURATION_JSON_H_
