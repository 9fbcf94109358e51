#include "provider/backends/garage/error.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "provider/base/status_mark.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::garage {
namespace {

using absl::StatusCode;
using nlohmann::json;

constexpr std::size_t kLongestMessage = 2000;
constexpr const char* kCauseMark = "fediversity/garage-cause";

// The service's codes. An HTTP status that does not go with one makes it somebody else's answer.
struct Row {
  std::string_view name;
  int http_status;
  StatusCode code;
  Cause cause;
  std::string_view advice;
};

constexpr std::array kRows = {
    Row{"AccessDenied", 403, StatusCode::kPermissionDenied, Cause::kAccessDenied, ""},
    Row{"NoSuchBucket", 404, StatusCode::kNotFound, Cause::kNoSuchThing, ""},
    Row{"NoSuchAccessKey", 404, StatusCode::kNotFound, Cause::kNoSuchThing, ""},
    Row{"NoSuchAdminToken", 404, StatusCode::kNotFound, Cause::kNoSuchThing, ""},
    Row{"BucketAlreadyExists", 409, StatusCode::kAlreadyExists, Cause::kTaken, ""},
    Row{"KeyAlreadyExists", 409, StatusCode::kAlreadyExists, Cause::kTaken, ""},
    Row{"BucketNotEmpty", 409, StatusCode::kFailedPrecondition, Cause::kNotEmpty, ""},
    Row{"InvalidBucketName", 400, StatusCode::kInvalidArgument, Cause::kInvalid,
        "A name has 3 to 63 lower-case letters, digits, dots and hyphens, begins and ends with a letter or digit, and "
        "is no IP address."},
    Row{"InvalidRequest", 400, StatusCode::kInvalidArgument, Cause::kInvalid, ""},
    Row{"ServiceUnavailable", 503, StatusCode::kUnavailable, Cause::kOther,
        "Too few of the cluster's nodes answer. `garage status` on a node shows which."},
    Row{"InternalError", 500, StatusCode::kInternal, Cause::kInternal, "The server's log says more."},
};

// Calls that not every 2.x server knows.
struct Since {
  std::string_view call;
  std::string_view version;
};

constexpr std::array kSince = {
    Since{"GetCurrentAdminTokenInfo", "2.1"},
    Since{"ListBucketsInfo", "2.5"},
    Since{"ListKeysInfo", "2.5"},
};

struct Answer {
  std::string code;
  std::string message;
};

// {"code", "message", "region", "path"}; nullopt where it is none of the service's own answers.
std::optional<Answer> AnswerOf(const http::Response& response) {
  json const body = json::parse(response.body, nullptr, false);
  if (!body.is_object()) return std::nullopt;
  auto const code = body.find("code");
  auto const message = body.find("message");
  if (code == body.end() || !code->is_string() || message == body.end() || !message->is_string())
    return std::nullopt;
  return Answer{code->get<std::string>(), message->get<std::string>()};
}

struct Finding {
  StatusCode code;
  Cause cause = Cause::kOther;
  std::string reason;
  std::string advice = {};
};

Finding UnknownCall(std::string_view call) {
  auto const since = std::ranges::find(kSince, call, &Since::call);
  if (since != kSince.end()) {
    return {StatusCode::kUnimplemented, Cause::kUnknownCall, Cat({"the server does not know ", call}),
            Cat({"That takes Garage ", since->version, " or later."})};
  }
  return {
      StatusCode::kUnimplemented, Cause::kUnknownCall, "the server is too old",
      Cat({"It does not know ", call,
           " of version 2 of the admin API. Garage 1.x has version 1 only: upgrade to Garage 2.0 or later."})};
}

Finding Foreign(const http::Request& request, const http::Response& response) {
  Finding finding{
      http::CodeOf(response.status), Cause::kOther, "this is no answer of Garage",
      "Check that the endpoint is the admin API of a Garage server, by default port 3903, or a proxy that "
      "leads to it."};
  if (finding.code == StatusCode::kUnavailable) {
    finding.reason = "a proxy in front of Garage does not reach it";
    finding.advice = "Check that the server runs, and that the proxy leads to its admin API.";
    if (!http::IsRepeatable(request))
      finding.advice += " Nobody knows whether the request was carried out: the next plan shows it.";
  } else if (finding.code == StatusCode::kNotFound) {
    // Nothing is known to be gone.
    finding.code = StatusCode::kFailedPrecondition;
  }
  return finding;
}

Finding FindingOf(const http::Request& request, const http::Response& response, std::string_view call) {
  std::optional<Answer> const answer = AnswerOf(response);
  if (!answer.has_value()) return Foreign(request, response);
  if (answer->code == "InvalidRequest" && absl::StrContains(answer->message, "Unknown API endpoint"))
    return UnknownCall(call);
  std::string const message = OneLine(answer->message);
  auto const row = std::ranges::find(kRows, answer->code, &Row::name);
  if (row == kRows.end() || row->http_status != response.status) {
    StatusCode code = http::CodeOf(response.status);
    if (code == StatusCode::kNotFound) code = StatusCode::kFailedPrecondition;
    return {code, Cause::kOther, message};
  }
  Finding finding{row->code, row->cause, message, std::string(row->advice)};
  bool const unsettled = row->http_status >= 500 && !http::IsRepeatable(request);
  if (unsettled)
    finding.advice += " Nobody knows whether the request was carried out: the next plan shows it.";
  return finding;
}

}  // namespace

absl::Status ErrorOf(const http::Request& request, const http::Response& response, std::string_view call,
                     std::string_view what) {
  Finding const finding = FindingOf(request, response, call);
  std::string text = Cat({what, ": ", finding.reason.empty() ? "no reason given" : finding.reason, "\n",
                          finding.advice, finding.advice.empty() ? "" : "\n", http::NameOf(request.method),
                          " ", response.url, " answered ", absl::StrCat(response.status), "."});
  return WithCause({finding.code, http::WithoutSecrets(std::move(text), request)}, finding.cause);
}

absl::Status WithCause(absl::Status status, Cause cause) {
  return WithMark(std::move(status), kCauseMark, cause);
}

Cause CauseOf(const absl::Status& status) { return MarkOf(status, kCauseMark, Cause::kOther); }

std::string OneLine(std::string_view message) {
  std::string line = ValidUtf8(message.substr(0, kLongestMessage));
  for (char& byte : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(byte))) byte = ' ';
  }
  absl::RemoveExtraAsciiWhitespace(&line);
  return line;
}

Parts PartsOf(const absl::Status& status) {
  std::string_view const message = ToStd(status.message());
  std::size_t const end = message.find('\n');
  if (end == message.npos) return {std::string(message), ""};
  return {std::string(message.substr(0, end)), std::string(message.substr(end + 1))};
}

absl::Status Reworded(const absl::Status& status, absl::StatusCode code, std::string_view message) {
  return WithCause(http::WithDelivery({code, ToAbsl(message)}, http::DeliveryOf(status)), CauseOf(status));
}

}  // namespace fediversity::garage
