#include "tests/emulators/garage/call.h"

#include <algorithm>

#include "tests/emulators/common/pattern.h"
#include "tests/emulators/common/percent.h"

namespace fediversity::emulators::garage {

Query::Query(std::string_view text) {
  while (!text.empty()) {
    std::string_view const piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    if (piece.empty()) continue;
    auto const equals = std::min(piece.find('='), piece.size());
    std::string const name = PercentDecode(piece.substr(0, equals), true);
    std::string const value = PercentDecode(piece.substr(std::min(equals + 1, piece.size())), true);
    if (!values_.emplace(name, value).second && repeated_.empty()) repeated_ = name;
  }
}

std::optional<std::string> Query::Get(std::string_view name) const {
  auto const found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

Json ParseBody(const std::string& body, std::optional<Reply>& refused) {
  Json parsed = Json::parse(body, nullptr, false);
  if (!parsed.is_discarded()) return parsed;
  static const Pattern kNoName("\\s*\\{\\s*[^\"}\\s](?s:.*)");
  std::string const why = body.empty()            ? "EOF while parsing a value"
                          : kNoName.Matches(body) ? "key must be a string"
                                                  : "expected value";
  refused = InvalidJson(why, body.size());
  if (body.empty()) refused = InvalidJson(why, 0);
  return {};
}

const Endpoint* FindEndpoint(Version version, std::string_view method, std::string_view name) {
  static const std::vector<Endpoint> kAll = [] {
    std::vector<Endpoint> all;
    for (const auto& some :
         {BucketEndpoints(), AliasEndpoints(), KeyEndpoints(), TokenEndpoints(), ClusterEndpoints()}) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  auto const found = std::ranges::find_if(kAll, [&](const Endpoint& endpoint) {
    return endpoint.method == method && endpoint.name == name && version >= endpoint.since;
  });
  return found == kAll.end() ? nullptr : &*found;
}

Page ReadPage(const Call& call, std::size_t limit, std::optional<Reply>& refused) {
  static const Pattern kNumber("\\d{1,9}");
  Page page{.offset = "", .limit = limit};
  if (call.version != Version::kTwoFive) return page;
  page.offset = call.query.Get("offset").value_or("");
  if (auto const wanted = call.query.Get("limit")) {
    if (kNumber.Matches(*wanted)) {
      page.limit = static_cast<std::size_t>(std::stoi(*wanted));
    } else {
      refused = BadRequest("Failed to parse query parameter");
    }
  }
  return page;
}

}  // namespace fediversity::emulators::garage
