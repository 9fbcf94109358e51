#include "resources/proxmox/vm/vm_begun.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "provider/backends/proxmox/text/guest_identity.h"
#include "provider/base/clock.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using proxmox::Api;
using proxmox::LocatedVm;

constexpr std::string_view kVmNote = "proxmox_vm";
// Between the note and the creation time that the node gives the VM: clocks differ.
constexpr absl::Duration kLongestDelay = absl::Minutes(15);
// Later what has that VMID and name is somebody else's.
constexpr absl::Duration kLongestVmDoubt = absl::Hours(24);
constexpr absl::Duration kFirstPause = absl::Milliseconds(500);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

// What a VM is made from, on one line: a change of it makes another VM. Empty for one that is made from nothing.
std::string SourceOf(const ProxmoxVm& plan) {
  std::string source;
  if (plan.clone.has_value()) {
    source = Cat({"clone ", plan.clone->source.value_or(""), " ", plan.clone->snapshot.value_or("")});
  }
  if (!plan.disks.has_value()) return source;
  for (const auto& [slot, disk] : *plan.disks) {
    if (!disk.has_value() || !disk->import_from.has_value()) continue;
    source += Cat({" ", slot, "=", *disk->import_from});
  }
  return source;
}

// The lines of a note: VMID, node, time in seconds since 1970, source, and name, which may be empty.
struct VmNote {
  static std::optional<VmNote> Parse(const std::string& text) {
    std::vector<std::string> const lines = absl::StrSplit(text, '\n');
    VmNote note;
    std::int64_t seconds = 0;
    if (lines.size() != 5 || !absl::SimpleAtoi(lines[0], &note.vm.vmid) ||
        !absl::SimpleAtoi(lines[2], &seconds)) {
      return std::nullopt;
    }
    note.vm.node = lines[1];
    note.begun = absl::FromUnixSeconds(seconds);
    note.source = lines[3];
    note.name = lines[4];
    return note;
  }

  bool IsWantedBy(const ProxmoxVm& plan) const {
    return !name.empty() && plan.name == schema::Value<std::string>(name) && source == SourceOf(plan) &&
           (!plan.vmid.has_value() || *plan.vmid == vm.vmid) && !IsOld();
  }

  bool IsOld() const { return absl::Now() - begun >= kLongestVmDoubt; }

  bool IsClone() const { return source.starts_with("clone "); }

  absl::StatusOr<bool> IsOf(const LocatedVm& found) const {
    ASSIGN_OR_RETURN(auto const identity, proxmox::GuestIdentity::FromConfig(found.config.values));
    const std::string* const its_name = found.config.Find("name");
    bool const has_name = its_name == nullptr ? name.empty() : *its_name == name;
    if (!has_name || !identity.created.has_value()) return false;
    // Proxmox gives a clone a name of its own where none was asked for.
    if (IsClone()) return !name.empty();
    return absl::AbsDuration(absl::FromUnixSeconds(*identity.created) - begun) <= kLongestDelay;
  }

  proxmox::VmId vm;
  absl::Time begun;
  std::string source;
  std::string name;
};

// Whether a task may be making the VM.
bool MayBeAtWork(Api& api, const proxmox::VmId& vm, const CallLimits& limits) {
  auto const tasks = api.ListRunningTasks(vm.node, limits);
  return !tasks.ok() || std::ranges::any_of(*tasks, [&vm](const proxmox::RunningTask& task) {
    return task.type == "qmclone" || task.id == std::to_string(vm.vmid);
  });
}

absl::Status LeftHalfMade(const LocatedVm& vm) {
  std::string const vmid = std::to_string(vm.vm.vmid);
  return absl::FailedPreconditionError(Cat(
      {"VM ", vmid, " was left half made\nOn node ", vm.vm.node, " it is locked (", *vm.config.Find("lock"),
       "), and the credentials may see no task there that makes it. Delete it on the node with `qm unlock ",
       vmid, "` and `qm destroy ", vmid,
       " --purge`; where it is in state, take it out with `tofu state rm`. The next apply "
       "makes it anew."}));
}

// nullopt where the VM is not there.
absl::StatusOr<std::optional<LocatedVm>> FetchUnlocked(Api& api, const VmNote& note,
                                                       const CallLimits& limits) {
  SystemClock clock;
  bool is_made_by_nobody = false;
  for (absl::Duration pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    auto found = api.FetchVm(note.vm.vmid, note.vm.node, limits);
    if (absl::IsNotFound(found.status())) return std::nullopt;
    RETURN_IF_ERROR(found.status());
    if (!IsBeingMade(*found)) return *std::move(found);
    if (is_made_by_nobody) return LeftHalfMade(*found);
    is_made_by_nobody = !MayBeAtWork(api, found->vm, limits);
    std::string const what = Cat({"VM ", std::to_string(note.vm.vmid), " to be made"});
    if (clock.Now() + pause >= limits.deadline) {
      return absl::DeadlineExceededError(
          Cat({"Waiting for ", what, "\nIt is locked (", *found->config.Find("lock"),
               "). Apply again when the task that makes it has ended."}));
    }
    RETURN_IF_ERROR(clock.Sleep(pause, limits.cancel, what));
  }
}

void WarnOfAbandoned(const VmNote& note, VmContext& context) {
  std::string const vmid = std::to_string(note.vm.vmid);
  context.diagnostics().AddWarning(
      Cat({"An apply was cut short while it made VM ", vmid}),
      Cat({note.name.empty() ? "It has no name, so nothing tells which configuration it is of."
                             : Cat({"It was to be called \"", note.name,
                                    "\", and no apply since has made one of that name."}),
           " If node ", note.vm.node,
           " has it, delete it, or import it:\n\nimport {\n  to = "
           "fediversity_proxmox_vm.<name>\n  id = \"",
           vmid, "\"\n}"}));
}

// What no apply will ever want is told of once.
void WarnOfAbandoned(const Api& api, const Journal& journal, VmContext& context) {
  auto const is_abandoned = [](const std::string& text) {
    auto const note = VmNote::Parse(text);
    return note.has_value() && (note->name.empty() || note->IsOld());
  };
  while (auto const noted = journal.Take(kVmNote, api.service(), is_abandoned)) {
    WarnOfAbandoned(*VmNote::Parse(noted->text()), context);
  }
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

std::string VmNoteOf(const proxmox::VmId& vm, const ProxmoxVm& plan) {
  return Cat({std::to_string(vm.vmid), "\n", vm.node, "\n", std::to_string(absl::ToUnixSeconds(absl::Now())),
              "\n", SourceOf(plan), "\n", plan.name.value_or("")});
}

Journal::Note NoteVm(const Journal& journal, const Api& api, std::string_view note) {
  return journal.Begin(kVmNote, api.service(), note);
}

absl::StatusOr<std::optional<BegunVm>> FindNotedVm(Api& api, const std::string& note,
                                                   const CallLimits& limits) {
  auto const noted = VmNote::Parse(note);
  if (!noted.has_value()) return absl::InternalError("a note of a VM cannot be read");
  return FindNoted(api, *noted, limits);
}

bool IsBeingMade(const LocatedVm& vm) {
  return vm.config.Holds("lock", "clone") || vm.config.Holds("lock", "create");
}

absl::Status RefuseHalfMade(Api& api, const LocatedVm& vm, const CallLimits& limits) {
  if (!IsBeingMade(vm) || MayBeAtWork(api, vm.vm, limits)) return absl::OkStatus();
  // The task may have ended since.
  auto const config = api.ReadConfig(vm.vm, limits);
  LocatedVm const now{.vm = vm.vm, .config = config.ok() ? *config : proxmox::VmConfig()};
  return IsBeingMade(now) ? LeftHalfMade(now) : absl::OkStatus();
}

absl::StatusOr<bool> IsNotedVm(const std::string& note, const LocatedVm& vm) {
  auto const noted = VmNote::Parse(note);
  if (!noted.has_value()) return absl::InternalError("a note of a VM cannot be read");
  if (IsBeingMade(vm)) {
    return absl::UnavailableError(
        Cat({"VM ", std::to_string(vm.vm.vmid), " is still being made\nOn node ", vm.vm.node,
             " the task that makes it has not ended. Try again when it has."}));
  }
  return noted->IsOf(vm);
}

absl::StatusOr<std::optional<BegunVm>> FindBegunVm(Api& api, const Journal& journal, const ProxmoxVm& plan,
                                                   VmContext& context) {
  WarnOfAbandoned(api, journal, context);
  auto noted = journal.Take(kVmNote, api.service(), [&](const std::string& text) {
    auto const note = VmNote::Parse(text);
    return note.has_value() && note->IsWantedBy(plan);
  });
  if (!noted.has_value()) return std::nullopt;
  auto begun = FindNoted(api, *VmNote::Parse(noted->text()), context.limits());
  if (!begun.ok()) {
    noted->Keep();
  } else if (begun->has_value()) {
    (*begun)->note = *std::move(noted);
  }
  return begun;
}

void ForgetNote(const Journal& journal, const Api& api, const proxmox::VmId& vm) {
  journal.Take(kVmNote, api.service(), [&](const std::string& text) {
    auto const note = VmNote::Parse(text);
    return note.has_value() && note->vm.vmid == vm.vmid;
  });
}

}  // namespace fediversity::resources
