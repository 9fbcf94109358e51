#include "provider/cli/configure.h"

#include <fstream>
#include <iterator>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/wire/json.h"

namespace fediversity::cli {
namespace {

absl::StatusOr<wire::Value> ReadBlock(const std::string& file, const schema::Table& table) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return absl::NotFoundError(Cat({"Cannot read ", file}));
  std::string const json{std::istreambuf_iterator<char>(stream), {}};
  auto block = wire::DecodeJson(json, table.type);
  if (block.ok()) return block;
  return absl::InvalidArgumentError(
      Cat({file, " is not the JSON of a provider block: ", ToStd(block.status().message())}));
}

}  // namespace

void Print(const schema::Diagnostics& diagnostics, std::ostream& err) {
  for (const schema::Diagnostic& entry : diagnostics.list()) {
    err << (entry.severity == schema::Diagnostic::Severity::kError ? "Error: " : "Warning: ");
    if (!entry.path.empty()) err << entry.path.ToString() << ": ";
    err << entry.summary << "\n";
    if (!entry.detail.empty()) err << entry.detail << "\n";
  }
}

absl::Status Configure(const std::optional<std::string>& file, const Surroundings& surroundings) {
  schema::ProviderBlock& block = *surroundings.provider.block;
  wire::Value config = NullObject(block.table());
  if (file.has_value()) {
    ASSIGN_OR_RETURN(config, ReadBlock(*file, block.table()));
  }
  schema::Diagnostics diagnostics;
  block.Validate(config, diagnostics);
  if (!diagnostics.has_errors()) block.Configure(config, diagnostics);
  Print(diagnostics, surroundings.err);
  if (diagnostics.has_errors()) return absl::InvalidArgumentError("The provider cannot be configured");
  return absl::OkStatus();
}

}  // namespace fediversity::cli
