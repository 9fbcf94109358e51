#include "resources/dns/record_set.h"

#include <optional>
#include <utility>

#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/schema/typed_resource.h"
#include "resources/dns/hashicorp_state.h"
#include "resources/dns/record_set_model.h"

namespace fediversity::resources {
namespace {

using schema::Context;

constexpr std::string_view kRecordSetNote = "dns_record_set";

std::string NoteOf(const dns::RecordSetKey& key) {
  return Cat({key.zone.ToText(), " ", key.name.ToText(), " ", dns::RecordTypeName(key.type)});
}

std::string ImportBlock(const DnsRecordSet& model) {
  return Cat({"import {\n  to = fediversity_dns_record_set.<name>\n  identity = {\n    zone = \"",
              *model.zone, "\"\n    name = \"", *model.name, "\"\n    type = \"", *model.type, "\"\n  }\n}"});
}

class DnsRecordSetResource final : public schema::Resource<DnsRecordSet> {
 public:
  DnsRecordSetResource(const Slot<dns::RecordStore>& store, const Journal& journal)
      : store_(store),
        journal_(journal) {}

  void Validate(const DnsRecordSet& config, schema::Diagnostics& diagnostics) const override {
    ValidateRecordSet(config, diagnostics);
  }

  void KeepSpelling(const DnsRecordSet& known, DnsRecordSet& fresh) const override {
    KeepRecordSpelling(known, fresh);
  }

  absl::Status Plan(Context<DnsRecordSet>&, const DnsRecordSet*, const DnsRecordSet&, DnsRecordSet& planned,
                    std::vector<wire::Path>&) const override {
    if (!planned.zone.has_value() || !planned.name.has_value() || !planned.type.has_value())
      return absl::OkStatus();
    ASSIGN_OR_RETURN(dns::RecordSetKey const key, KeyOf(planned));
    planned.fqdn = key.name.ToText();
    return absl::OkStatus();
  }

  absl::StatusOr<DnsRecordSet> Read(DnsRecordSet state, Context<DnsRecordSet>& context) override {
    ASSIGN_OR_RETURN(auto const store, store_.Get());
    ASSIGN_OR_RETURN(dns::RecordSetKey const key, KeyOf(state));
    ASSIGN_OR_RETURN(dns::RecordSet const found, store->Read(key, Limits(context)));
    TakeNote(*store, key);  // of a set that was imported meanwhile
    return WithServerValues(std::move(state), found);
  }

  absl::StatusOr<DnsRecordSet> Create(DnsRecordSet plan, Context<DnsRecordSet>& context) override {
    ASSIGN_OR_RETURN(auto const store, store_.Get());
    ASSIGN_OR_RETURN(dns::RecordSet const wish, RecordSetOf(plan));
    // A process that was killed may have made it, and never got to say so.
    auto begun = TakeNote(*store, wish.key);
    Journal::Note const note = journal_.Begin(kRecordSetNote, store->service(), NoteOf(wish.key));
    auto made = store->Create(wish, Limits(context));
    if (absl::IsAlreadyExists(made.status())) {
      bool const adopt = plan.adopt.value_or(false);
      if (!adopt && !begun.has_value()) return Exists(plan, made.status());
      ASSIGN_OR_RETURN(dns::RecordSet const found, store->Read(wish.key, Limits(context)));
      if (!adopt && found != wish) return Exists(plan, made.status());
      made = found == wish ? absl::StatusOr<dns::RecordSet>(found)
                           : store->Replace(found, wish, Limits(context));
    }
    if (!made.ok()) {
      if (begun.has_value()) begun->Keep();
      return made.status();
    }
    return WithServerValues(std::move(plan), *made);
  }

  absl::StatusOr<DnsRecordSet> Update(DnsRecordSet prior, DnsRecordSet plan,
                                      Context<DnsRecordSet>& context) override {
    ASSIGN_OR_RETURN(auto const store, store_.Get());
    ASSIGN_OR_RETURN(dns::RecordSet const expected, RecordSetOf(prior));
    ASSIGN_OR_RETURN(dns::RecordSet const wish, RecordSetOf(plan));
    if (wish == expected) return plan;  // another spelling, or `timeouts`, which the server knows nothing of
    ASSIGN_OR_RETURN(dns::RecordSet const made, store->Replace(expected, wish, Limits(context)));
    return WithServerValues(std::move(plan), made);
  }

  absl::Status Delete(DnsRecordSet state, Context<DnsRecordSet>& context) override {
    ASSIGN_OR_RETURN(auto const store, store_.Get());
    ASSIGN_OR_RETURN(dns::RecordSet const expected, RecordSetOf(state));
    return store->Delete(expected, Limits(context));
  }

  absl::Status Import(DnsRecordSet& state, Context<DnsRecordSet>&) override {
    ASSIGN_OR_RETURN(dns::RecordSetKey const key, KeyOf(state));
    state.type = dns::RecordTypeName(key.type);
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<DnsRecordSet>> Move(const schema::ForeignState& source,
                                                   schema::PrivateState&) const override {
    return FromHashicorpDns(source);
  }

  absl::Duration DefaultTimeout(std::string_view) const override { return absl::Minutes(2); }

 private:
  std::optional<Journal::Note> TakeNote(const dns::RecordStore& store, const dns::RecordSetKey& key) const {
    return journal_.Take(kRecordSetNote, store.service(),
                         [wanted = NoteOf(key)](const std::string& text) { return text == wanted; });
  }

  static CallLimits Limits(const Context<DnsRecordSet>& context) {
    return {.cancel = context.cancel(), .deadline = context.deadline()};
  }

  static absl::Status Exists(const DnsRecordSet& plan, const absl::Status& status) {
    return absl::AlreadyExistsError(
        Cat({ToStd(status.message()), "\n\nNothing was changed. To manage the existing set, import it:\n\n",
             ImportBlock(plan),
             "\n\nor set `adopt = true` to take it over and change it to what is configured here."}));
  }

  const Slot<dns::RecordStore>& store_;
  const Journal& journal_;
};

}  // namespace

std::unique_ptr<schema::AnyResource> MakeDnsRecordSet(const Slot<dns::RecordStore>& store,
                                                      const Journal& journal) {
  return schema::MakeResource<DnsRecordSet>(kDnsRecordSet,
                                            std::make_unique<DnsRecordSetResource>(store, journal));
}

}  // namespace fediversity::resources
