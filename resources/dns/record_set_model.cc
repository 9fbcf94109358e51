#include "resources/dns/record_set_model.h"

#include <optional>
#include <utility>
#include <vector>

#include "provider/backends/dns/rdata.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

using schema::OnAttribute;
using schema::Value;

// The part of a key that is known, for checks during a plan.
struct PartialKey {
  std::optional<dns::Name> zone;
  std::optional<dns::Name> name;
  std::optional<dns::RecordType> type;
};

absl::StatusOr<dns::Name> ParseZone(const std::string& text) {
  auto zone = dns::Name::ParseAbsolute(text);
  if (!zone.ok()) return OnAttribute(zone.status(), "zone");
  return zone;
}

absl::StatusOr<dns::Name> ParseName(const std::string& text, const dns::Name& zone) {
  auto name = dns::Name::Parse(text, zone);
  if (!name.ok()) return OnAttribute(name.status(), "name");
  if (name->IsWithin(zone)) return name;
  return OnAttribute(absl::InvalidArgumentError(
                         Cat({"Name outside the zone\n\"", text, "\" is not within the zone ", zone.ToText(),
                              " A trailing dot makes a name absolute; leave it out, or name the zone that "
                              "holds it."})),
                     "name");
}

absl::StatusOr<dns::RecordType> ParseType(const std::string& text) {
  auto type = dns::ParseRecordType(text);
  if (!type.ok()) return OnAttribute(type.status(), "type");
  RETURN_IF_ERROR(OnAttribute(dns::CheckManageable(*type), "type"));
  return type;
}

// A set's elements cannot be addressed, so that the text has to show which one it is about; `why` begins with it.
absl::Status BadRecord(dns::RecordType type, const absl::Status& why) {
  return absl::InvalidArgumentError(
      Cat({"Invalid ", dns::RecordTypeName(type), " record\nOne is ", ToStd(why.message())}));
}

absl::StatusOr<std::vector<dns::Rdata>> ParseRecords(const schema::Set<std::string>& records,
                                                     dns::RecordType type, const dns::Name& zone) {
  std::vector<dns::Rdata> parsed;
  for (const Value<std::string>& text : records.items) {
    if (!text.has_value()) continue;
    auto data = dns::ParseRdata(type, *text, zone);
    if (!data.ok()) return OnAttribute(BadRecord(type, data.status()), "records");
    parsed.push_back(*std::move(data));
  }
  return parsed;
}

// What the server would read `text` as, where it can be read.
std::optional<dns::Rdata> Meaning(const Value<std::string>& text, dns::RecordType type,
                                  const dns::Name& zone) {
  if (!text.has_value()) return std::nullopt;
  auto data = dns::ParseRdata(type, *text, zone);
  return data.ok() ? std::optional(*std::move(data)) : std::nullopt;
}

PartialKey ReadableKey(const DnsRecordSet& model) {
  PartialKey key;
  if (model.zone.has_value()) {
    if (auto zone = ParseZone(*model.zone); zone.ok()) key.zone = *std::move(zone);
  }
  if (model.name.has_value() && key.zone.has_value()) {
    if (auto name = ParseName(*model.name, *key.zone); name.ok()) key.name = *std::move(name);
  }
  if (model.type.has_value()) {
    if (auto type = ParseType(*model.type); type.ok()) key.type = *type;
  }
  return key;
}

void KeepRecords(const DnsRecordSet& known, dns::RecordType type, const dns::Name& zone,
                 schema::Set<std::string>& fresh) {
  for (Value<std::string>& text : fresh.items) {
    auto const meaning = Meaning(text, type, zone);
    if (!meaning.has_value()) continue;
    for (const Value<std::string>& candidate : known.records->items) {
      if (Meaning(candidate, type, zone) == meaning) {
        text = candidate;
        break;
      }
    }
  }
}

}  // namespace

absl::StatusOr<dns::RecordSetKey> KeyOf(const DnsRecordSet& model) {
  dns::RecordSetKey key;
  ASSIGN_OR_RETURN(key.zone, ParseZone(*model.zone));
  ASSIGN_OR_RETURN(key.name, ParseName(*model.name, key.zone));
  ASSIGN_OR_RETURN(key.type, ParseType(*model.type));
  RETURN_IF_ERROR(OnAttribute(dns::CheckKey(key), "type"));
  return key;
}

absl::StatusOr<dns::RecordSet> RecordSetOf(const DnsRecordSet& model) {
  ASSIGN_OR_RETURN(dns::RecordSetKey key, KeyOf(model));
  ASSIGN_OR_RETURN(std::vector<dns::Rdata> records, ParseRecords(*model.records, key.type, key.zone));
  auto set = dns::MakeRecordSet(std::move(key), static_cast<std::uint32_t>(*model.ttl), std::move(records));
  if (!set.ok()) return OnAttribute(set.status(), "records");
  return set;
}

DnsRecordSet WithServerValues(DnsRecordSet model, const dns::RecordSet& set) {
  schema::Set<std::string> records;
  for (const dns::Rdata& data : set.records) records.items.emplace_back(dns::FormatRdata(data));
  model.ttl = static_cast<std::int64_t>(set.ttl);
  model.records = std::move(records);
  model.fqdn = set.key.name.ToText();
  if (model.adopt.is_null()) model.adopt = false;
  return model;
}

void ValidateRecordSet(const DnsRecordSet& config, schema::Diagnostics& diagnostics) {
  std::optional<dns::Name> zone;
  if (config.zone.has_value()) {
    auto parsed = ParseZone(*config.zone);
    if (!parsed.ok()) return diagnostics.AddStatus(parsed.status());
    zone = *std::move(parsed);
  }
  std::optional<dns::Name> name;
  if (config.name.has_value() && zone.has_value()) {
    auto parsed = ParseName(*config.name, *zone);
    diagnostics.AddStatus(parsed.status());
    if (parsed.ok()) name = *std::move(parsed);
  }
  if (!config.type.has_value()) return;
  auto const type = ParseType(*config.type);
  if (!type.ok()) return diagnostics.AddStatus(type.status());
  if (zone.has_value() && name.has_value()) {
    diagnostics.AddStatus(OnAttribute(dns::CheckKey({*zone, *name, *type}), "type"));
  }
  if (!config.records.has_value() || diagnostics.has_errors()) return;
  // Without the zone relative names cannot be resolved, but everything else about a record can be checked.
  auto records = ParseRecords(*config.records, *type, zone.value_or(dns::Name()));
  if (!records.ok()) return diagnostics.AddStatus(records.status());
  bool const complete =
      zone.has_value() && name.has_value() && records->size() == config.records->items.size();
  if (!complete) return;
  auto const set = dns::MakeRecordSet({*zone, *name, *type}, 0, *std::move(records));
  diagnostics.AddStatus(OnAttribute(set.status(), "records"));
}

void KeepRecordSpelling(const DnsRecordSet& known, DnsRecordSet& fresh) {
  if (known.adopt.has_value()) fresh.adopt = known.adopt;
  PartialKey const before = ReadableKey(known);
  PartialKey const after = ReadableKey(fresh);
  if (!before.zone.has_value() || before.zone != after.zone) return;
  fresh.zone = known.zone;
  if (before.name.has_value() && before.name == after.name) fresh.name = known.name;
  if (!before.type.has_value() || before.type != after.type) return;
  fresh.type = known.type;
  if (known.records.has_value() && fresh.records.has_value()) {
    KeepRecords(known, *before.type, *before.zone, *fresh.records);
  }
}

}  // namespace fediversity::resources
