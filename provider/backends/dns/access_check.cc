#include "provider/backends/dns/access_check.h"

#include "provider/backends/dns/diagnosis.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {

absl::Status CheckQuery(DnsServer& server, const Name& zone, const CallLimits& limits) {
  std::string const what = Cat({"query of zone ", zone.ToPlainText()});
  ASSIGN_OR_RETURN(Message const message, server.Query(zone, zone, RecordType::kSoa, what, limits));
  for (const Record& record : message.answers) {
    if (message.authoritative && record.type == RecordType::kSoa && record.name == zone)
      return absl::OkStatus();
  }
  Attempted const attempted{Purpose::kQuery, what, zone, server.connection()};
  return Failure(
      absl::StatusCode::kInvalidArgument, attempted,
      Cat({"the server does not serve a zone ", zone.ToPlainText()}),
      "It gives no authoritative SOA record for this name. The zone is the name that owns the SOA record.");
}

absl::Status CheckUpdate(DnsServer& server, const Name& zone, const CallLimits& limits) {
  std::string const what = Cat({"update of zone ", zone.ToPlainText()});
  UpdateMessage check(zone);
  check.RequireExists(zone, RecordType::kSoa);
  RETURN_IF_ERROR(server.Update(zone, check, what, limits).status());

  ASSIGN_OR_RETURN(Name const probe, Name::Parse("_fediversity-access-check", zone));
  UpdateMessage nothing(zone);
  nothing.RequireAbsent(probe, RecordType::kTxt).DeleteSet(probe, RecordType::kTxt);
  absl::Status const status = server.Update(zone, nothing, what, limits).status();
  if (!absl::IsPermissionDenied(status)) return status;
  Attempted const attempted{Purpose::kUpdate, what, zone, server.connection()};
  return Failure(absl::StatusCode::kPermissionDenied, attempted,
                 Cat({"the key may not update every name of zone ", zone.ToPlainText()}),
                 Cat({"The server refused a change at ", probe.ToPlainText(),
                      ", though it may allow others: its update-policy decides by name and type. In BIND, "
                      "grant KEY zonesub ANY; allows them all."}));
}

}  // namespace fediversity::dns
