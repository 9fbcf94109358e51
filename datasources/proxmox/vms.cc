#include "datasources/proxmox/vms.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "datasources/rows.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

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
    schema::Attr<&VmRow::template_>("template").Computed().Doc("Whether it is a template."),
    schema::Attr<&VmRow::pool>("pool").Computed().Doc("Pool that it belongs to; null for none."),
    schema::Attr<&VmRow::tags>("tags").Computed().Doc("Its tags."),
    schema::Attr<&VmRow::cores>("cores").Computed().Doc("CPU cores that it may use."),
    schema::Attr<&VmRow::memory>("memory").Computed().Doc("Memory in bytes."),
    schema::Attr<&VmRow::disk>("disk").Computed().Doc("Size of its boot disk in bytes."),
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
         "listed lags by some seconds. The name and the status of a VM that was made some seconds ago, or whose node is "
         "offline, are not known: where a filter asks for them, the VM is left out, and a warning names it.",
     .together = {{{schema::Together::Kind::kAtMostOne, {"name", "name_regex"}}}}},
    schema::Attr<&ProxmoxVms::name>("name").Optional().Doc("Only VMs of this name."),
    schema::Attr<&ProxmoxVms::name_regex>("name_regex")
        .Optional()
        .Doc(
            "Only VMs in whose name this regular expression (RE2) matches; `^` and `$` bind it to the whole name."),
    schema::Attr<&ProxmoxVms::node>("node").Optional().Doc("Only VMs on this node."),
    schema::Attr<&ProxmoxVms::pool>("pool").Optional().Doc("Only VMs of this pool."),
    schema::Attr<&ProxmoxVms::tags>("tags").Optional().Doc(
        "Only VMs that have all of these tags, in upper or lower case."),
    schema::Attr<&ProxmoxVms::status>("status").Optional().Doc("Only VMs of this status, such as `running`."),
    schema::Attr<&ProxmoxVms::template_>("template")
        .Optional()
        .Doc("Only templates, or only VMs that are none."),
    schema::Attr<&ProxmoxVms::vms>("vms").Computed().Nested<kVmRow>().Doc("The VMs, sorted by number."));

// Tags stand in one string, with `;`, `,` or blanks between them.
std::vector<std::string> TagsOf(const std::string& text) {
  std::vector<std::string> tags = absl::StrSplit(text, absl::ByAnyChar(";, "), absl::SkipEmpty());
  std::ranges::sort(tags);
  tags.erase(std::ranges::unique(tags).begin(), tags.end());
  return tags;
}

absl::StatusOr<VmRow> RowOf(const proxmox::VmSummary& vm) {
  VmRow row;
  row.vmid = vm.vmid;
  row.name = TextOrNull(vm.name);
  row.node = vm.node;
  row.status = vm.status;
  row.template_ = vm.is_template;
  row.pool = TextOrNull(vm.pool);
  row.tags = SetOf(TagsOf(vm.tags));
  ASSIGN_OR_RETURN(row.cores, wire::Number::FromDouble(vm.max_cpu));
  row.memory = vm.max_memory;
  row.disk = vm.max_disk;
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

bool HasAllTags(const proxmox::VmSummary& vm, const Value<schema::Set<std::string>>& wanted) {
  if (!wanted.has_value()) return true;
  std::vector<std::string> const tags = TagsOf(absl::AsciiStrToLower(vm.tags));
  return std::ranges::all_of(wanted->items, [&tags](const Value<std::string>& tag) {
    return !tag.has_value() || std::ranges::find(tags, absl::AsciiStrToLower(*tag)) != tags.end();
  });
}

enum class Match : std::uint8_t {
  kNo,
  kYes,
  kUndecided,  // the VM's node has not told what a filter asks for
};

Match MatchOf(const ProxmoxVms& config, const RE2* pattern, const proxmox::VmSummary& vm) {
  bool const is_there =
      Passes(config.node, vm.node) && Passes(config.pool, vm.pool) && HasAllTags(vm, config.tags);
  if (!is_there) return Match::kNo;
  bool const is_silent = vm.status == "unknown";
  bool const is_called =
      Passes(config.name, vm.name) && (pattern == nullptr || RE2::PartialMatch(vm.name, *pattern));
  bool const is_like = Passes(config.status, vm.status) && Passes(config.template_, vm.is_template);
  if (is_called && is_like) return Match::kYes;
  bool const may_be_called = is_called || (is_silent && vm.name.empty());
  return may_be_called && (is_like || is_silent) ? Match::kUndecided : Match::kNo;
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
    schema::List<VmRow> rows;
    std::vector<std::string> undecided;
    for (const proxmox::VmSummary& vm : vms) {
      Match const match = MatchOf(config, pattern.get(), vm);
      if (match == Match::kUndecided) undecided.push_back(Cat({std::to_string(vm.vmid), " on ", vm.node}));
      if (match != Match::kYes) continue;
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
