#ifndef FEDIVERSITY_TESTS_EMULATORS_GARAGE_CALL_H_
#define FEDIVERSITY_TESTS_EMULATORS_GARAGE_CALL_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/emulators/common/http_message.h"
#include "tests/emulators/garage/fields.h"
#include "tests/emulators/garage/reply.h"

namespace fediversity::emulators::garage {

// What stands behind the '?' of a target.
class Query {
 public:
  Query() = default;
  // A parameter that stands there twice is kept in `repeated`.
  explicit Query(std::string_view text);

  bool Has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> Get(std::string_view name) const;
  const std::string& repeated() const { return repeated_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::string repeated_;
};

// A request to the admin API, before anybody asks who sent it.
struct Call {
  Version version = Version::kTwoFive;
  Query query;
  std::string body;
};

// What an authorised request does. `who` is the id of the token, "" for that of the configuration.
using Effect = std::function<Reply(Store& store, const std::string& who)>;

// A request is taken apart before its token is looked at: what is wrong by then is told to anybody.
using Parsed = std::variant<Reply, Effect>;

// Reads the body of a call by `read`, which takes Fields, and answers what `make` makes of the result, an Effect.
template <typename Read, typename Make>
Parsed WithBody(const Call& call, std::string_view what, Read read, Make make);

// The body as JSON; what is no JSON is put into `refused`.
Json ParseBody(const std::string& body, std::optional<Reply>& refused);

template <typename Read, typename Make>
Parsed WithBody(const Call& call, std::string_view what, Read read, Make make) {
  std::optional<Reply> refused;
  Json const body = ParseBody(call.body, refused);
  if (refused.has_value()) return *refused;
  std::string error;
  Fields fields(body, what, error);
  auto wish = read(fields, error);
  if (!error.empty()) return InvalidJson(error, call.body.size());
  return Parsed(Effect(make(std::move(wish))));
}

// A method of the API v2.
struct Endpoint {
  std::string_view method;
  std::string_view name;
  Parsed (*parse)(const Call& call);
  Version since = Version::kTwoOne;
  // A parameter that has to be there.
  std::string_view argument = {};
};

// Nothing where the version has no such method.
const Endpoint* FindEndpoint(Version version, std::string_view method, std::string_view name);

std::vector<Endpoint> BucketEndpoints();
std::vector<Endpoint> AliasEndpoints();
std::vector<Endpoint> KeyEndpoints();
std::vector<Endpoint> TokenEndpoints();
std::vector<Endpoint> ClusterEndpoints();

// From `offset`, which is part of it, on, and no more than `limit`. Versions before 2.5 know no pages.
struct Page {
  std::string offset;
  std::size_t limit = 0;
};

// Reads the parameters of a page; what is wrong with them is put into `refused`.
Page ReadPage(const Call& call, std::size_t limit, std::optional<Reply>& refused);

// The rows of a map that stand on the page, each as `make` makes it.
template <typename Map, typename Make>
Json OnPage(const Page& page, const Map& map, Make make) {
  Json rows = Json::array();
  for (auto at = map.lower_bound(page.offset); at != map.end() && rows.size() < page.limit; ++at) {
    rows.push_back(make(at->second));
  }
  return rows;
}

}  // namespace fediversity::emulators::garage

#endif  // FEDIVERSITY_TESTS_EMULATORS_GARAGE_CALL_H_
