#include "provider/backends/dns/dns_server.h"

#include <utility>
#include <vector>

#include "provider/backends/dns/diagnosis.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

// A sink that keeps the one answer of a request.
Connection::Job SingleAnswer(std::function<absl::StatusOr<std::string>(std::uint16_t)> build, Opcode opcode,
                             std::optional<Message>& answer) {
  return {.build = std::move(build),
          .sink = [opcode, &answer](std::string_view wire) -> absl::StatusOr<bool> {
            ASSIGN_OR_RETURN(Message message, ParseMessage(wire));
            if (!message.response || message.opcode != opcode) {
              return absl::InvalidArgumentError("the answer is not one to this request");
            }
            if (message.truncated) return absl::InvalidArgumentError("the answer is cut off");
            answer = std::move(message);
            return true;
          }};
}

Connection::Job QueryJob(const Name& name, RecordType type, std::optional<Message>& answer) {
  Connection::Job job = SingleAnswer([name, type](std::uint16_t id) { return BuildQuery(id, name, type); },
                                     Opcode::kQuery, answer);
  job.sink = [inner = std::move(job.sink), name, type,
              &answer](std::string_view wire) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(bool const done, inner(wire));
    bool const same = answer->questions.size() == 1 && answer->questions[0].name == name &&
                      answer->questions[0].type == type;
    // A server that refuses may leave the question out.
    if (!same && answer->rcode == Rcode::kNoError) {
      return absl::InvalidArgumentError("the answer repeats another question than ours");
    }
    return done;
  };
  return job;
}

Connection::Job UpdateJob(const UpdateMessage& update, std::optional<Message>& answer) {
  return SingleAnswer([&update](std::uint16_t id) { return update.Build(id); }, Opcode::kUpdate, answer);
}

absl::StatusOr<Message> QueryResult(const Attempted& attempted, const Connection::Outcome& outcome,
                                    std::optional<Message> answer) {
  if (!outcome.status.ok()) return ExplainOutcome(attempted, outcome);
  if (answer->rcode != Rcode::kNoError && answer->rcode != Rcode::kNxDomain) {
    return ExplainRcode(attempted, answer->rcode);
  }
  return *std::move(answer);
}

absl::StatusOr<UpdateAnswer> UpdateResult(const Attempted& attempted, const Connection::Outcome& outcome,
                                          const std::optional<Message>& answer) {
  if (!outcome.status.ok()) return ExplainOutcome(attempted, outcome);
  switch (answer->rcode) {
    case Rcode::kNoError:
    case Rcode::kYxDomain:
    case Rcode::kYxRrset:
    case Rcode::kNxRrset: return UpdateAnswer{.rcode = answer->rcode, .repeated = outcome.repeated};
    default: return ExplainRcode(attempted, answer->rcode);
  }
}

absl::StatusOr<Sighting> Interpret(const RecordSetKey& key, const Message& message) {
  Sighting sighting;
  std::vector<Rdata> records;
  std::uint32_t ttl = 0;
  for (const std::vector<Record>* section : {&message.answers, &message.authorities, &message.additionals}) {
    for (const Record& record : *section) {
      if (record.klass != kClassIn || !record.name.IsWithin(key.zone)) continue;
      if (record.name == key.name && record.type == key.type) {
        ASSIGN_OR_RETURN(Rdata data, Rdata::FromWire(record.type, record.data));
        records.push_back(std::move(data));
        ttl = record.ttl;
      }
      if (section == &message.answers && record.type == RecordType::kDname && key.name.IsBelow(record.name)) {
        sighting.redirection = record.name;
      }
      if (section == &message.answers && record.type == RecordType::kCname && record.name == key.name) {
        ASSIGN_OR_RETURN(sighting.alias, Name::FromWire(record.data));
      }
      if (section == &message.authorities && record.type == RecordType::kNs && !message.authoritative &&
          record.name.IsBelow(key.zone) && key.name.IsWithin(record.name)) {
        sighting.delegation = record.name;
      }
    }
    if (!records.empty()) break;
  }
  if (!records.empty()) sighting.set = CollectRecordSet(key, ttl, std::move(records));
  return sighting;
}

absl::StatusOr<Sighting> SightingResult(const RecordSetKey& key, const absl::StatusOr<Message>& message) {
  RETURN_IF_ERROR(message.status());
  return Interpret(key, *message);
}

}  // namespace

absl::StatusOr<Message> DnsServer::Query(const Name& zone, const Name& name, RecordType type,
                                         const std::string& what, const CallLimits& limits) {
  Attempted const attempted{Purpose::kQuery, what, zone, connection_};
  std::optional<Message> answer;
  Connection::Outcome const outcome = connection_.Exchange(QueryJob(name, type, answer), limits);
  return QueryResult(attempted, outcome, std::move(answer));
}

absl::StatusOr<Sighting> DnsServer::Look(const RecordSetKey& key, const std::string& what,
                                         const CallLimits& limits) {
  return SightingResult(key, Query(key.zone, key.name, key.type, what, limits));
}

absl::StatusOr<UpdateAnswer> DnsServer::Update(const Name& zone, const UpdateMessage& update,
                                               const std::string& what, const CallLimits& limits) {
  Attempted const attempted{update.changes_nothing() ? Purpose::kCheck : Purpose::kUpdate, what, zone,
                            connection_};
  std::optional<Message> answer;
  Connection::Outcome const outcome = connection_.Exchange(UpdateJob(update, answer), limits);
  return UpdateResult(attempted, outcome, answer);
}

SightingAndCheck DnsServer::LookAndCheck(const RecordSetKey& key, const UpdateMessage& check,
                                         const std::string& what, const CallLimits& limits) {
  std::optional<Message> query_answer;
  std::optional<Message> check_answer;
  Connection::Job const jobs[] = {QueryJob(key.name, key.type, query_answer), UpdateJob(check, check_answer)};
  std::vector<Connection::Outcome> const outcomes = connection_.ExchangeAll(jobs, limits);
  Attempted const query{Purpose::kQuery, what, key.zone, connection_};
  Attempted const update{Purpose::kCheck, what, key.zone, connection_};
  return {.sighting = SightingResult(key, QueryResult(query, outcomes[0], std::move(query_answer))),
          .check = UpdateResult(update, outcomes[1], check_answer)};
}

}  // namespace fediversity::dns
