#include "provider/policy/nix_policy.h"

#include <utility>
#include <vector>

#include "provider/backends/nix/library.h"
#include "provider/backends/nix/nix_json.h"
#include "provider/base/text.h"
#include "provider/base/unknown_setting.h"
#include "provider/policy/configuration_json.h"
#include "provider/wire/json.h"

namespace fediversity::policy {
namespace {

constexpr std::string_view kRefused = "Refused by the hosting provider's rules";

// What the finding says, and where the rule is written, if that is not within this provider.
std::string DetailOf(const nix::Finding& finding) {
  std::string const place = nix::PlaceOf(finding);
  if (place.empty() || place.starts_with(nix::kLibraryName)) return finding.message;
  return Cat({finding.message, "\n\nIt is set in ", place, "."});
}

// While settings are not known, any attribute with a default of its own may get another one from the rules.
void OpenDefaults(const schema::Proposal& proposal, schema::Judgement& judgement) {
  for (const auto& [name, value] : proposal.otherwise) {
    const schema::Row* const row = proposal.table.Find(name);
    if (row != nullptr && row->initial.has_value()) {
      judgement.defaults.emplace_back(wire::Path(name), wire::Value::Unknown());
    }
  }
}

void AddDefault(const schema::Table& table, const nix::DefaultValue& from, schema::Judgement& judgement) {
  wire::Type type = table.type;
  wire::Path path = ToPath(table, from.path, &type);
  // What the table does not have is for the engine to refuse.
  for (std::size_t i = path.steps().size(); i < from.path.size(); ++i) {
    const auto* const step = std::get_if<std::string>(&from.path[i]);
    path = path.Child(step == nullptr ? std::string("[]") : *step);
    type = wire::Type::Dynamic();
  }
  if (from.json == nix::kUnknownJson || type.kind() == wire::Type::Kind::kDynamic) {
    judgement.defaults.emplace_back(std::move(path), wire::Value::Unknown());
    return;
  }
  std::string const name = path.ToString();
  auto value = wire::DecodeJson(from.json, type);
  if (value.ok()) {
    judgement.defaults.emplace_back(std::move(path), *std::move(value));
  } else {
    judgement.diagnostics.AddError(
        Cat({"Unusable default for `", name, "`"}),
        Cat({"The hosting provider's rules have a default for `", name, "` of ", table.name, " that is no ",
             type.FriendlyName(), ": ", ToStd(value.status().message()), "."}),
        std::move(path));
  }
}

}  // namespace

bool NixPolicy::IsNew(const std::shared_ptr<nix::ResourceRules>& rules, std::string_view text) {
  std::lock_guard const lock(mutex_);
  if (in_force_.lock() != rules) {
    in_force_ = rules;
    told_.clear();
  }
  return told_.emplace(text).second;
}

void NixPolicy::TellFaults(const std::shared_ptr<nix::ResourceRules>& rules, const nix::Verdict& verdict,
                           schema::Diagnostics& diagnostics) {
  for (const nix::Finding& finding : verdict.environment_errors) {
    std::string const detail = DetailOf(finding);
    if (IsNew(rules, detail)) diagnostics.AddError("Mistake in the hosting provider's rules", detail);
  }
}

void NixPolicy::JudgeBy(const std::shared_ptr<nix::ResourceRules>& rules, const schema::Proposal& proposal,
                        const CallLimits& limits, schema::Judgement& judgement) {
  schema::Diagnostics& diagnostics = judgement.diagnostics;
  auto const verdict = rules->Judge(proposal.table.name, ConfigurationJson(proposal.table, proposal.config),
                                    limits, AttributesJson(proposal.table, proposal.otherwise));
  if (!verdict.ok()) {
    // What holds for one object holds for all, but for an interrupt.
    if (IsNew(rules, ToStd(verdict.status().message()))) diagnostics.AddStatus(verdict.status());
    return;
  }
  TellFaults(rules, *verdict, diagnostics);
  for (const nix::Finding& finding : verdict->errors) {
    diagnostics.AddError(kRefused, DetailOf(finding), ToPath(proposal.table, finding.path));
  }
  if (!proposal.planning) return;  // the plan warns, and the host shows both
  for (const nix::Finding& finding : verdict->warnings) {
    diagnostics.AddWarning("Warning of the hosting provider's rules", DetailOf(finding),
                           ToPath(proposal.table, finding.path));
  }
  for (const nix::DefaultValue& each : verdict->defaults) AddDefault(proposal.table, each, judgement);
  auto const notices = rules->Notices(limits);
  if (!notices.ok()) return diagnostics.AddStatus(notices.status());
  for (const std::string& notice : *notices) {
    if (!IsNew(rules, notice)) continue;
    std::size_t const line = notice.find('\n');
    diagnostics.AddWarning(notice.substr(0, line), line == std::string::npos
                                                       ? std::string_view()
                                                       : std::string_view(notice).substr(line + 1));
  }
}

schema::Judgement NixPolicy::Judge(const schema::Proposal& proposal, const CancelToken& cancel) {
  schema::Judgement judgement;
  auto const rules = rules_.Get();
  if (rules.ok()) {
    JudgeBy(*rules, proposal, {cancel}, judgement);
  } else if (IsUnknownSetting(rules.status())) {
    // The host validates once more right before it plans: the warning is for the plan.
    if (IsFirstReport(rules.status())) owed_ = true;
    if (!proposal.planning) return judgement;
    OpenDefaults(proposal, judgement);
    if (owed_.exchange(false)) {
      std::string_view const message = ToStd(rules.status().message());
      judgement.diagnostics.AddWarning(
          "The hosting provider's rules are not known yet",
          Cat({message.substr(0, message.find('\n')),
               ". It comes from something that is created by the same run, so that resources are held "
               "against the rules only while they are applied."}));
    }
  }
  return judgement;
}

}  // namespace fediversity::policy
