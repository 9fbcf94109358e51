#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/cli/commands.h"
#include "provider/cli/configure.h"
#include "provider/cli/import_dns.h"
#include "provider/cli/options.h"
#include "provider/docs/hcl.h"
#include "provider/docs/hcl_text.h"
#include "provider/schema/engine.h"

namespace fediversity::cli {
namespace {

// A family of things that can be imported: its name on the command line, the option that says where to look,
// the resource type that manages them, and how they are found.
struct Family {
  std::string_view name;
  std::string_view scope;
  std::string_view type_name;
  absl::StatusOr<std::vector<Found>> (*find)(const std::string& scope, const Surroundings& surroundings);
};

constexpr std::array kFamilies = {
    Family{"dns", "zone", "fediversity_dns_record_set", &FindRecordSets},
};

// The object as the provider reads it: what `tofu import` would put into state.
absl::StatusOr<wire::Value> ReadObject(schema::AnyResource& resource, const Found& found,
                                       const Surroundings& surroundings) {
  schema::CallContext const call{.cancel = surroundings.cancel};
  auto imported = schema::ImportResource(resource, {.identity = found.identity}, call);
  Print(imported.diagnostics, surroundings.err);
  if (imported.diagnostics.has_errors()) return absl::InternalError(Cat({"Cannot import ", found.name}));
  auto read = schema::ReadResource(resource, {imported.state, imported.private_bytes}, call);
  Print(read.diagnostics, surroundings.err);
  if (read.diagnostics.has_errors() || read.state.is_null()) {
    return absl::InternalError(Cat({"Cannot read ", found.name}));
  }
  return std::move(read.state);
}

absl::Status WriteBlocks(const Family& family, const std::vector<Found>& all,
                         const Surroundings& surroundings) {
  schema::AnyResource* const resource = surroundings.provider.FindResource(family.type_name);
  if (resource == nullptr) return absl::InternalError(Cat({"There is no resource ", family.type_name}));
  docs::Names taken;
  for (const Found& found : all) {
    std::string const name = docs::LocalName(found.name, taken);
    ASSIGN_OR_RETURN(wire::Value const object, ReadObject(*resource, found, surroundings));
    ASSIGN_OR_RETURN(std::string const import,
                     docs::WriteImportBlock(family.type_name, name, found.identity));
    ASSIGN_OR_RETURN(std::string const block, docs::WriteResourceBlock(resource->table(), name, object));
    surroundings.out << (taken.size() == 1 ? "" : "\n") << import << "\n" << block;
  }
  return absl::OkStatus();
}

}  // namespace

int Import(const Arguments& arguments, const Surroundings& surroundings) {
  auto const options = Options::Parse(arguments, {"config", "zone"});
  if (!options.ok()) return Misused(options.status(), surroundings.err);
  if (options->words().size() != 1) {
    return Misused(absl::InvalidArgumentError("import needs one family of things, such as `import dns`"),
                   surroundings.err);
  }
  auto const family = std::ranges::find(kFamilies, options->words().front(), &Family::name);
  if (family == kFamilies.end()) {
    return Misused(absl::InvalidArgumentError(Cat({"Cannot import \"", options->words().front(), "\""})),
                   surroundings.err);
  }
  auto const scope = options->Get(family->scope);
  if (!scope.has_value()) {
    return Misused(absl::InvalidArgumentError(Cat({"import ", family->name, " needs --", family->scope})),
                   surroundings.err);
  }
  absl::Status status = Configure(options->Get("config"), surroundings);
  if (status.ok()) {
    auto const found = family->find(*scope, surroundings);
    status = found.ok() ? WriteBlocks(*family, *found, surroundings) : found.status();
  }
  if (status.ok()) return 0;
  surroundings.err << status.message() << "\n";
  return 1;
}

}  // namespace fediversity::cli
