#include "provider/rpc/schema_proto.h"

#include <cstdint>
#include <string>

#include "google/protobuf/repeated_field.h"
#include "provider/base/text.h"

namespace fediversity::rpc {
namespace {

using Attributes = google::protobuf::RepeatedPtrField<tfplugin6::Schema::Attribute>;
using NestedObject = tfplugin6::Schema::Object;

// Identities have no state upgrades of their own so far.
constexpr std::int64_t kIdentityVersion = 0;

NestedObject::NestingMode ToNesting(schema::Nesting nesting) {
  switch (nesting) {
    case schema::Nesting::kSingle: return NestedObject::SINGLE;
    case schema::Nesting::kList: return NestedObject::LIST;
    case schema::Nesting::kSet: return NestedObject::SET;
    case schema::Nesting::kMap: return NestedObject::MAP;
    case schema::Nesting::kNone: break;
  }
  return NestedObject::INVALID;
}

void AddAttributes(const schema::Table& table, Attributes& out) {
  for (const schema::Row& row : table.rows) {
    tfplugin6::Schema::Attribute& attribute = *out.Add();
    attribute.set_name(row.name);
    attribute.set_description(ValidUtf8(row.doc));
    attribute.set_description_kind(tfplugin6::MARKDOWN);
    attribute.set_required(row.required);
    attribute.set_optional(row.optional);
    attribute.set_computed(row.computed);
    attribute.set_sensitive(row.sensitive);
    attribute.set_write_only(row.write_only);
    attribute.set_deprecated(!row.deprecation.empty());
    attribute.set_deprecation_message(ValidUtf8(row.deprecation));
    if (row.nested == nullptr) {
      attribute.set_type(row.type.ToJson());
    } else {
      attribute.mutable_nested_type()->set_nesting(ToNesting(row.nesting));
      AddAttributes(*row.nested, *attribute.mutable_nested_type()->mutable_attributes());
    }
  }
}

}  // namespace

tfplugin6::Schema ToSchema(const schema::Table& table) {
  tfplugin6::Schema schema;
  schema.set_version(table.version);
  tfplugin6::Schema::Block& block = *schema.mutable_block();
  block.set_version(table.version);
  block.set_description(ValidUtf8(table.doc));
  block.set_description_kind(tfplugin6::MARKDOWN);
  AddAttributes(table, *block.mutable_attributes());
  return schema;
}

tfplugin6::ResourceIdentitySchema ToIdentitySchema(const schema::Table& table) {
  tfplugin6::ResourceIdentitySchema schema;
  schema.set_version(kIdentityVersion);
  for (const std::string& name : table.identity) {
    const schema::Row* const row = table.Find(name);
    if (row == nullptr) continue;
    auto& attribute = *schema.add_identity_attributes();
    attribute.set_name(name);
    attribute.set_type(row->type.ToJson());
    attribute.set_required_for_import(true);
    attribute.set_description(ValidUtf8(row->doc));
  }
  return schema;
}

tfplugin6::ServerCapabilities OurCapabilities() {
  tfplugin6::ServerCapabilities capabilities;
  capabilities.set_plan_destroy(true);
  capabilities.set_get_provider_schema_optional(true);
  capabilities.set_move_resource_state(true);
  return capabilities;
}

tfplugin6::GetProviderSchema::Response DescribeProvider(const schema::Provider& provider) {
  tfplugin6::GetProviderSchema::Response response;
  *response.mutable_server_capabilities() = OurCapabilities();
  *response.mutable_provider() = ToSchema(provider.block->table());
  for (const auto& resource : provider.resources) {
    (*response.mutable_resource_schemas())[resource->table().name] = ToSchema(resource->table());
  }
  for (const auto& source : provider.data_sources) {
    (*response.mutable_data_source_schemas())[source->table().name] = ToSchema(source->table());
  }
  for (const auto& resource : provider.ephemeral_resources) {
    (*response.mutable_ephemeral_resource_schemas())[resource->table().name] = ToSchema(resource->table());
  }
  return response;
}

tfplugin6::GetProviderMetadata::Response ListProvider(const schema::Provider& provider) {
  tfplugin6::GetProviderMetadata::Response response;
  *response.mutable_server_capabilities() = OurCapabilities();
  for (const auto& resource : provider.resources)
    response.add_resources()->set_type_name(resource->table().name);
  for (const auto& source : provider.data_sources)
    response.add_data_sources()->set_type_name(source->table().name);
  for (const auto& resource : provider.ephemeral_resources)
    response.add_ephemeral_resources()->set_type_name(resource->table().name);
  return response;
}

tfplugin6::GetResourceIdentitySchemas::Response DescribeIdentities(const schema::Provider& provider) {
  tfplugin6::GetResourceIdentitySchemas::Response response;
  for (const auto& resource : provider.resources) {
    const schema::Table& table = resource->table();
    if (table.is_identified()) (*response.mutable_identity_schemas())[table.name] = ToIdentitySchema(table);
  }
  return response;
}

}  // namespace fediversity::rpc
