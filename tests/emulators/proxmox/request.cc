#include "tests/emulators/proxmox/request.h"

#include <algorithm>

#include "tests/emulators/common/percent.h"

namespace fediversity::emulators {
namespace {

constexpr std::string_view kRoot = "/api2/json";
constexpr std::string_view kExtJsRoot = "/api2/extjs";
constexpr std::size_t kGreatestForm = 512 * 1024;

void AddForm(std::string_view form, Params& params) {
  for (const std::string& piece : Split(form, '&')) {
    if (piece.empty()) continue;
    auto const equals = piece.find('=');
    std::string const value = equals == std::string::npos ? "" : piece.substr(equals + 1);
    std::string const name = PercentDecode(piece.substr(0, equals), true);
    auto const [place, first] = params.emplace(name, PercentDecode(value, true));
    if (!first)
      place->second += std::string(1, '\0') + PercentDecode(value, true);  // a list, as Perl's CGI joins one
  }
}

std::string AsText(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  return value.dump();
}

}  // namespace

bool IsForExtJs(const HttpRequest& request) { return request.target.starts_with(kExtJsRoot); }

Reply ForExtJs(Reply reply) {
  if (reply.body.is_null()) return reply;
  bool const verification = reply.body.contains("errors");
  reply.body["success"] = reply.status == 200 ? 1 : 0;
  // The number of a parameter that was refused is text there; captured so.
  if (reply.status != 200)
    reply.body["status"] = verification ? Json(std::to_string(reply.status)) : Json(reply.status);
  reply.status = 200;
  reply.reason = "OK";
  return reply;
}

Call ReadCall(const HttpRequest& request, std::optional<Reply>& refused) {
  std::string_view const target = request.target;
  auto const question = std::min(target.find('?'), target.size());
  Call call{.method = request.method};
  std::string_view const path = target.substr(0, question);
  for (std::string_view const root : {kRoot, kExtJsRoot}) {
    if (path.starts_with(root)) call.path = PercentDecode(path.substr(root.size()), false);
  }
  if (question < target.size()) AddForm(target.substr(question + 1), call.params);
  if (!request.body.empty() && (call.method == "GET" || call.method == "DELETE")) {
    refused = Error(501, "Unexpected content for method '" + call.method + "'");
    return call;
  }
  if (!request.parts.empty()) {
    call.parts = request.parts;
    return call;
  }
  if (request.body.size() > kGreatestForm) {
    refused = Error(501, "for data too large\n");
    return call;
  }
  if (request.Header("Content-Type").starts_with("application/json")) {
    Json const body = request.body.empty() ? Json::object() : Json::parse(request.body, nullptr, false);
    if (!body.is_object()) {
      refused = Error(400, "Parameter verification failed.\n");
      return call;
    }
    for (const auto& [name, value] : body.items()) call.params[name] = AsText(value);
  } else {
    AddForm(request.body, call.params);
  }
  return call;
}

}  // namespace fediversity::emulators
