#include "provider/base/text.h"
#include "tests/emulators/proxmox/quorum.h"
#include "tests/emulators/proxmox/router.h"

namespace fediversity::emulators {
namespace {

Json AsMap(const Privileges& privileges) {
  Json map = Json::object();
  for (const std::string& name : privileges) map[name] = 1;
  return map;
}

Reply GetPermissions(Cluster& cluster, const Call& call) {
  Identity who = call.who;
  if (std::string const asked = call.Get("userid"); !asked.empty() && asked != who.Name()) {
    if (!Allowed(cluster, call.who, "/access", "Sys.Audit")) return Denied("/access", "Sys.Audit");
    auto const bang = asked.find('!');
    who = {asked.substr(0, bang), bang == std::string::npos ? "" : asked.substr(bang + 1)};
  }
  Json data = Json::object();
  if (call.Has("path")) {
    data[call.Get("path")] = AsMap(cluster.access.At(who, call.Get("path"), ""));
    return Data(std::move(data));
  }
  // Someone with rights at few paths is shown those paths only.
  bool const has_root = !cluster.access.At(who, "/", "").empty();
  for (const std::string& path : cluster.access.KnownPaths(who)) {
    bool const well_known = path == "/" || path == "/access/groups" || path.find('/', 1) == std::string::npos;
    if (!has_root && well_known && cluster.access.At(who, path, "").empty()) continue;
    data[path] = AsMap(cluster.access.At(who, path, ""));
  }
  return Data(std::move(data));
}

Reply GetTicket(Cluster&, const Call&) { return Data(nullptr); }

Reply CreateUser(Cluster& cluster, const Call& call) {
  std::string const user = call.Get("userid");
  if (auto refused = RefuseFileLock(cluster, "create user failed", "file-user_cfg")) return *refused;
  if (!Allowed(cluster, call.who, "/access/groups", "User.Modify"))
    return Denied("/access/groups", "User.Modify");
  if (cluster.access.users.contains(user)) {
    return Died(Cat({"create user failed: user '", user, "' already exists"}));
  }
  cluster.access.users[user] = {.password = call.Get("password")};
  return Data(nullptr);
}

Reply GetUser(Cluster& cluster, const Call& call) {
  auto const user = cluster.access.users.find(call.Get("userid"));
  if (user == cluster.access.users.end()) return Died(Cat({"no such user ('", call.Get("userid"), "')"}));
  Json tokens = Json::object();
  for (const auto& [name, token] : user->second.tokens) {
    tokens[name] = {{"expire", 0}, {"privsep", token.separated ? 1 : 0}};
  }
  return Data({{"enable", 1}, {"expire", 0}, {"groups", Json::array()}, {"tokens", std::move(tokens)}});
}

Reply DeleteUser(Cluster& cluster, const Call& call) {
  if (cluster.access.users.erase(call.Get("userid")) == 0) {
    return Died(Cat({"delete user failed: user '", call.Get("userid"), "' does not exist"}));
  }
  std::erase_if(cluster.access.acl, [&](const AclEntry& entry) {
    return entry.who == call.Get("userid") || entry.who.starts_with(call.Get("userid") + "!");
  });
  return Data(nullptr);
}

Reply CreateToken(Cluster& cluster, const Call& call) {
  auto const user = cluster.access.users.find(call.Get("userid"));
  if (user == cluster.access.users.end()) return Died(Cat({"no such user ('", call.Get("userid"), "')"}));
  std::string const name = call.Get("tokenid");
  if (user->second.tokens.contains(name)) return BadParameter("tokenid", "Token already exists.");
  Token const token{.secret = cluster.NewUuid(), .separated = call.Flag("privsep", true)};
  user->second.tokens[name] = token;
  return Data({{"full-tokenid", user->first + "!" + name},
               {"info", {{"privsep", token.separated ? "1" : "0"}}},
               {"value", token.secret}});
}

Reply DeleteToken(Cluster& cluster, const Call& call) {
  auto const user = cluster.access.users.find(call.Get("userid"));
  if (user == cluster.access.users.end()) return Died(Cat({"no such user ('", call.Get("userid"), "')"}));
  if (user->second.tokens.erase(call.Get("tokenid")) == 0) {
    return Died(Cat({"no such token '", call.Get("tokenid"), "' for user '", user->first, "'"}));
  }
  return Data(nullptr);
}

Reply GetAcl(Cluster& cluster, const Call&) {
  Json rows = Json::array();
  for (const AclEntry& entry : cluster.access.acl) {
    rows.push_back({{"path", entry.path},
                    {"ugid", entry.who},
                    {"type", entry.who.find('!') == std::string::npos ? "user" : "token"},
                    {"roleid", entry.role},
                    {"propagate", entry.propagate ? 1 : 0}});
  }
  return Data(std::move(rows));
}

Reply ChangeAcl(Cluster& cluster, const Call& call) {
  if (!Allowed(cluster, call.who, call.Get("path"), "Permissions.Modify")) {
    return Denied(call.Get("path"), "Permissions.Modify");
  }
  for (const std::string& role : SplitList(call.Get("roles"))) {
    if (cluster.access.Role(role) == nullptr) return Died(Cat({"role '", role, "' does not exist"}));
    for (const std::string& who : SplitList(call.Get("users") + "," + call.Get("tokens"))) {
      std::erase_if(cluster.access.acl, [&](const AclEntry& entry) {
        return entry.path == call.Get("path") && entry.who == who && entry.role == role;
      });
      if (call.Flag("delete")) continue;
      cluster.access.acl.push_back(
          {.path = call.Get("path"), .who = who, .role = role, .propagate = call.Flag("propagate", true)});
    }
  }
  return Data(nullptr);
}

Reply GetRoles(Cluster& cluster, const Call&) {
  Json rows = Json::array();
  for (const auto& [name, privileges] : cluster.access.roles) {
    rows.push_back({{"roleid", name}, {"privs", Join(privileges, ",")}, {"special", 1}});
  }
  return Data(std::move(rows));
}

}  // namespace

std::vector<Route> AccessRoutes() {
  const std::string token = "/access/users/{userid}/token/{tokenid}";
  return {
      {"GET", "/access/permissions", "path str userid str", "", GetPermissions},
      {"GET", "/access/ticket", "", "", GetTicket},
      {"POST", "/access/users",
       "userid! str:64 password str:64 comment str email str enable bool expire int:0.. firstname str groups str "
       "keys str lastname str",
       "", CreateUser},
      {"GET", "/access/users/{userid}", "", "/access/groups User.Modify|Sys.Audit", GetUser},
      {"DELETE", "/access/users/{userid}", "", "/access/groups User.Modify", DeleteUser},
      {"POST", token, "comment str expire int:0.. privsep bool", "/access/groups User.Modify", CreateToken},
      {"DELETE", token, "", "/access/groups User.Modify", DeleteToken},
      {"GET", "/access/acl", "", "/access Sys.Audit|Permissions.Modify", GetAcl},
      {"PUT", "/access/acl",
       "path! str roles! str users str tokens str groups str propagate bool delete bool", "", ChangeAcl},
      {"GET", "/access/roles", "", "", GetRoles},
  };
}

}  // namespace fediversity::emulators
