#include "datasources/proxmox/vms.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "datasources/rows.h"
#include "provider/backends/proxmox/text/tags.h"
#include "provider/backends/proxmox/vm_filter.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "resources/proxmox/rules.h"

namespace fediversity::datasources {
namespace {

using schema::Value;

struct VmRow {
  Value<std::int64_t> vmid;
  Value<std::string> name;
  Value<std::string> node;
  Value<std::string> status;
  Value<bool> template_;
  Value<std::string> pool;
  Value<schema::Set<std::string>> tags;
  Value<wire::Number> cores;
  Value<std::int64_t> memory;
  Value<std::int64_t> disk;
  Value<std::string> ha_state;
  Value<std::string> lock;
};

struct ProxmoxVms {
  Value<std::string> name;
  Value<std::string> name_regex;
  Value<std::string> node;
  Value<std::string> pool;
  Value<schema::Set<std::string>> tags;
  Value<std::string> status;
  Value<bool> template_;
  Value<schema::List<VmRow>> vms;
};

constexpr auto kVmRow = schema::Describe<VmRow>(
    schema::Attr<&VmRow::vmid>("vmid").Computed().Doc("Number of the VM."),
    schema::Attr<&VmRow::name>("name").Computed().Doc("Name; null for some seconds after the VM was made."),
    schema::Attr<&VmRow::node>("node").Computed().Doc("Node that it is on at the moment."),
    schema::Attr<&VmRow::status>("status").Computed().Doc(
        "Such as `running` or `stopped`; `unknown` where its node is offline."),
    schema::Attr<&VmRow::template_>("template")
        .Computed()
        .Doc("Whether it is a template; null where its node is offline."),
    schema::Attr<&VmRow::pool>("pool").Computed().Doc("Pool that it belongs to; null for none."),
    schema::Attr<&VmRow::tags>("tags").Computed().Doc("Its tags, in lower case."),
    schema::Attr<&VmRow::cores>("cores").Computed().Doc(
        "CPU cores that it may use; null where its node is offline."),
    schema::Attr<&VmRow::memory>("memory").Computed().Doc("Memory in bytes; null where its node is offline."),
    schema::Attr<&VmRow::disk>("disk").Computed().Doc(
        "Size of its boot disk in bytes; null where its node is offline."),
    schema::Attr<&VmRow::ha_state>("ha_state")
        .Computed()
        .Doc("What high availability does with it; null where it does nothing."),
    schema::Attr<&VmRow::lock>("lock").Computed().Doc(
        "What it is locked by, such as `backup`; null for nothing."));

constexpr auto kProxmoxVms = schema::Describe<ProxmoxVms>(
    {.name = "fediversity_proxmox_vms",
     .doc =
         "The virtual machines of the cluster, templates among them, that match all filters. VMs that the credentials "
         "may not see are left out. All are read in one request, which other data sources and resources share; what is "
         "listed lags by some seconds. What a node tells of a VM, such as its name and status and whether it is a template, "
         "is not known while the node is offline, and for some seconds after the VM was made: where a filter asks for "
         "it, the VM is left out, and a warning names it.",
     .together = {{{schema::Together::Kind::kAtMostOne, {"name", "name_regex"}}}}},
    schema::Attr<&ProxmoxVms::name>("name").Optional().Doc("Only VMs of this name."),
    schema::Attr<&ProxmoxVms::name_regex>("name_regex")
        .Optional()
        .Doc(
            "Only VMs in whose name this regular expression (RE2) matches; `^` and `$` bind it to the whole name."),
    schema::Attr<&ProxmoxVms::node>("node")
        .Optional()
        .Check(resources::kNameOfNodeOrStorage)
        .Doc("Only VMs on this node."),
    schema::Attr<&ProxmoxVms::pool>("pool").Optional().Doc("Only VMs of this pool."),
    schema::Attr<&ProxmoxVms::tags>("tags").Optional().Doc(
        "Only VMs that have all of these tags, in upper or lower case."),
    schema::Attr<&ProxmoxVms::status>("status").Optional().Doc("Only VMs of this status, such as `running`."),
    schema::Attr<&ProxmoxVms::template_>("template")
        .Optional()
        .Doc("Only templates, or only VMs that are none."),
    schema::Attr<&ProxmoxVms::vms>("vms").Computed().Nested<kVmRow>().Doc("The VMs, sorted by number."));

absl::StatusOr<VmRow> RowOf(const proxmox::VmSummary& vm) {
  VmRow row;
  row.vmid = vm.vmid;
  row.name = TextOrNull(vm.name);
  row.node = vm.node;
  row.status = vm.status;
  row.template_ = ValueOrNull(vm.is_template);
  row.pool = TextOrNull(vm.pool);
  row.tags = SetOf(proxmox::ParseTags(vm.tags));
  if (vm.max_cpu.has_value()) {
    ASSIGN_OR_RETURN(row.cores, wire::Number::FromDouble(*vm.max_cpu));
  }
  row.memory = ValueOrNull(vm.max_memory);
  row.disk = ValueOrNull(vm.max_disk);
  row.ha_state = TextOrNull(vm.ha_state);
  row.lock = TextOrNull(vm.lock);
  return row;
}

// A regular expression that the user wrote: nothing is logged of one that is wrong.
std::unique_ptr<const RE2> Compile(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  return std::make_unique<const RE2>(pattern, options);
}

proxmox::VmFilter FilterOf(const ProxmoxVms& config, const RE2* pattern) {
  proxmox::VmFilter filter;
  if (config.node.has_value()) filter.nodes = {*config.node};
  if (config.pool.has_value()) filter.pools = {*config.pool};
  if (config.tags.has_value()) {
    for (const Value<std::string>& tag : config.tags->items) filter.tags.push_back(tag.value_or(""));
  }
  if (config.name.has_value()) {
    filter.name = [wanted = *config.name](std::string_view name) { return name == wanted; };
  } else if (pattern != nullptr) {
    filter.name = [pattern](std::string_view name) { return RE2::PartialMatch(std::string(name), *pattern); };
  }
  if (config.status.has_value()) filter.status = *config.status;
  if (config.template_.has_value()) filter.is_template = *config.template_;
  return filter;
}

// The first of the filters that need what a node tells.
std::string_view TellingFilter(const ProxmoxVms& config) {
  if (config.name.has_value()) return "name";
  if (config.name_regex.has_value()) return "name_regex";
  return config.status.has_value() ? "status" : "template";
}

void WarnOf(const std::vector<std::string>& undecided, const ProxmoxVms& config,
            schema::Diagnostics& diagnostics) {
  if (undecided.empty()) return;
  diagnostics.AddWarning(
      "VMs may be missing",
      Cat({"Nobody knows at the moment whether these VMs match: ", Join(undecided, ", "),
           ". Their nodes have not told their names and states: they are offline, or the VMs were made some seconds ago. "
           "They are left out, so whatever is made for each element of `vms` would be destroyed for them. Wait until they "
           "are known, or filter only by `node`, `pool` and `tags`, which always are."}),
      wire::Path(TellingFilter(config)));
}

class ProxmoxVmsSource final : public schema::DataSource<ProxmoxVms> {
 public:
  explicit ProxmoxVmsSource(const Slot<proxmox::Api>& api) : api_(api) {}

  void Validate(const ProxmoxVms& config, schema::Diagnostics& diagnostics) const override {
    if (!config.name_regex.has_value()) return;
    auto const pattern = Compile(*config.name_regex);
    if (pattern->ok()) return;
    diagnostics.AddStatus(schema::OnAttribute(
        absl::InvalidArgumentError(Cat({"No regular expression\n\"", *config.name_regex,
                                        "\" cannot be read: ", ValidUtf8(pattern->error()),
                                        ". The syntax is that of RE2, as in the function "
                                        "`regex`."})),
        "name_regex"));
  }

  absl::StatusOr<ProxmoxVms> Read(ProxmoxVms config, schema::Context<ProxmoxVms>& context) override {
    ASSIGN_OR_RETURN(auto const api, api_.Get());
    ASSIGN_OR_RETURN(auto vms, api->ListVms(LimitsOf(context)));
    std::ranges::sort(vms, {}, &proxmox::VmSummary::vmid);
    auto const pattern = config.name_regex.has_value() ? Compile(*config.name_regex) : nullptr;
    proxmox::VmFilter const filter = FilterOf(config, pattern.get());
    schema::List<VmRow> rows;
    std::vector<std::string> undecided;
    for (const proxmox::VmSummary& vm : vms) {
      proxmox::Match const match = MatchOf(filter, vm);
      if (match == proxmox::Match::kUndecided)
        undecided.push_back(Cat({std::to_string(vm.vmid), " on ", vm.node}));
      if (match != proxmox::Match::kYes) continue;
      ASSIGN_OR_RETURN(VmRow row, RowOf(vm));
      rows.emplace_back(std::move(row));
    }
    WarnOf(undecided, config, context.diagnostics());
    config.vms = std::move(rows);
    return config;
  }

 private:
  const Slot<proxmox::Api>& api_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeProxmoxVms(const Slot<proxmox::Api>& api) {
  return schema::MakeDataSource<ProxmoxVms>(kProxmoxVms, std::make_unique<ProxmoxVmsSource>(api));
}

}  // namespace fediversity::datasources
