#include "datasources/dns/record_set.h"

#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_data_source.h"
#include "resources/dns/record_set_model.h"

namespace fediversity::datasources {
namespace {

using resources::DnsRecordSet;

class DnsRecordSetSource final : public schema::DataSource<DnsRecordSet> {
 public:
  explicit DnsRecordSetSource(const Slot<dns::RecordStore>& store) : store_(store) {}

  void Validate(const DnsRecordSet& config, schema::Diagnostics& diagnostics) const override {
    resources::ValidateRecordSet(config, diagnostics);
  }

  absl::StatusOr<DnsRecordSet> Read(DnsRecordSet config, schema::Context<DnsRecordSet>& context) override {
    ASSIGN_OR_RETURN(auto const store, store_.Get());
    ASSIGN_OR_RETURN(dns::RecordSetKey const key, resources::KeyOf(config));
    auto found = store->Read(key, {.cancel = context.cancel(), .deadline = context.deadline()});
    if (absl::IsNotFound(found.status())) {
      return absl::NotFoundError(Cat({"No record set ", dns::Describe(key), "\nThe zone ", key.zone.ToText(),
                                      " holds no such records."}));
    }
    RETURN_IF_ERROR(found.status());
    return WithServerValues(std::move(config), *found);
  }

 private:
  const Slot<dns::RecordStore>& store_;
};

}  // namespace

std::unique_ptr<schema::AnyDataSource> MakeDnsRecordSet(const Slot<dns::RecordStore>& store) {
  schema::Table table = schema::DeriveDataTable(
      resources::kDnsRecordSet.erased(),
      "The records of one type at one name, as the zone's server holds them: wildcards and aliases are not followed.",
      {"zone", "name", "type"}, {"adopt", "timeouts"});
  return schema::MakeDataSource<DnsRecordSet>(resources::kDnsRecordSet, std::move(table),
                                              std::make_unique<DnsRecordSetSource>(store));
}

}  // namespace fediversity::datasources
