#include "datasources/dns/zone.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "provider/backends/dns/rdata.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_data_source.h"

namespace fediversity::datasources {
namespace {

struct ZoneRecordSet {
  schema::Value<std::string> name;
  schema::Value<std::string> type;
  schema::Value<std::int64_t> ttl;
  schema::Value<schema::Set<std::string>> records;
  schema::Value<std::string> fqdn;
};

struct DnsZone {
  schema::Value<std::string> zone;
  schema::Value<schema::Map<ZoneRecordSet>> record_sets;
};

constexpr auto kZoneRecordSet = schema::Describe<ZoneRecordSet>(
    schema::Attr<&ZoneRecordSet::name>("name").Computed().Doc(
        "Name relative to the zone; `@` is the zone itself."),
    schema::Attr<&ZoneRecordSet::type>("type").Computed().Doc("Type of the records."),
    schema::Attr<&ZoneRecordSet::ttl>("ttl").Computed().Doc("Time to live in seconds."),
    schema::Attr<&ZoneRecordSet::records>("records").Computed().Doc("Data of each record as in a zone file."),
    schema::Attr<&ZoneRecordSet::fqdn>("fqdn").Computed().Doc(
        "Absolute name, with the trailing dot and in ASCII."));

constexpr auto kDnsZone = schema::Describe<DnsZone>(
    {.name = "fediversity_dns_zone",
     .doc = "Everything in a DNS zone, read in one transfer, without what the server signs by itself."},
    schema::Attr<&DnsZone::zone>("zone").Required().Doc("Zone to read, such as `example.org`."),
    schema::Attr<&DnsZone::record_sets>("record_sets")
        .Computed()
        .Nested<kZoneRecordSet>()
        .Doc("The record sets by `name/type`, such as `www/A` or `@/MX`."));

class DnsZoneSource final : public schema::DataSource<DnsZone> {
 public:
  explicit DnsZoneSource(const Slot<dns::RecordStore>& store) : store_(store) {}

  void Validate(const DnsZone& config, schema::Diagnostics& diagnostics) const override {
    if (!config.zone.has_value()) return;
    diagnostics.AddStatus(schema::OnAttribute(dns::Name::ParseAbsolute(*config.zone).status(), "zone"));
  }

  absl::StatusOr<DnsZone> Read(DnsZone config, schema::Context<DnsZone>& context) override {
    ASSIGN_OR_RETURN(auto const store, store_.Get());
    auto const zone = dns::Name::ParseAbsolute(*config.zone);
    if (!zone.ok()) return schema::OnAttribute(zone.status(), "zone");
    auto const sets = store->ListZone(*zone, {.cancel = context.cancel(), .deadline = context.deadline()});
    if (!sets.ok()) return schema::OnAttribute(sets.status(), "zone");
    schema::Map<ZoneRecordSet> by_key;
    for (const dns::RecordSet& set : *sets) {
      ZoneRecordSet row;
      row.name = set.key.name.ToTextWithin(*zone);
      row.type = dns::RecordTypeName(set.key.type);
      row.ttl = static_cast<std::int64_t>(set.ttl);
      row.fqdn = set.key.name.ToText();
      schema::Set<std::string> records;
      for (const dns::Rdata& data : set.records) records.items.emplace_back(dns::FormatRdata(data));
      row.records = std::move(records);
      std::string key = Cat({*row.name, "/", *row.type});
      by_key.emplace(std::move(key), std::move(row));
    }
    config.record_sets = std::move(by_key);
    return config;
  }

 private:
  const Slot<dns::RecordStore>& store_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeDnsZone(const Slot<dns::RecordStore>& store) {
  return schema::MakeDataSource<DnsZone>(kDnsZone, std::make_unique<DnsZoneSource>(store));
}

}  // namespace fediversity::datasources
