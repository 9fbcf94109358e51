#include "provider/backends/dns/record_writer.h"

#include <algorithm>

#include "provider/backends/dns/direct_read.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

bool SameValues(const RecordSet& a, const RecordSet& b) { return a.records == b.records; }

// Not only equal, but in the very octets, which is how some servers compare the data of newer types.
bool SameOctets(const RecordSet& a, const RecordSet& b) {
  return std::equal(a.records.begin(), a.records.end(), b.records.begin(), b.records.end(),
                    [](const Rdata& x, const Rdata& y) { return x.wire() == y.wire(); });
}

bool IsApexNs(const RecordSetKey& key) { return key.type == RecordType::kNs && key.name == key.zone; }

constexpr std::string_view kNoDelegation =
    "A DS record belongs to a delegation: the name needs an NS record set in this zone first, and servers "
    "drop DS "
    "records without one silently. Create the NS set before it (depends_on).";

}  // namespace

absl::Status RecordWriter::Fail(absl::StatusCode code, const RecordSetKey& key, const std::string& what,
                                std::string_view summary, std::string_view detail) {
  Attempted const attempted{Purpose::kUpdate, what, key.zone, server_.connection()};
  return Failure(code, attempted, summary, detail);
}

absl::Status RecordWriter::CheckVisible(const RecordSetKey& key, const CallLimits& limits) {
  if (key.name == key.zone) return absl::OkStatus();
  absl::StatusOr<Sighting> const looked = server_.Look(key, Cat({"looking at ", Describe(key)}), limits);
  // Whether updates need the right to query is the server's to say.
  if (absl::IsPermissionDenied(looked.status())) return absl::OkStatus();
  RETURN_IF_ERROR(looked.status());
  const Sighting& sighting = *looked;
  if (sighting.redirection.has_value() && sighting.redirection->IsWithin(key.zone)) {
    return HiddenBy({.by = *sighting.redirection}, key);
  }
  if (sighting.delegation.has_value() && IsHiddenByDelegation(key, *sighting.delegation)) {
    return HiddenBy({.by = *sighting.delegation, .delegation = true}, key);
  }
  return absl::OkStatus();
}

absl::Status RecordWriter::HiddenBy(const Occlusion& occlusion, const RecordSetKey& key) {
  std::string const owner = occlusion.by.ToPlainText();
  return Fail(absl::StatusCode::kFailedPrecondition, key, Cat({"creating ", Describe(key)}),
              Cat({"record set ", Describe(key), " would never be served"}),
              occlusion.delegation ? Cat({"The NS records at ", owner,
                                          " delegate it and everything below to other servers; this zone may "
                                          "hold only NS and DS records there, and addresses of name servers. "
                                          "Create the set in the zone ",
                                          owner, " on its own servers, or remove the delegation."})
                                   : Cat({"The DNAME record at ", owner,
                                          " redirects every name below it. Remove that record, or create the "
                                          "set where it points to."}));
}

absl::Status RecordWriter::MadeButUnseen(const absl::Status& why, const RecordSetKey& key,
                                         const std::string& what) {
  return Fail(why.code(), key, what, Cat({what, ": the server made the update, but reading it back failed"}),
              Cat({"The next plan shows what it holds. Reading failed: ", ToStd(why.message())}));
}

absl::StatusOr<RecordSet> RecordWriter::ReadBack(const RecordSet& wish, const std::string& what,
                                                 const CallLimits& limits) {
  UpdateMessage exact(wish.key.zone);
  exact.RequireExact(wish);
  SightingAndCheck const seen = server_.LookAndCheck(wish.key, exact, what, limits);
  if (!seen.check.ok()) return MadeButUnseen(seen.check.status(), wish.key, what);
  if (seen.check->rcode == Rcode::kNoError) {
    RecordSet held = wish;
    // Glue and the like is in no answer; then the TTL is the one that the server has accepted.
    if (seen.sighting.ok() && seen.sighting->set.has_value() && SameValues(*seen.sighting->set, wish)) {
      held.ttl = seen.sighting->set->ttl;
    }
    return held;
  }
  absl::StatusOr<RecordSet> const held = ReadDirectly(server_, wish.key, what, limits);
  if (held.ok() && SameValues(*held, wish)) return *held;
  if (held.ok()) {
    return Fail(
        absl::StatusCode::kAborted, wish.key, what,
        Cat({what, ": somebody else changed it at the same time"}),
        Cat({"Right after our update it is: ", Describe(*held), ". The next plan shows the difference."}));
  }
  if (!absl::IsNotFound(held.status())) return MadeButUnseen(held.status(), wish.key, what);
  return Fail(
      absl::StatusCode::kFailedPrecondition, wish.key, what,
      Cat({what, ": the server accepted the update and dropped it"}),
      wish.key.type == RecordType::kDs
          ? kNoDelegation
          : "It answered NOERROR, but the record set is not there. Servers do so where a record cannot stand "
            "beside what the name holds already, a CNAME beside other data for example, or where somebody "
            "deleted it at the same moment.");
}

absl::StatusOr<RecordSet> RecordWriter::ExplainExisting(const RecordSet& wish, const UpdateAnswer& answer,
                                                        const std::string& what, const CallLimits& limits) {
  absl::StatusOr<RecordSet> const held = ReadDirectly(server_, wish.key, what, limits);
  if (held.ok()) {
    // The answer to the first copy of this very update was lost.
    if (answer.repeated && *held == wish) return *held;
    return Fail(absl::StatusCode::kAlreadyExists, wish.key, what,
                Cat({"record set ", Describe(wish.key), " exists already"}),
                Cat({"The server holds: ", Describe(*held),
                     ". It was left as it is. Import it to manage it from here, or delete it first."}));
  }
  if (absl::IsFailedPrecondition(held.status())) {
    return Fail(absl::StatusCode::kAlreadyExists, wish.key, what,
                Cat({"record set ", Describe(wish.key), " exists already"}), ToStd(held.status().message()));
  }
  if (!absl::IsNotFound(held.status())) return held.status();
  std::string const name = wish.key.name.ToPlainText();
  if (wish.key.type == RecordType::kCname) {
    return Fail(absl::StatusCode::kFailedPrecondition, wish.key, what,
                Cat({"a CNAME at ", name, " would stand beside other records"}),
                "The name holds records of other types, and a CNAME must be alone (RFC 1034, 3.6.2). Delete "
                "those first, "
                "or write out the addresses in place of the CNAME.");
  }
  return Fail(absl::StatusCode::kFailedPrecondition, wish.key, what,
              Cat({name, " is a CNAME, beside which nothing can stand"}),
              "A CNAME must be the only record set of its name (RFC 1034, 3.6.2). Delete the CNAME first, or "
              "create this "
              "set at the name that it points to.");
}

absl::StatusOr<RecordSet> RecordWriter::Create(const RecordSet& wish, const CallLimits& limits) {
  const RecordSetKey& key = wish.key;
  std::string const what = Cat({"creating ", Describe(key)});
  UpdateMessage update(key.zone);
  if (key.type == RecordType::kCname) {
    update.RequireNameFree(key.name);
  } else {
    update.RequireAbsent(key.name, key.type).RequireAbsent(key.name, RecordType::kCname);
  }
  if (key.type == RecordType::kDs) update.RequireExists(key.name, RecordType::kNs);
  update.Add(wish);
  ASSIGN_OR_RETURN(UpdateAnswer const answer, server_.Update(key.zone, update, what, limits));
  switch (answer.rcode) {
    case Rcode::kNoError: return ReadBack(wish, what, limits);
    case Rcode::kNxRrset:
      return Fail(absl::StatusCode::kFailedPrecondition, key, what,
                  Cat({key.name.ToPlainText(), " is not delegated, so it cannot have a DS record"}),
                  kNoDelegation);
    default: return ExplainExisting(wish, answer, what, limits);
  }
}

absl::StatusOr<RecordSet> RecordWriter::Replace(const RecordSet& expected, const RecordSet& wish,
                                                const CallLimits& limits) {
  return TryReplace(expected, wish, true, limits);
}

absl::StatusOr<RecordSet> RecordWriter::TryReplace(const RecordSet& expected, const RecordSet& wish,
                                                   bool may_repeat, const CallLimits& limits) {
  const RecordSetKey& key = wish.key;
  std::string const what = Cat({"changing ", Describe(key)});
  UpdateMessage update(key.zone);
  update.RequireExact(expected);
  if (IsApexNs(key)) {
    // Servers do not delete the whole set at the apex, not even for the length of a message.
    update.Add(wish);
    for (const Rdata& old : expected.records) {
      if (std::find(wish.records.begin(), wish.records.end(), old) == wish.records.end()) {
        update.DeleteRecord(key.name, old);
      }
    }
  } else {
    // As a whole, since some servers ignore a new TTL for a record that stays, or cannot delete by value.
    update.DeleteSet(key.name, key.type).Add(wish);
  }
  ASSIGN_OR_RETURN(UpdateAnswer const answer, server_.Update(key.zone, update, what, limits));
  if (answer.rcode == Rcode::kNoError) return ReadBack(wish, what, limits);

  absl::StatusOr<RecordSet> const held = ReadDirectly(server_, key, what, limits);
  // The answer to the first copy of this very update was lost.
  if (held.ok() && answer.repeated && *held == wish) return *held;
  if (held.ok() && may_repeat && SameValues(*held, expected) && !SameOctets(*held, expected)) {
    return TryReplace(*held, wish, false, limits);
  }
  if (!held.ok() && !absl::IsNotFound(held.status())) return held.status();
  return Fail(
      absl::StatusCode::kAborted, key, what,
      Cat({"record set ", Describe(key), " was changed by somebody else"}),
      Cat({"Expected: ", Describe(expected), ". ",
           held.ok() ? Cat({"Now it is: ", Describe(*held), ". "}) : std::string("Now it does not exist. "),
           "Nothing was written. Plan again to see what would change."}));
}

absl::Status RecordWriter::Delete(const RecordSet& expected, const CallLimits& limits) {
  if (IsApexNs(expected.key)) {
    return Fail(absl::StatusCode::kFailedPrecondition, expected.key,
                Cat({"deleting ", Describe(expected.key)}),
                Cat({"the NS records of zone ", expected.key.zone.ToPlainText(), " cannot be deleted"}),
                "A zone needs its NS records, and servers ignore their deletion silently. To stop managing "
                "them, take them "
                "out of the state in place of destroying them (a removed block with destroy = false).");
  }
  return TryDelete(expected, true, limits);
}

absl::Status RecordWriter::TryDelete(const RecordSet& expected, bool may_repeat, const CallLimits& limits) {
  const RecordSetKey& key = expected.key;
  std::string const what = Cat({"deleting ", Describe(key)});
  UpdateMessage update(key.zone);
  update.RequireExact(expected).DeleteSet(key.name, key.type);
  ASSIGN_OR_RETURN(UpdateAnswer const answer, server_.Update(key.zone, update, what, limits));
  if (answer.rcode == Rcode::kNoError) {
    UpdateMessage absent(key.zone);
    absent.RequireAbsent(key.name, key.type);
    absl::StatusOr<UpdateAnswer> const gone = server_.Update(key.zone, absent, what, limits);
    if (!gone.ok()) return MadeButUnseen(gone.status(), key, what);
    if (gone->rcode == Rcode::kNoError) return absl::OkStatus();
  }
  absl::StatusOr<RecordSet> const held = ReadDirectly(server_, key, what, limits);
  if (!held.ok()) {
    bool const ours = answer.rcode == Rcode::kNoError || answer.repeated;
    if (absl::IsNotFound(held.status()) && ours) return absl::OkStatus();
    return held.status();
  }
  if (answer.rcode == Rcode::kNoError) {
    return Fail(
        absl::StatusCode::kFailedPrecondition, key, what, Cat({what, ": the server still has it"}),
        Cat({"It accepted the deletion, but holds: ", Describe(*held),
             ". Either it does not delete this set, or somebody created it again at the same moment."}));
  }
  if (may_repeat && SameValues(*held, expected) && !SameOctets(*held, expected)) {
    return TryDelete(*held, false, limits);
  }
  return Fail(absl::StatusCode::kAborted, key, what,
              Cat({"record set ", Describe(key), " was changed by somebody else"}),
              Cat({"Expected: ", Describe(expected), ". Now it is: ", Describe(*held),
                   ". It was not deleted. Plan again to see what would change."}));
}

}  // namespace fediversity::dns
