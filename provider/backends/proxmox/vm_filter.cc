#include "provider/backends/proxmox/vm_filter.h"

#include <algorithm>
#include <iterator>

#include "provider/backends/proxmox/text/tags.h"

namespace fediversity::proxmox {
namespace {

bool IsOneOf(const std::string& value, const std::vector<std::string>& wanted) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool HasAllTags(const VmSummary& vm, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return true;
  auto const tags = ParseTags(vm.tags);
  return std::ranges::all_of(
      wanted, [&tags](const std::string& text) { return std::ranges::includes(tags, ParseTags(text)); });
}

Match Known(bool fits) { return fits ? Match::kYes : Match::kNo; }

Match NameMatch(const VmFilter& filter, const VmSummary& vm, bool is_silent) {
  if (!filter.name) return Match::kYes;
  return is_silent && vm.name.empty() ? Match::kUndecided : Known(filter.name(vm.name));
}

Match StatusMatch(const VmFilter& filter, const VmSummary& vm, bool is_silent) {
  if (!filter.status.has_value() || *filter.status == vm.status) return Match::kYes;
  return is_silent ? Match::kUndecided : Match::kNo;
}

Match TemplateMatch(const VmFilter& filter, const VmSummary& vm) {
  if (!filter.is_template.has_value()) return Match::kYes;
  return vm.is_template.has_value() ? Known(*vm.is_template == *filter.is_template) : Match::kUndecided;
}

}  // namespace

Match MatchOf(const VmFilter& filter, const VmSummary& vm) {
  bool const is_there =
      IsOneOf(vm.node, filter.nodes) && IsOneOf(vm.pool, filter.pools) && HasAllTags(vm, filter.tags);
  if (!is_there) return Match::kNo;
  bool const is_silent = vm.status == "unknown";
  Match const told[] = {NameMatch(filter, vm, is_silent), StatusMatch(filter, vm, is_silent),
                        TemplateMatch(filter, vm)};
  for (Match const worst : {Match::kNo, Match::kUndecided}) {
    if (std::ranges::find(told, worst) != std::end(told)) return worst;
  }
  return Match::kYes;
}

}  // namespace fediversity::proxmox
