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
    return absl::FailedPreconditionError(Cat({"Two of one kind are called ", table.name}));
  }
  return absl::OkStatus();
}

template <typename Kind>
Kind* FindIn(const std::vector<std::unique_ptr<Kind>>& all, std::string_view type_name) {
  for (const auto& one : all) {
    if (one->table().name == type_name) return one.get();
  }
  return nullptr;
}

}  // namespace

AnyResource* Provider::FindResource(std::string_view type_name) const { return FindIn(resources, type_name); }

AnyDataSource* Provider::FindDataSource(std::string_view type_name) const {
  return FindIn(data_sources, type_name);
}

AnyEphemeralResource* Provider::FindEphemeralResource(std::string_view type_name) const {
  return FindIn(ephemeral_resources, type_name);
}

absl::Status Provider::Check() const {
  if (!block) return absl::FailedPreconditionError("The provider has no provider block");
  std::set<std::string> provider_names, resource_names, source_names, ephemeral_names;
  RETURN_IF_ERROR(CheckTable(block->table(), provider_names));
  for (const auto& resource : resources) {
    RETURN_IF_ERROR(CheckTable(resource->table(), resource_names));
    if (static_cast<std::int64_t>(resource->upgrades().size()) != resource->table().version) {
      return absl::FailedPreconditionError(Cat(
          {"Schema of ", resource->table().name, ": its version is not the number of its state upgrades"}));
    }
  }
  for (const auto& source : data_sources) RETURN_IF_ERROR(CheckTable(source->table(), source_names));
  for (const auto& resource : ephemeral_resources) {
    RETURN_IF_ERROR(CheckTable(resource->table(), ephemeral_names));
    // Hosts know neither for what is stored nowhere.
    if (resource->table().has_write_only || resource->table().is_identified()) {
      return absl::FailedPreconditionError(
          Cat({"Schema of ", resource->table().name,
               ": an ephemeral resource has a write-only attribute or an identity"}));
    }
  }
  return absl::OkStatus();
}

}  // namespace fediversity::schema
