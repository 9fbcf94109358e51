#include "tests/emulators/garage/admin_api.h"

#include <algorithm>

#include "provider/base/text.h"
#include "tests/emulators/garage/call.h"

namespace fediversity::emulators::garage {
namespace {

constexpr std::string_view kConfigured = "config";

std::string PathOf(const HttpRequest& request) { return request.target.substr(0, request.target.find('?')); }

// The id of the token that was sent, or why that may not make the call.
std::optional<std::string> Authorise(const Store& store, const HttpRequest& request, std::string_view call,
                                     std::string& why) {
  constexpr std::string_view kScheme = "Bearer ";
  std::string const header = request.Header("Authorization");
  if (!header.starts_with(kScheme)) {
    why = "Bearer token must be provided in Authorization header";
    return std::nullopt;
  }
  why = "Invalid bearer token";
  std::string const sent = header.substr(kScheme.size());
  if (sent == store.config_token) return std::string(kConfigured);
  auto const found = store.tokens.find(sent.substr(0, sent.find('.')));
  if (found == store.tokens.end()) return std::nullopt;
  const Token& token = found->second;
  bool const allowed = call == "GetCurrentAdminTokenInfo" || std::ranges::count(token.scope, "*") > 0 ||
                       std::ranges::count(token.scope, call) > 0;
  if (token.secret != sent || store.IsOver(token.expiration) || !allowed) return std::nullopt;
  return token.id;
}

HttpAnswer Health(const Store& store) {
  std::string const version =
      store.settings.version == Version::kOneThree ? "v1/health" : "v2/GetClusterHealth";
  return {.status = store.has_quorum ? 200 : 503,
          .body = Cat({store.has_quorum
                           ? "Garage is fully operational"
                           : "Quorum is not available for some/all partitions, reads and writes will fail",
                       "\nConsult the full health check API endpoint at /", version, " for more details\n"}),
          .content_type = "text/plain"};
}

Reply CheckDomain(Store& store, const Query& query) {
  std::string const domain = query.Get("domain").value_or("");
  const Bucket* const bucket = store.FindByAlias(domain);
  if (bucket != nullptr && bucket->website.has_value())
    return Ok("Domain '" + domain + "' is managed by Garage");
  return BadRequest("Domain '" + domain + "' is not managed by Garage");
}

Reply DispatchCall(Store& store, const HttpRequest& request, std::string& who) {
  constexpr std::string_view kRoot = "/v2/";
  std::string const path = PathOf(request);
  Query const query(request.target.substr(std::min(path.size() + 1, request.target.size())));
  if (path == "/check" && request.method == "GET") return CheckDomain(store, query);
  std::string_view const name = path.starts_with(kRoot) ? std::string_view(path).substr(kRoot.size()) : "";
  const Endpoint* const endpoint = FindEndpoint(store.settings.version, request.method, name);
  if (endpoint == nullptr) return BadRequest(Cat({"Unknown API endpoint: ", request.method, " ", path}));
  if (!query.repeated().empty()) return BadRequest("Query parameter repeated: '" + query.repeated() + "'");
  if (!endpoint->argument.empty() && !query.Has(endpoint->argument)) {
    return BadRequest(Cat({"Missing argument `", endpoint->argument, "` for endpoint"}));
  }
  Parsed const parsed =
      endpoint->parse({.version = store.settings.version, .query = query, .body = request.body});
  if (const Reply* const refused = std::get_if<Reply>(&parsed)) return *refused;
  std::string why;
  auto const token = Authorise(store, request, name, why);
  if (!token.has_value()) return Denied(why);
  who = *token;
  if (!store.has_quorum && request.method == "POST") {
    return {
        .status = 503,
        .code = "ServiceUnavailable",
        .message = "Internal error: Could not reach quorum of 2 (sets=Some(1)). 0 of 2 request succeeded"};
  }
  return std::get<Effect>(parsed)(store, who == kConfigured ? "" : who);
}

}  // namespace

HttpAnswer ToHttp(const Reply& reply, const HttpRequest& request, const Store& store) {
  Json const body = reply.status == 200 ? reply.body
                                        : Json{{"code", reply.code},
                                               {"message", reply.message},
                                               {"region", store.settings.region},
                                               {"path", PathOf(request)}};
  return {.status = reply.status, .body = body.dump(2, ' ', false, Json::error_handler_t::replace)};
}

HttpAnswer ServeAdmin(Store& store, const HttpRequest& request, std::string& who) {
  if (request.method == "OPTIONS") {
    return {.body = "", .content_type = "", .headers = {{"Allow", "OPTIONS,GET,POST"}}};
  }
  if (request.method == "GET" && PathOf(request) == "/health") return Health(store);
  return ToHttp(DispatchCall(store, request, who), request, store);
}

}  // namespace fediversity::emulators::garage
