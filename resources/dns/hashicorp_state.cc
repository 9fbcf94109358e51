#include "resources/dns/hashicorp_state.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provider/backends/dns/rdata.h"
#include "provider/base/text.h"

namespace fediversity::resources {
namespace {

// Where one of their resource types keeps its records: a list of strings, one string, or a list of objects
// whose fields stand in `fields` in the order of the record's text form.
struct Source {
  std::string_view type_name;
  std::string_view record_type;
  std::string_view attribute;
  std::array<std::string_view, 4> fields = {};
};

constexpr std::array kSources = {
    Source{"dns_a_record_set", "A", "addresses"},
    Source{"dns_aaaa_record_set", "AAAA", "addresses"},
    Source{"dns_cname_record", "CNAME", "cname"},
    Source{"dns_mx_record_set", "MX", "mx", {"preference", "exchange"}},
    Source{"dns_ns_record_set", "NS", "nameservers"},
    Source{"dns_ptr_record", "PTR", "ptr"},
    Source{"dns_srv_record_set", "SRV", "srv", {"priority", "weight", "port", "target"}},
    Source{"dns_txt_record_set", "TXT", "txt"},
};

// What their provider takes where configuration is silent.
constexpr std::int64_t kTheirTtl = 3600;

std::string TextOf(const wire::Value* value) {
  if (value == nullptr) return {};
  if (value->kind() == wire::Value::Kind::kString) return value->string();
  if (value->kind() == wire::Value::Kind::kNumber) return value->number().text();
  return {};
}

std::string RecordOf(const Source& source, const wire::Value& value) {
  if (source.record_type == "TXT") return dns::QuoteText(TextOf(&value));
  if (value.kind() != wire::Value::Kind::kMap) return TextOf(&value);
  std::vector<std::string> fields;
  for (std::string_view const field : source.fields) {
    if (!field.empty()) fields.push_back(TextOf(value.Find(field)));
  }
  return Join(fields, " ");
}

schema::Set<std::string> RecordsOf(const Source& source, const wire::Value* values) {
  schema::Set<std::string> records;
  if (values == nullptr || values->is_null()) return records;
  if (values->kind() != wire::Value::Kind::kList) {
    records.items.emplace_back(RecordOf(source, *values));
    return records;
  }
  for (const wire::Value& value : values->elements()) records.items.emplace_back(RecordOf(source, value));
  return records;
}

absl::Status HashicorpNotTakenOver(const schema::ForeignState& source, std::string_view why) {
  return absl::InvalidArgumentError(Cat({"State of ", source.type_name, " cannot be taken over\n", why}));
}

}  // namespace

absl::StatusOr<std::optional<DnsRecordSet>> FromHashicorpDns(const schema::ForeignState& source) {
  if (!source.provider_address.ends_with("/hashicorp/dns")) return std::nullopt;
  auto const known = std::ranges::find(kSources, source.type_name, &Source::type_name);
  if (known == kSources.end() || source.state.kind() != wire::Value::Kind::kMap) return std::nullopt;

  DnsRecordSet model;
  model.zone = TextOf(source.state.Find("zone"));
  std::string const name = TextOf(source.state.Find("name"));
  model.name = name.empty() ? "@" : name;
  model.type = std::string(known->record_type);
  const wire::Value* ttl = source.state.Find("ttl");
  bool const numeric = ttl != nullptr && ttl->kind() == wire::Value::Kind::kNumber;
  model.ttl = numeric ? ttl->number().ToInt64().value_or(kTheirTtl) : kTheirTtl;
  model.records = RecordsOf(*known, source.state.Find(known->attribute));
  model.adopt = false;
  if (model.zone->empty() || model.records->items.empty()) {
    return HashicorpNotTakenOver(
        source,
        "It has no zone or no records. Refresh it with hashicorp/dns first, or import the record set "
        "instead.");
  }
  auto const key = KeyOf(model);
  if (!key.ok()) return HashicorpNotTakenOver(source, ToStd(key.status().message()));
  for (const schema::Value<std::string>& record : model.records->items) {
    auto const data = dns::ParseRdata(key->type, *record, key->zone);
    if (!data.ok()) return HashicorpNotTakenOver(source, ToStd(data.status().message()));
  }
  model.fqdn = key->name.ToText();
  return model;
}

}  // namespace fediversity::resources
