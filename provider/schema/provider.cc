#include "provider/schema/provider.h"

#include <set>
#include <string>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::schema {
namespace {

absl::Status CheckTable(const Table& table, std::set<std::string>& names) {
  if (table.type.kind() != wire::Type::Kind::kObject) {
    return absl::FailedPreconditionError(Cat({"Schema of ", table.name, " does not hold: ", table.doc}));
  }
  if (!names.insert(table.name).second) {
    return absl::FailedPreconditionError(Cat({"Two resources or two data sources are called ", table.name}));
  }
  return absl::OkStatus();
}

}  // namespace

AnyResource* Provider::FindResource(std::string_view type_name) const {
  for (const auto& resource : resources) {
    if (resource->table().name == type_name) return resource.get();
  }
  return nullptr;
}

AnyDataSource* Provider::FindDataSource(std::string_view type_name) const {
  for (const auto& source : data_sources) {
    if (source->table().name == type_name) return source.get();
  }
  return nullptr;
}

absl::Status Provider::Check() const {
  if (!block) return absl::FailedPreconditionError("The provider has no provider block");
  std::set<std::string> provider_names, resource_names, source_names;
  RETURN_IF_ERROR(CheckTable(block->table(), provider_names));
  for (const auto& resource : resources) {
    RETURN_IF_ERROR(CheckTable(resource->table(), resource_names));
    if (static_cast<std::int64_t>(resource->upgrades().size()) != resource->table().version) {
      return absl::FailedPreconditionError(Cat(
          {"Schema of ", resource->table().name, ": its version is not the number of its state upgrades"}));
    }
  }
  for (const auto& source : data_sources) RETURN_IF_ERROR(CheckTable(source->table(), source_names));
  return absl::OkStatus();
}

}  // namespace fediversity::schema
