#include "tests/emulators/garage/call.h"
#include "tests/emulators/garage/names.h"
#include "tests/emulators/garage/shown.h"

namespace fediversity::emulators::garage {
namespace {

constexpr std::size_t kTokenIdBytes = 12;
constexpr std::size_t kTokenSecretBytes = 20;

Json Show(const Store& store, const Token& token) {
  return {{"id", token.id},
          {"created", ShowTime(token.created)},
          {"name", token.name},
          {"expiration", ShowTime(token.expiration)},
          {"expired", store.IsOver(token.expiration)},
          {"scope", token.scope}};
}

// The token of the configuration.
Json ShowConfigured() {
  return {{"id", nullptr},         {"created", nullptr}, {"name", "admin_token (from daemon configuration)"},
          {"expiration", nullptr}, {"expired", false},   {"scope", {"*"}}};
}

struct TokenChange {
  std::optional<std::string> name;
  std::optional<std::int64_t> expiration;
  bool never_expires = false;
  std::optional<std::vector<std::string>> scope;
};

TokenChange ReadTokenChange(Fields& fields, std::string&) {
  return {.name = fields.Text("name"),
          .expiration = fields.Time("expiration"),
          .never_expires = fields.Flag("neverExpires").value_or(false),
          .scope = fields.Texts("scope")};
}

Reply Change(const Store& store, const TokenChange& change, Token& token) {
  if (change.expiration.has_value() && change.never_expires) {
    return BadRequest("cannot specify `expiration` and `never_expires`");
  }
  token.name = change.name.value_or(token.name);
  token.scope = change.scope.value_or(token.scope);
  if (change.expiration.has_value()) token.expiration = change.expiration;
  if (change.never_expires) token.expiration.reset();
  return Ok(Show(store, token));
}

// "token_20261123_0629".
std::string DefaultName(const Store& store) {
  std::string const now = ShowTime(store.Now()).get<std::string>();
  std::string name = "token_";
  for (const char letter : now.substr(0, now.rfind(':'))) {
    if (letter == 'T') name += '_';
    if (letter >= '0' && letter <= '9') name += letter;
  }
  return name;
}

Parsed CreateAdminToken(const Call& call) {
  return WithBody(call, "UpdateAdminTokenRequestBody", ReadTokenChange, [](const TokenChange& change) {
    return [change](Store& store, const std::string&) {
      Token token{
          .id = store.Hex(kTokenIdBytes), .secret = "", .created = store.Now(), .name = DefaultName(store)};
      token.secret = token.id + "." + store.Hex(kTokenSecretBytes);
      Reply reply = Change(store, change, token);
      if (reply.status != 200) return reply;
      reply.body["secretToken"] = token.secret;
      store.tokens[token.id] = std::move(token);
      return reply;
    };
  });
}

Parsed UpdateAdminToken(const Call& call) {
  return WithBody(call, "UpdateAdminTokenRequestBody", ReadTokenChange,
                  [id = *call.query.Get("id")](const TokenChange& change) {
                    return [id, change](Store& store, const std::string&) {
                      auto const found = store.tokens.find(id);
                      return found == store.tokens.end() ? NoSuchToken(id)
                                                         : Change(store, change, found->second);
                    };
                  });
}

Parsed DeleteAdminToken(const Call& call) {
  return Effect([id = *call.query.Get("id")](Store& store, const std::string&) {
    return store.tokens.erase(id) == 0 ? NoSuchToken(id) : Ok(nullptr);
  });
}

Parsed ListAdminTokens(const Call&) {
  return Effect([](Store& store, const std::string&) {
    Json rows = Json::array({ShowConfigured()});
    for (const auto& [id, token] : store.tokens) rows.push_back(Show(store, token));
    return Ok(rows);
  });
}

Parsed GetAdminTokenInfo(const Call& call) {
  return Effect([query = call.query](Store& store, const std::string&) {
    auto const id = query.Get("id");
    auto const search = query.Get("search");
    if (id.has_value() == search.has_value()) {
      return BadRequest("Either id or search must be provided (but not both)");
    }
    if (id.has_value()) {
      auto const found = store.tokens.find(*id);
      return found == store.tokens.end() ? NoSuchToken(*id) : Ok(Show(store, found->second));
    }
    std::string const wanted = Lower(*search);
    std::vector<const Token*> matching;
    for (const auto& [token_id, token] : store.tokens) {
      if (token_id.starts_with(wanted) || Lower(token.name) == wanted) matching.push_back(&token);
    }
    if (matching.size() != 1) return BadRequest(std::to_string(matching.size()) + " matching admin tokens");
    return Ok(Show(store, *matching.front()));
  });
}

Parsed GetCurrentAdminTokenInfo(const Call&) {
  return Effect([](Store& store, const std::string& who) {
    auto const found = store.tokens.find(who);
    return Ok(found == store.tokens.end() ? ShowConfigured() : Show(store, found->second));
  });
}

}  // namespace

std::vector<Endpoint> TokenEndpoints() {
  return {{.method = "GET", .name = "ListAdminTokens", .parse = ListAdminTokens},
          {.method = "GET", .name = "GetAdminTokenInfo", .parse = GetAdminTokenInfo},
          {.method = "GET", .name = "GetCurrentAdminTokenInfo", .parse = GetCurrentAdminTokenInfo},
          {.method = "POST", .name = "CreateAdminToken", .parse = CreateAdminToken},
          {.method = "POST", .name = "UpdateAdminToken", .parse = UpdateAdminToken, .argument = "id"},
          {.method = "POST", .name = "DeleteAdminToken", .parse = DeleteAdminToken, .argument = "id"}};
}

}  // namespace fediversity::emulators::garage
