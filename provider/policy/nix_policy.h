#ifndef FEDIVERSITY_PROVIDER_POLICY_NIX_POLICY_H_
#define FEDIVERSITY_PROVIDER_POLICY_NIX_POLICY_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "provider/backends/nix/resource_rules.h"
#include "provider/backends/slot.h"
#include "provider/schema/policy.h"

namespace fediversity::policy {

// The hosting provider's rules in Nix. An empty slot means that there are none.
class NixPolicy final : public schema::Policy {
 public:
  // `rules` outlives it.
  explicit NixPolicy(const Slot<nix::ResourceRules>& rules) : rules_(rules) {}

  schema::Judgement Judge(const schema::Proposal& proposal, const CancelToken& cancel) override;

 private:
  // Whether `text` was not told yet since these rules are in force.
  bool IsNew(const std::shared_ptr<nix::ResourceRules>& rules, std::string_view text);

  void JudgeBy(const std::shared_ptr<nix::ResourceRules>& rules, const schema::Proposal& proposal,
               const CallLimits& limits, schema::Judgement& judgement);
  void TellFaults(const std::shared_ptr<nix::ResourceRules>& rules, const nix::Verdict& verdict,
                  schema::Diagnostics& diagnostics);

  const Slot<nix::ResourceRules>& rules_;
  std::atomic<bool> owed_ = false;  // the warning that settings are not known yet
  std::mutex mutex_;
  std::weak_ptr<nix::ResourceRules> in_force_;
  std::set<std::string, std::less<>> told_;
};

}  // namespace fediversity::policy

#endif  // FEDIVERSITY_PROVIDER_POLICY_NIX_POLICY_H_
