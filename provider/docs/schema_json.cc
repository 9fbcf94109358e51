#include "provider/docs/schema_json.h"

#include <map>
#include <utility>

#include "nlohmann/json.hpp"

namespace fediversity::docs {
namespace {

using Json = nlohmann::ordered_json;
using schema::Nesting;
using schema::Row;
using schema::Table;

constexpr const char* kAddress = "registry.opentofu.org/fediversity/fediversity";

Json TypeJson(const wire::Type& type) { return Json::parse(type.ToJson()); }

const char* NestingMode(Nesting nesting) {
  switch (nesting) {
    case Nesting::kSingle: return "single";
    case Nesting::kList: return "list";
    case Nesting::kSet: return "set";
    case Nesting::kMap: return "map";
    case Nesting::kNone: break;
  }
  return "invalid";
}

// OpenTofu leaves out what is false or empty.
void SetFlag(Json& json, const char* name, bool value) {
  if (value) json[name] = true;
}
void SetText(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

Json Attributes(const Table& table);

Json Attribute(const Row& row) {
  Json json = Json::object();
  if (row.nested == nullptr) {
    json["type"] = TypeJson(row.type);
  } else {
    Json nested = Json::object();
    nested["attributes"] = Attributes(*row.nested);
    nested["nesting_mode"] = NestingMode(row.nesting);
    json["nested_type"] = std::move(nested);
  }
  SetText(json, "description", row.doc);
  json["description_kind"] = "markdown";
  SetFlag(json, "deprecated", !row.deprecation.empty());
  SetText(json, "deprecation_message", row.deprecation);
  SetFlag(json, "required", row.required);
  SetFlag(json, "optional", row.optional);
  SetFlag(json, "computed", row.computed);
  SetFlag(json, "sensitive", row.sensitive);
  SetFlag(json, "write_only", row.write_only);
  return json;
}

Json Sorted(const std::map<std::string, Json>& entries) {
  Json json = Json::object();
  for (const auto& [name, value] : entries) json[name] = value;
  return json;
}

Json Attributes(const Table& table) {
  std::map<std::string, Json> entries;
  for (const Row& row : table.rows) entries.emplace(row.name, Attribute(row));
  return Sorted(entries);
}

Json Schema(const Table& table) {
  Json block = Json::object();
  if (!table.rows.empty()) block["attributes"] = Attributes(table);
  SetText(block, "description", table.doc);
  block["description_kind"] = "markdown";
  Json json = Json::object();
  json["version"] = table.version;
  json["block"] = std::move(block);
  return json;
}

Json Identity(const Table& table) {
  std::map<std::string, Json> entries;
  for (const std::string& name : table.identity) {
    const Row* const row = table.Find(name);
    if (row == nullptr) continue;
    Json json = Json::object();
    json["type"] = TypeJson(row->type);
    SetText(json, "description", row->doc);
    json["required_for_import"] = true;
    entries.emplace(name, std::move(json));
  }
  Json json = Json::object();
  json["version"] = 0;
  json["attributes"] = Sorted(entries);
  return json;
}

}  // namespace

std::string RenderSchemaJson(const schema::Provider& provider) {
  std::map<std::string, Json> resources, sources, ephemeral, identities;
  for (const auto& resource : provider.resources) {
    const Table& table = resource->table();
    resources.emplace(table.name, Schema(table));
    if (table.is_identified()) identities.emplace(table.name, Identity(table));
  }
  for (const auto& source : provider.data_sources)
    sources.emplace(source->table().name, Schema(source->table()));
  for (const auto& resource : provider.ephemeral_resources)
    ephemeral.emplace(resource->table().name, Schema(resource->table()));

  Json json = Json::object();
  json["provider"] = Schema(provider.block->table());
  if (!resources.empty()) json["resource_schemas"] = Sorted(resources);
  if (!sources.empty()) json["data_source_schemas"] = Sorted(sources);
  if (!ephemeral.empty()) json["ephemeral_resource_schemas"] = Sorted(ephemeral);
  if (!identities.empty()) json["resource_identity_schemas"] = Sorted(identities);
  Json root = Json::object();
  root["format_version"] = "1.0";
  root["provider_schemas"][kAddress] = std::move(json);
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fediversity::docs
