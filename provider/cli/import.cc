#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/cli/commands.h"
#include "provider/cli/configure.h"
#include "provider/cli/found.h"
#include "provider/cli/import_dns.h"
#include "provider/cli/import_garage.h"
#include "provider/cli/import_proxmox.h"
#include "provider/cli/options.h"
#include "provider/docs/hcl.h"
#include "provider/docs/hcl_text.h"
#include "provider/schema/engine.h"

namespace fediversity::cli {
namespace {

// A family of things that can be imported: its name on the command line, its options, and how they are
// found.
struct Family {
  std::string_view name;
  std::span<const std::string_view> options;
  std::span<const std::string_view> switches;
  std::string_view needed;  // the option that cannot be left out; empty for none
  std::size_t readers;      // how many are read at a time
  absl::StatusOr<std::vector<Found>> (*find)(const Options& options, const Surroundings& surroundings);
  void (*loosen)(wire::Value& object);  // null where everything that is read is written
};

constexpr std::string_view kDnsOptions[] = {"config", "zone"};
constexpr std::string_view kGarageOptions[] = {"config", "alias"};
constexpr std::string_view kProxmoxOptions[] = {"config", "pool", "tag", "node", "name", "vmid"};
constexpr std::string_view kProxmoxSwitches[] = {"templates"};

constexpr std::array kFamilies = {
    Family{"dns", kDnsOptions, {}, "zone", 1, &FindRecordSets, nullptr},
    Family{"garage", kGarageOptions, {}, "", 1, &FindGarage, &LoosenGarage},
    Family{"proxmox", kProxmoxOptions, kProxmoxSwitches, "", 4, &FindVms, &LoosenVm},
};

// The family that the arguments name, wherever it stands among them.
absl::StatusOr<const Family*> FamilyOf(const Arguments& arguments) {
  std::vector<std::string_view> options;
  std::vector<std::string_view> switches;
  for (const Family& family : kFamilies) {
    options.insert(options.end(), family.options.begin(), family.options.end());
    switches.insert(switches.end(), family.switches.begin(), family.switches.end());
  }
  ASSIGN_OR_RETURN(Options const all, Options::Parse(arguments, options, switches));
  if (all.words().size() != 1) {
    return absl::InvalidArgumentError("import needs one family of things, such as `import dns`");
  }
  auto const family = std::ranges::find(kFamilies, all.words().front(), &Family::name);
  if (family == kFamilies.end()) {
    return absl::InvalidArgumentError(Cat({"Cannot import \"", all.words().front(), "\""}));
  }
  return &*family;
}

struct Outcome {
  wire::Value object;  // null: it could not be read, and the messages say why
  std::vector<schema::Diagnostics> messages;
};

// The object as the provider reads it: what `tofu import` would put into state.
Outcome ReadObject(const Found& found, const Surroundings& surroundings) {
  schema::CallContext const call{.cancel = surroundings.cancel};
  Outcome outcome;
  if (!found.doubt.ok()) {
    outcome.messages.emplace_back().AddStatus(found.doubt);
    return outcome;
  }
  schema::AnyResource* const managed = surroundings.provider.FindResource(found.type_name);
  if (managed == nullptr) {
    outcome.messages.emplace_back().AddError(Cat({"There is no resource ", found.type_name}), "");
    return outcome;
  }
  schema::AnyResource& resource = *managed;
  auto imported = schema::ImportResource(resource, {.id = found.id, .identity = found.identity}, call);
  bool const is_imported = !imported.diagnostics.has_errors();
  outcome.messages.push_back(std::move(imported.diagnostics));
  if (!is_imported) return outcome;
  for (const auto& [name, value] : found.known) imported.state.Set(name, value);
  auto read = schema::ReadResource(resource, {imported.state, imported.private_bytes}, call);
  bool const is_read = !read.diagnostics.has_errors();
  if (is_read && read.state.is_null()) read.diagnostics.AddError("It is gone", "It was deleted meanwhile.");
  outcome.messages.push_back(std::move(read.diagnostics));
  if (is_read) outcome.object = std::move(read.state);
  return outcome;
}

std::vector<Outcome> ReadAll(const std::vector<Found>& all, std::size_t readers,
                             const Surroundings& surroundings) {
  std::vector<Outcome> outcomes(all.size());
  std::atomic<std::size_t> next = 0;
  auto const read = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      outcomes[i] = ReadObject(all[i], surroundings);
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(readers, all.size()); ++i) others.emplace_back(read);
  read();
  others.clear();  // joins them
  return outcomes;
}

// Writes what can be read, and tells of the rest, which makes it an error in the end.
absl::Status WriteBlocks(const Family& family, const std::vector<Found>& all,
                         const Surroundings& surroundings) {
  std::vector<Outcome> outcomes = ReadAll(all, family.readers, surroundings);
  std::map<std::string_view, docs::Names> taken;  // by type
  std::size_t failed = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Found& found = all[i];
    Outcome& outcome = outcomes[i];
    for (const schema::Diagnostics& messages : outcome.messages) {
      if (!messages.empty()) surroundings.err << found.title << "\n";
      Print(messages, surroundings.err);
    }
    if (outcome.object.is_null()) {
      ++failed;
      continue;
    }
    if (family.loosen != nullptr) family.loosen(outcome.object);
    std::string_view const separator = taken.empty() ? "" : "\n";
    std::string const name = docs::LocalName(found.name, taken[found.type_name]);
    std::string import = docs::WriteImportBlock(found.type_name, name, found.id);
    if (found.identity.has_value()) {
      ASSIGN_OR_RETURN(import, docs::WriteImportBlock(found.type_name, name, *found.identity));
    }
    ASSIGN_OR_RETURN(std::string const block,
                     docs::WriteResourceBlock(surroundings.provider.FindResource(found.type_name)->table(),
                                              name, outcome.object));
    surroundings.out << separator << import << "\n" << block;
  }
  if (failed == 0) return absl::OkStatus();
  return absl::UnavailableError(
      Cat({std::to_string(failed), " of ", std::to_string(all.size()), " could not be read; see above."}));
}

}  // namespace

int Import(const Arguments& arguments, const Surroundings& surroundings) {
  auto const family = FamilyOf(arguments);
  if (!family.ok()) return Misused(family.status(), surroundings.err);
  auto const options = Options::Parse(arguments, (*family)->options, (*family)->switches);
  if (!options.ok()) return Misused(options.status(), surroundings.err);
  if (std::string_view const needed = (*family)->needed; !needed.empty() && !options->Has(needed)) {
    return Misused(absl::InvalidArgumentError(Cat({"import ", (*family)->name, " needs --", needed})),
                   surroundings.err);
  }
  absl::Status status = Configure(options->Get("config"), surroundings);
  if (status.ok()) {
    auto const found = (*family)->find(*options, surroundings);
    status = found.ok() ? WriteBlocks(**family, *found, surroundings) : found.status();
  }
  if (status.ok()) return 0;
  surroundings.err << status.message() << "\n";
  return 1;
}

}  // namespace fediversity::cli
