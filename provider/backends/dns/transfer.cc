#include "provider/backends/dns/transfer.h"

#include <utility>

#include "absl/status/status.h"
#include "provider/backends/dns/diagnosis.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {

absl::Status TransferReader::CheckHeader(const Message& message) const {
  if (!message.response || message.opcode != Opcode::kQuery || message.truncated) {
    return absl::InvalidArgumentError("a message is no part of a zone transfer");
  }
  // Messages after the first may leave the question out (RFC 5936, 2.2.1).
  bool const may_lack = soa_.has_value() && message.questions.empty();
  bool const same = message.questions.size() == 1 && message.questions[0].name == contents_.zone() &&
                    message.questions[0].type == RecordType::kAxfr;
  if (!may_lack && !same) return absl::InvalidArgumentError("the transfer is of another zone");
  return absl::OkStatus();
}

absl::StatusOr<bool> TransferReader::Take(std::string_view wire) {
  ASSIGN_OR_RETURN(Message const message, ParseMessage(wire));
  if (message.rcode != Rcode::kNoError && message.response) {
    if (soa_.has_value()) {
      return absl::InvalidArgumentError(
          Cat({"the server broke the transfer off with ", RcodeName(message.rcode)}));
    }
    rcode_ = message.rcode;
    return true;
  }
  RETURN_IF_ERROR(CheckHeader(message));
  if (message.answers.empty()) return absl::InvalidArgumentError("a message of the transfer is empty");
  for (const Record& record : message.answers) {
    if (complete_) return absl::InvalidArgumentError("records follow the end of the transfer");
    if (record.klass != kClassIn || !record.name.IsWithin(contents_.zone())) {
      return absl::InvalidArgumentError(
          Cat({"the transfer has a record outside the zone, ", record.name.ToText()}));
    }
    bool const soa = record.type == RecordType::kSoa;
    if (soa && record.name != contents_.zone()) {
      return absl::InvalidArgumentError(Cat({"the transfer is of another zone, ", record.name.ToText()}));
    }
    if (!soa && !soa_.has_value())
      return absl::InvalidArgumentError("the transfer does not begin with the SOA record");
    if (soa && soa_.has_value()) {
      if (*soa_ != record.data)
        return absl::InvalidArgumentError("the transfer ends with another SOA record than it began");
      complete_ = true;
      continue;
    }
    if (soa) soa_ = record.data;
    RETURN_IF_ERROR(contents_.Add(record));
  }
  return complete_;
}

absl::StatusOr<ZoneContents> TransferZone(Connection& connection, const Name& zone,
                                          const CallLimits& limits) {
  Attempted const attempted{Purpose::kTransfer, Cat({"transfer of zone ", zone.ToPlainText()}), zone,
                            connection};
  std::optional<TransferReader> reader;
  Connection::Job const job{
      .build = [&zone](std::uint16_t id) { return BuildQuery(id, zone, RecordType::kAxfr); },
      .sink = [&reader](std::string_view wire) { return reader->Take(wire); },
      .start = [&reader, &zone] { reader.emplace(zone); },
  };
  Connection::Outcome const outcome = connection.Exchange(job, limits);
  if (!outcome.status.ok()) return ExplainOutcome(attempted, outcome);
  if (reader->rcode() != Rcode::kNoError) return ExplainRcode(attempted, reader->rcode());
  return std::move(reader->contents());
}

}  // namespace fediversity::dns
