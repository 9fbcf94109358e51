#include "provider/backends/garage/client.h"

#include <utility>

#include "provider/backends/garage/cluster.h"
#include "provider/backends/garage/decode.h"
#include "provider/backends/garage/error.h"
#include "provider/base/status_macros.h"
#include "provider/base/text.h"
#include "provider/http/delivery.h"

namespace fediversity::garage {
namespace {

using nlohmann::json;

constexpr const char* kTokenCall = "GetCurrentAdminTokenInfo";

http::Request RequestOf(const Call& call, const Secret& bearer) {
  http::Request request{.method = call.body.has_value() ? http::Method::kPost : http::Method::kGet,
                        .path = {"v2", call.name},
                        .query = call.query,
                        .headers = {{"Authorization", bearer}},
                        .idempotent = call.idempotent};
  if (call.body.has_value()) {
    // Names come from people, and may be no UTF-8.
    request.body = http::JsonBody(call.body->dump(-1, ' ', false, json::error_handler_t::replace));
  }
  return request;
}

// The request with the body's secrets in its query, for messages that must not show them.
http::Request Masking(http::Request request, const Call& call) {
  for (const Secret& secret : call.secrets) request.query.emplace_back("secret", secret);
  return request;
}

std::string NameOf(const TokenInfo& token) {
  if (!token.id.has_value()) return "The token of the server's configuration file";
  return Cat({"The admin token ", token.name.empty() ? *token.id : Cat({"\"", OneLine(token.name), "\""})});
}

std::string ScopeOf(const TokenInfo& token) {
  if (token.scope.empty()) return "allows no call at all";
  return Cat({"allows only ", OneLine(Join(token.scope, ", "))});
}

}  // namespace

Client::Client(std::unique_ptr<http::Transport> transport, const Secret& token)
    : transport_(std::move(transport)),
      bearer_(Cat({"Bearer ", token.Reveal()})) {}

absl::StatusOr<json> Client::Send(const Call& call, const CallLimits& limits) {
  auto answer = SendOnce(call, limits);
  if (answer.ok() || CauseOf(answer.status()) != Cause::kAccessDenied) return answer;
  return ExplainRefusal(call, answer.status(), limits);
}

absl::StatusOr<json> Client::Get(std::string name, std::vector<http::Field> query, std::string what,
                                 const CallLimits& limits) {
  return Send({.name = std::move(name), .what = std::move(what), .query = std::move(query)}, limits);
}

absl::StatusOr<json> Client::SendOnce(const Call& call, const CallLimits& limits) {
  http::Request request = RequestOf(call, bearer_);
  absl::StatusOr<http::Response> const response = transport_->Send(request, limits);
  if (!response.ok()) {
    return Reworded(response.status(), response.status().code(),
                    Cat({call.what, ": ", ToStd(response.status().message())}));
  }
  if (response->status / 100 != 2) {
    return ErrorOf(Masking(std::move(request), call), *response, call.name, call.what);
  }
  json answer = json::parse(response->body, nullptr, false);
  if (!answer.is_discarded()) return answer;
  absl::Status const error =
      NotAnAnswer(call.what, Cat({response->url, " answered something else than JSON"}));
  if (!call.body.has_value()) return error;
  return Reworded(error, error.code(),
                  Cat({ToStd(error.message()), " Nobody knows whether the request was carried out."}));
}

absl::Status Client::ExplainRefusal(const Call& call, const absl::Status& refusal, const CallLimits& limits) {
  std::string const detail = PartsOf(refusal).detail;
  auto say = [&](absl::StatusCode code, std::string_view reason, std::string_view advice) {
    return Reworded(refusal, code, Cat({call.what, ": ", reason, "\n", advice, "\n", detail}));
  };
  Call const question{.name = kTokenCall, .what = "The admin token: asking about it"};
  auto const answer = call.name == kTokenCall ? absl::StatusOr<json>(refusal) : SendOnce(question, limits);
  auto const token = answer.ok() ? DecodeToken(*answer, question.what) : answer.status();
  if (token.ok() && !token->Allows(call.name)) {
    return say(absl::StatusCode::kPermissionDenied, Cat({"the admin token may not call ", call.name}),
               Cat({NameOf(*token), " is valid and ", ScopeOf(*token), ". Give it ", call.name,
                    " too, with `garage admin-token set --scope`, or use another token."}));
  }
  if (token.ok()) return refusal;
  if (CauseOf(token.status()) == Cause::kAccessDenied) {
    return say(
        absl::StatusCode::kUnauthenticated, "the server does not accept the admin token",
        "It is wrong or has expired. It has to be `admin_token` of the server's configuration, or one that "
        "`garage admin-token create` has shown; `garage admin-token list` shows which have expired.");
  }
  return say(absl::StatusCode::kPermissionDenied, "the server refuses the admin token",
             Cat({"It is wrong, or expired, or its scope lacks ", call.name,
                  ": which, this server does not tell (Garage 2.1 and later do)."}));
}

}  // namespace fediversity::garage
