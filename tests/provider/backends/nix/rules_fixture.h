#ifndef FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_RULES_FIXTURE_H_
#define FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_RULES_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "provider/backends/nix/resource_rules.h"
#include "provider/base/text.h"
#include "tests/provider/backends/nix/nix_fixture.h"

namespace fediversity::nix {

inline constexpr std::string_view kRecordSet = "fediversity_dns_record_set";
inline constexpr std::string_view kGood =
    R"({"zone":"example.org","name":"web","type":"A","ttl":300,"records":["203.0.113.9"],"adopt":null,"timeouts":null})";

// "records[0]" for a path.
inline std::string TextOf(const std::vector<PathStep>& steps) {
  std::string path;
  for (const PathStep& step : steps) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      path += Cat({path.empty() ? "" : ".", *name});
    } else {
      path += Cat({"[", std::to_string(std::get<std::int64_t>(step)), "]"});
    }
  }
  return path;
}

// "records[0]: message @file:line" for each finding.
inline std::vector<std::string> Lines(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    std::string const place = PlaceOf(finding);
    lines.push_back(Cat({TextOf(finding.path), ": ", finding.message, place.empty() ? "" : " @", place}));
  }
  return lines;
}

// "ttl = 60" for each default.
inline std::vector<std::string> Lines(const std::vector<DefaultValue>& defaults) {
  std::vector<std::string> lines;
  lines.reserve(defaults.size());
  for (const DefaultValue& each : defaults) lines.push_back(Cat({TextOf(each.path), " = ", each.json}));
  return lines;
}

class ResourceRulesTest : public NixTest {
 protected:
  std::unique_ptr<ResourceRules> Rules(std::string environment = {}) {
    return std::make_unique<ResourceRules>(
        RulesSettings{.environment = std::move(environment), .evaluator = Settings()}, Variables(), Logger());
  }
  std::unique_ptr<ResourceRules> RulesOf(std::string_view environment) {
    return Rules(Write("rules/environment.nix", environment));
  }
  Verdict Judge(ResourceRules& rules, std::string_view config, std::string_view type = kRecordSet,
                std::string_view otherwise = "{}") {
    auto verdict = rules.Judge(type, config, limits(), otherwise);
    if (!verdict.ok()) {
      ADD_FAILURE() << verdict.status();
      return {};
    }
    return *std::move(verdict);
  }
  // The folder of the environment as messages name it.
  std::string Place(std::string_view rest) const { return Cat({folder(), "/rules/environment.nix", rest}); }
};

}  // namespace fediversity::nix

#endif  // FEDIVERSITY_TESTS_PROVIDER_BACKENDS_NIX_RULES_FIXTURE_H_
