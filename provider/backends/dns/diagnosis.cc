#include "provider/backends/dns/diagnosis.h"

#include "provider/base/text.h"

namespace fediversity::dns {
namespace {

std::string KeyText(const Connection& connection) {
  if (!connection.key().has_value()) return "without a key";
  std::string const algorithm = connection.key()->algorithm.ToPlainText();
  return Cat({"key ", connection.key()->name.ToPlainText(), " (", algorithm, ")"});
}

std::string Capitalized(std::string_view text) {
  std::string result(text);
  if (!result.empty() && result[0] >= 'a' && result[0] <= 'z')
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return result;
}

std::string ClockText(absl::Duration server_ahead) {
  bool const ahead = server_ahead >= absl::ZeroDuration();
  return Cat({"The server's clock is ", absl::FormatDuration(absl::AbsDuration(server_ahead)),
              ahead ? " ahead of ours" : " behind ours",
              "; signatures allow 300 s. Set the clock of the machine that is wrong, best by NTP."});
}

std::string SignatureText(const Attempted& attempted, const Connection::Outcome& outcome) {
  const TsigReport& tsig = outcome.tsig;
  std::string const why = Capitalized(ToStd(outcome.status.message()));
  if (tsig.server_ahead.has_value()) return Cat({why, ". ", ClockText(*tsig.server_ahead)});
  if (tsig.missing) {
    absl::StatusOr<Message> const message = ParseMessage(outcome.unverified);
    std::string const said = message.ok() ? RcodeName(message->rcode) : "nothing readable";
    return Cat(
        {why, ", so what it says (", said, ") proves nothing. Likely the server does not know the key ",
         attempted.connection.key()->name.ToPlainText(),
         ", does not sign at all, or something between it and us answered. Compare the key's name, algorithm "
         "and secret with the server's configuration."});
  }
  if (tsig.error == kTsigBadKey) {
    return Cat({why,
                ". The server has no key of this name with this algorithm. In BIND's configuration it is "
                "key \"",
                attempted.connection.key()->name.ToPlainText(),
                "\" { algorithm ...; secret ...; }; both sides "
                "need the same name and algorithm."});
  }
  if (tsig.error == kTsigBadSig) {
    return Cat({why,
                ". Name and algorithm of the key are known to the server, but the secrets differ, or the "
                "request was altered on its way. Copy the secret from the server's key again."});
  }
  return Cat({why, ". The answer was altered on its way, or another server with another secret gave it."});
}

std::string RefusedText(const Attempted& attempted) {
  std::string const key = attempted.connection.key().has_value()
                              ? Cat({"key ", attempted.connection.key()->name.ToPlainText()})
                              : std::string("requests without a key");
  switch (attempted.purpose) {
    case Purpose::kQuery:
      return Cat(
          {"The server does not answer queries for this zone from here: it does not serve the zone, or ", key,
           " may not query it (BIND: allow-query)."});
    case Purpose::kTransfer:
      return Cat({"The server does not let ", key, " transfer the zone (BIND: allow-transfer)."});
    case Purpose::kCheck:
      return Cat(
          {"The server does not let ", key,
           " send updates, not even one without changes, by which a record set is read exactly where the "
           "zone "
           "cannot be transferred. Allow either: in BIND allow-transfer, or allow-update or update-policy."});
    case Purpose::kUpdate:
      return Cat(
          {"The server does not let ", key,
           " make this update (BIND: allow-update, or update-policy with a grant for this name and type; and "
           "allow-query), or "
           "its checks refuse the data: an address at a name that is no host name, or an MX or apex NS "
           "record "
           "whose target within the zone has no address yet."});
  }
  return "";
}

}  // namespace

std::string Whereabouts(const Attempted& attempted) {
  return Cat({"Server ", attempted.connection.endpoint().ToText(), ", zone ", attempted.zone.ToPlainText(),
              ", ", KeyText(attempted.connection), "."});
}

absl::Status Failure(absl::StatusCode code, const Attempted& attempted, std::string_view summary,
                     std::string_view detail) {
  return {code, ToAbsl(Cat({summary, "\n", Whereabouts(attempted), "\n", detail}))};
}

absl::Status ExplainOutcome(const Attempted& attempted, const Connection::Outcome& outcome) {
  std::string const message = Capitalized(ToStd(outcome.status.message()));
  std::string unknown;
  if (attempted.purpose == Purpose::kUpdate && outcome.sent) {
    unknown = " Whether the server made the change is unknown; the next plan shows it.";
  }
  switch (outcome.status.code()) {
    case absl::StatusCode::kUnauthenticated: {
      std::string error = outcome.tsig.error == 0 ? "" : Cat({" (", TsigErrorName(outcome.tsig.error), ")"});
      return Failure(outcome.status.code(), attempted,
                     Cat({attempted.what, ": the DNS server's answer is not trusted", error}),
                     SignatureText(attempted, outcome));
    }
    case absl::StatusCode::kInvalidArgument:
      // What we send is well-formed; so it is what came back.
      if (!outcome.sent) return outcome.status;
      return Failure(absl::StatusCode::kUnavailable, attempted,
                     Cat({attempted.what, ": the DNS server's answer makes no sense"}),
                     Cat({message, ".", unknown, " Is it a DNS server that listens on this port?"}));
    case absl::StatusCode::kUnavailable:
      return Failure(
          outcome.status.code(), attempted, Cat({attempted.what, ": the DNS server cannot be reached"}),
          Cat({message, ".", unknown,
               " Check its name, its port, and that TCP passes the firewalls between it and us."}));
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kDeadlineExceeded:
      return Failure(outcome.status.code(), attempted, Cat({attempted.what, " was cut short"}),
                     Cat({message, ".", unknown}));
    default:
      return Failure(outcome.status.code(), attempted, Cat({attempted.what, " failed"}),
                     Cat({message, ".", unknown}));
  }
}

absl::Status ExplainRcode(const Attempted& attempted, Rcode rcode) {
  std::string const summary = Cat({attempted.what, ": the DNS server answered ", RcodeName(rcode)});
  switch (rcode) {
    case Rcode::kRefused:
      return Failure(absl::StatusCode::kPermissionDenied, attempted, summary, RefusedText(attempted));
    case Rcode::kNotAuth:
      return Failure(
          absl::StatusCode::kInvalidArgument, attempted, summary,
          attempted.purpose == Purpose::kTransfer
              ? "The server is not authoritative for this zone, or does not let this key transfer it."
              : "The server is not authoritative for this zone. The zone is the name that owns the SOA "
                "record, not a name below it; and updates go to the primary server.");
    case Rcode::kNotZone:
      return Failure(
          absl::StatusCode::kInvalidArgument, attempted, summary,
          "A name lies outside this zone. Give the zone that holds it, or a name within the zone.");
    case Rcode::kFormErr:
      return Failure(
          absl::StatusCode::kInvalidArgument, attempted, summary,
          "The server cannot read the request: it does not know the record type, or holds the data to be "
          "malformed.");
    case Rcode::kNotImp:
      return Failure(absl::StatusCode::kFailedPrecondition, attempted, summary,
                     "The server does not take such requests; dynamic updates may have to be switched on.");
    case Rcode::kServFail:
      return Failure(
          absl::StatusCode::kUnavailable, attempted, summary,
          "The server failed; its log says why. Often it cannot write the zone's journal, or the zone "
          "failed to load.");
    default:
      return Failure(absl::StatusCode::kInternal, attempted, summary, "This answer has no meaning here.");
  }
}

}  // namespace fediversity::dns
