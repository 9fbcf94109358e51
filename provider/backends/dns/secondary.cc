#include "provider/backends/dns/secondary.h"

#include <algorithm>

#include "provider/backends/dns/diagnosis.h"
#include "provider/backends/dns/octets.h"
#include "provider/backends/dns/wait.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

absl::StatusOr<std::uint32_t> SerialOf(DnsServer& server, const Name& zone, const CallLimits& limits) {
  std::string const what = Cat({"reading the serial of zone ", zone.ToPlainText()});
  ASSIGN_OR_RETURN(Message const message, server.Query(zone, zone, RecordType::kSoa, what, limits));
  for (const Record& record : message.answers) {
    // The last five fields are numbers of four octets each, the serial the first of them.
    if (record.type == RecordType::kSoa && record.name == zone && record.data.size() >= 22) {
      return Get32(record.data, record.data.size() - 20);
    }
  }
  Attempted const attempted{Purpose::kQuery, what, zone, server.connection()};
  return Failure(absl::StatusCode::kInvalidArgument, attempted,
                 Cat({"the server does not serve a zone ", zone.ToPlainText()}),
                 "It gives no SOA record for this name.");
}

}  // namespace

bool SerialBefore(std::uint32_t a, std::uint32_t b) { return a != b && b - a < 0x80000000U; }

absl::Status AwaitSecondary(DnsServer& primary, DnsServer& secondary, const Name& zone,
                            absl::Duration patience, const CallLimits& limits) {
  absl::StatusOr<std::uint32_t> const wanted = SerialOf(primary, zone, limits);
  if (absl::IsCancelled(wanted.status()) || absl::IsDeadlineExceeded(wanted.status())) return wanted.status();
  if (!wanted.ok()) return absl::OkStatus();
  Patience const until(patience, limits);
  absl::Duration pause = absl::Milliseconds(100);
  while (true) {
    ASSIGN_OR_RETURN(std::uint32_t const serial, SerialOf(secondary, zone, limits));
    if (!SerialBefore(serial, *wanted)) return absl::OkStatus();
    if (until.over()) {
      Attempted const attempted{Purpose::kTransfer, "", zone, secondary.connection()};
      return Failure(absl::StatusCode::kUnavailable, attempted,
                     Cat({"the transfer server lags behind the primary of zone ", zone.ToPlainText()}),
                     Cat({"It has serial ", std::to_string(serial), ", the primary ",
                          primary.connection().endpoint().ToText(), " has ", std::to_string(*wanted),
                          ". Check that the primary notifies it, or transfer from the primary."}));
    }
    absl::Status const waited =
        WaitReady(-1, 0, -1, limits, Patience(pause, limits), "waiting for the transfer server");
    if (!absl::IsUnavailable(waited)) return waited;
    pause = std::min(pause * 2, absl::Seconds(1));
  }
}

}  // namespace fediversity::dns
