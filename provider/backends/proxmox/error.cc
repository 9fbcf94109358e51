#include "provider/backends/proxmox/error.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "provider/base/text.h"

namespace fediversity::proxmox {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestMessage = 2000;
constexpr std::string_view kUnknownOutcome =
    "Nobody knows whether it was carried out: the next plan shows it.";
constexpr const char* kParametersMark = "fediversity/proxmox-parameters";

std::string OneLine(std::string_view text) {
  std::string line = ValidUtf8(text);
  for (char& byte : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(byte))) byte = ' ';
  }
  absl::RemoveExtraAsciiWhitespace(&line);
  if (line.size() > kLongestMessage) line = ValidUtf8(std::string_view(line).substr(0, kLongestMessage));
  return line;
}

// Secrets go first: one that is cut in two would not be found.
std::string OneLine(std::string text, const http::Request& request) {
  return OneLine(http::WithoutSecrets(std::move(text), request));
}

// The body's object; null where it is none. The largest answers are successes and do not come here.
json BodyOf(const http::Response& response) { return json::parse(response.body, nullptr, false); }

// "cores: value must have a minimum value of 1", one line for each parameter.
std::map<std::string, std::string> ParameterErrors(const json& body, const http::Request& request) {
  std::map<std::string, std::string> reasons;
  if (!body.is_object()) return reasons;
  auto const errors = body.find("errors");
  if (errors == body.end() || !errors->is_object()) return reasons;
  for (const auto& [name, reason] : errors->items()) {
    reasons[ValidUtf8(name)] =
        OneLine(reason.is_string() ? reason.get<std::string>() : reason.dump(), request);
  }
  return reasons;
}

struct Finding {
  Cause cause = Cause::kOther;
  absl::StatusCode code = absl::StatusCode::kInternal;
  std::string reason;  // the end of the summary
  std::string advice;
};

Finding BadParameters(const std::map<std::string, std::string>& reasons) {
  Finding finding{Cause::kBadParameter, absl::StatusCode::kInvalidArgument, "", ""};
  for (const auto& [name, reason] : reasons) {
    // Some states come as errors of a parameter, among them a VMID that is taken.
    Meaning const meaning = MeaningOf(reason);
    if (meaning.cause != Cause::kOther && meaning.cause != Cause::kBadParameter &&
        meaning.cause != Cause::kNoSuchThing && meaning.cause != Cause::kNoSuchStorage) {
      finding.cause = meaning.cause;
      finding.code = meaning.code;
      finding.advice = meaning.advice;
    }
  }
  finding.reason = reasons.size() == 1 ? Cat({"the server refuses ", reasons.begin()->first})
                                       : "the server refuses parameters";
  std::string list;
  for (const auto& [name, reason] : reasons) list += Cat({list.empty() ? "" : "\n", name, ": ", reason});
  finding.advice = finding.advice.empty() ? list : Cat({list, "\n", finding.advice});
  return finding;
}

// "Permission check failed (/vms/100, VM.Config.Memory)", or "Permission check failed (pool 'p1' does not exist)".
Finding Forbidden(std::string_view message) {
  Finding finding{Cause::kOther, absl::StatusCode::kPermissionDenied, "", ""};
  std::size_t const open = message.find('(');
  std::size_t const comma = message.find(", ", open == message.npos ? 0 : open);
  std::size_t const close = message.rfind(')');
  if (Meaning const meaning = MeaningOf(message); meaning.cause == Cause::kNoSuchPool) {
    return {meaning.cause, meaning.code, std::string(message.substr(open + 1, close - open - 1)),
            std::string(meaning.advice)};
  }
  if (open == message.npos || comma == message.npos || close == message.npos || close < comma) {
    finding.reason = "permission denied";
    finding.advice =
        "The credentials lack a privilege. An API token with privilege separation has only what was granted to the "
        "token itself, not what its user may.";
    return finding;
  }
  std::string const path(message.substr(open + 1, comma - open - 1));
  std::string privileges(message.substr(comma + 2, close - comma - 2));
  std::replace(privileges.begin(), privileges.end(), '|', ',');
  bool const several = privileges.find(',') != privileges.npos;
  finding.reason = Cat({"the credentials lack ", several ? "one of " : "", privileges, " on ", path});
  finding.advice =
      Cat({"Grant a role that has ", several ? "it" : privileges, " on ", path,
           ", or on a path above it. An API token with privilege separation has only what was granted to "
           "the token itself, not what its user may."});
  return finding;
}

Finding Unauthenticated(std::string_view message) {
  Finding finding{
      Cause::kOther, absl::StatusCode::kUnauthenticated, "the server does not accept the credentials",
      "Check that the API token is written as user@realm!name=secret, that it exists and has not expired, "
      "and that its user is enabled; or user, realm and password."};
  if (message.find("csrf") != message.npos) {
    finding.advice = "The CSRF prevention token does not belong to the ticket, or is missing.";
  }
  return finding;
}

// Answers of the node that was asked, about one that it passed the request on to.
Finding NodeUnreachable(const http::Request& request) {
  bool const named = request.path.size() > 1 && request.path.front() == "nodes";
  return {Cause::kOther, absl::StatusCode::kUnavailable,
          named ? Cat({"node ", request.path[1], " cannot be reached"}) : "the node cannot be reached",
          "The node that was asked could not pass the request on to the one that it is for."};
}

Finding FindingOf(const http::Request& request, const http::Response& response, const std::string& message,
                  const std::map<std::string, std::string>& parameters) {
  if (!parameters.empty()) return BadParameters(parameters);
  if (response.status == 401) return Unauthenticated(message);
  if (response.status == 403) return Forbidden(message);
  if (IsProxyFailure(response.status)) return NodeUnreachable(request);
  Meaning meaning = MeaningOf(message);
  // What does not exist is what was asked for; a write, and a VM's configuration, name other things as well.
  bool const own = request.method == http::Method::kGet &&
                   std::find(request.path.begin(), request.path.end(), "qemu") == request.path.end();
  bool const lacking = meaning.cause == Cause::kNoSuchThing || meaning.cause == Cause::kNoSuchStorage;
  if (lacking && own) meaning.code = absl::StatusCode::kNotFound;
  if (meaning.cause == Cause::kOther && response.status != 500) meaning.code = http::CodeOf(response.status);
  if (meaning.cause == Cause::kOther && meaning.code == absl::StatusCode::kNotFound) {
    // Proxmox has no such status: something in front of it answers, and nothing is known to be gone.
    meaning.code = absl::StatusCode::kFailedPrecondition;
    meaning.advice =
        "This is no answer of Proxmox. Check that `endpoints` name its nodes, or a proxy that leads to them.";
  }
  return {meaning.cause, meaning.code, message.empty() ? std::string("no reason given") : message,
          std::string(meaning.advice)};
}

// Whether the service can have done nothing of what it refuses. Without quorum it says so before it begins, unless it
// is its file system that refuses.
bool IsRefusal(const http::Response& response, const Finding& finding) {
  if (finding.cause == Cause::kNoQuorum) return SaysNoQuorum(response);
  return finding.code != absl::StatusCode::kUnavailable && finding.code != absl::StatusCode::kInternal &&
         finding.code != absl::StatusCode::kUnknown;
}

std::string RawMessageOf(const http::Response& response) {
  json const body = BodyOf(response);
  if (body.is_object()) {
    auto const message = body.find("message");
    if (message != body.end() && message->is_string() && !message->get_ref<const std::string&>().empty()) {
      return message->get<std::string>();
    }
  }
  return response.reason;
}

}  // namespace

std::string MessageOf(const http::Response& response) { return OneLine(RawMessageOf(response)); }

bool IsProxyFailure(int status) { return status >= 595 && status <= 599; }

bool SaysNoQuorum(const http::Response& response) {
  return response.status / 100 == 5 && absl::StrContains(MessageOf(response), "no quorum");
}

absl::Status ErrorOf(const http::Request& request, const http::Response& response, std::string_view what) {
  std::string const message = OneLine(RawMessageOf(response), request);
  std::map<std::string, std::string> const parameters = ParameterErrors(BodyOf(response), request);
  Finding finding = FindingOf(request, response, message, parameters);
  bool const refused = IsRefusal(response, finding);
  if (finding.code == absl::StatusCode::kUnavailable && !refused && !http::IsRepeatable(request)) {
    finding.advice += Cat({finding.advice.empty() ? "" : " ", kUnknownOutcome});
  }
  std::string text =
      Cat({what, ": ", finding.reason, "\n", finding.advice, finding.advice.empty() ? "" : "\n",
           http::NameOf(request.method), " ", response.url, " answered ", absl::StrCat(response.status)});
  if (finding.reason != message && !message.empty()) text += Cat({": ", message});
  absl::Status status =
      WithCause({finding.code, http::WithoutSecrets(std::move(text), request)}, finding.cause);
  std::vector<std::string> names;
  names.reserve(parameters.size());
  for (const auto& [name, reason] : parameters) names.push_back(name);
  if (!names.empty()) status.SetPayload(kParametersMark, absl::Cord(Join(names, "\n")));
  return refused ? AsRefused(status) : status;
}

std::vector<std::string> RefusedParameters(const absl::Status& status) {
  auto const names = status.GetPayload(kParametersMark);
  if (!names.has_value()) return {};
  return absl::StrSplit(std::string(*names), '\n');
}

absl::Status TaskError(std::string_view exit_status, std::string_view log, std::string_view upid,
                       std::string_view what) {
  Meaning meaning = MeaningOf(exit_status);
  if (meaning.code == absl::StatusCode::kInternal) meaning.code = absl::StatusCode::kFailedPrecondition;
  std::string text = Cat({what, ": ", OneLine(exit_status), "\n"});
  if (!meaning.advice.empty()) text += Cat({meaning.advice, "\n"});
  text += Cat({"The task ", ValidUtf8(upid), " failed."});
  if (!log.empty()) text += Cat({" Its log ends:\n", ValidUtf8(log)});
  absl::Status const status = WithCause({meaning.code, text}, meaning.cause);
  return absl::IsUnavailable(status) ? status : AsEnded(status);
}

}  // namespace fediversity::proxmox
