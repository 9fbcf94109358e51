#include "resources/proxmox/vm/vm_begun.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/text/guest_identity.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;
using proxmox::LocatedVm;

constexpr std::string_view kVmNote = "proxmox_vm";
// Between the note and the creation time that the node gives the VM: clocks differ, and clones of one template queue.
constexpr absl::Duration kLongestDelay = absl::Minutes(15);

// The lines of a note: VMID, node, time in seconds since 1970, and name, which may be empty.
struct VmNote {
  static std::optional<VmNote> Parse(const std::string& text) {
    std::vector<std::string> const lines = absl::StrSplit(text, '\n');
    VmNote note;
    std::int64_t seconds = 0;
    if (lines.size() != 4 || !absl::SimpleAtoi(lines[0], &note.vm.vmid) ||
        !absl::SimpleAtoi(lines[2], &seconds)) {
      return std::nullopt;
    }
    note.vm.node = lines[1];
    note.begun = absl::FromUnixSeconds(seconds);
    note.name = lines[3];
    return note;
  }

  absl::StatusOr<bool> IsOf(const LocatedVm& found) const {
    ASSIGN_OR_RETURN(auto const identity, proxmox::GuestIdentity::FromConfig(found.config.values));
    const std::string* const its_name = found.config.Find("name");
    if (its_name == nullptr || *its_name != name || !identity.created.has_value()) return false;
    return absl::AbsDuration(absl::FromUnixSeconds(*identity.created) - begun) <= kLongestDelay;
  }

  proxmox::VmId vm;
  absl::Time begun;
  std::string name;
};

// nullopt where the VM is not there. A write that changes nothing waits for the lock of a VM that is being copied.
absl::StatusOr<std::optional<LocatedVm>> FetchUnlocked(Api& api, const VmNote& note,
                                                       const CallLimits& limits) {
  auto found = api.FetchVm(note.vm.vmid, note.vm.node, limits);
  if (found.ok() && found->config.Find("lock") != nullptr) {
    absl::Status const waited = api.UpdateConfig(found->vm, {{"name", note.name}}, {}, "", limits);
    if (!waited.ok() && !absl::IsNotFound(waited)) return waited;
    found = api.FetchVm(note.vm.vmid, note.vm.node, limits);
  }
  if (absl::IsNotFound(found.status())) return std::nullopt;
  RETURN_IF_ERROR(found.status());
  return *std::move(found);
}

void WarnOfNameless(const VmNote& note, VmContext& context) {
  std::string const vmid = std::to_string(note.vm.vmid);
  context.diagnostics().AddWarning(
      Cat({"An apply was cut short while it made VM ", vmid}),
      Cat({"It has no name, so nothing tells which configuration it is of. If node ", note.vm.node,
           " has it, delete it, or import it:\n\nimport {\n  to = fediversity_proxmox_vm.<name>\n  id = \"",
           vmid, "\"\n}"}));
}

// The note of the VM that `plan` wants, taken out of those that are left; the others stay.
std::optional<std::pair<VmNote, Journal::Note>> TakeNoteOf(const ProxmoxVm& plan, const Api& api,
                                                           const Journal& journal, VmContext& context) {
  std::optional<std::pair<VmNote, Journal::Note>> taken;
  for (Journal::Note& noted : journal.LeftBehind(kVmNote, api.service())) {
    auto note = VmNote::Parse(noted.text());
    if (!note.has_value()) continue;
    if (note->name.empty()) {
      WarnOfNameless(*note, context);
      continue;
    }
    bool const is_wanted = plan.name == schema::Value<std::string>(note->name) &&
                           (!plan.vmid.has_value() || *plan.vmid == note->vm.vmid);
    if (is_wanted && !taken.has_value()) {
      taken.emplace(*std::move(note), std::move(noted));
    } else {
      noted.Keep();
    }
  }
  return taken;
}

// nullopt where what was begun is not there, or somebody else's.
absl::StatusOr<std::optional<BegunVm>> FindNoted(Api& api, const VmNote& note, const CallLimits& limits) {
  ASSIGN_OR_RETURN(std::optional<LocatedVm> found, FetchUnlocked(api, note, limits));
  if (!found.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(bool const is_it, note.IsOf(*found));
  if (!is_it) return std::nullopt;
  ASSIGN_OR_RETURN(proxmox::VmStatus const status, api.ReadStatus(found->vm, limits));
  return BegunVm{.located = *std::move(found), .running = status.running(), .note = {}};
}

}  // namespace

Journal::Note NoteVm(const Journal& journal, const Api& api, const proxmox::VmId& vm, std::string_view name) {
  return journal.Begin(kVmNote, api.service(),
                       Cat({std::to_string(vm.vmid), "\n", vm.node, "\n",
                            std::to_string(absl::ToUnixSeconds(absl::Now())), "\n", name}));
}

absl::StatusOr<std::optional<BegunVm>> FindBegunVm(Api& api, const Journal& journal, const ProxmoxVm& plan,
                                                   VmContext& context) {
  auto taken = TakeNoteOf(plan, api, journal, context);
  if (!taken.has_value()) return std::nullopt;
  auto& [note, noted] = *taken;
  auto begun = FindNoted(api, note, context.limits());
  if (!begun.ok()) {
    noted.Keep();
  } else if (begun->has_value()) {
    (*begun)->note = std::move(noted);
  }
  return begun;
}

void ForgetNote(const Journal& journal, const Api& api, const proxmox::VmId& vm) {
  for (Journal::Note& noted : journal.LeftBehind(kVmNote, api.service())) {
    auto const note = VmNote::Parse(noted.text());
    if (!note.has_value() || note->vm.vmid != vm.vmid) noted.Keep();
  }
}

}  // namespace fediversity::resources
