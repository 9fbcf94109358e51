#ifndef FEDIVERSITY_TESTS_EMULATORS_PROXMOX_ACCESS_H_
#define FEDIVERSITY_TESTS_EMULATORS_PROXMOX_ACCESS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulators/proxmox/api.h"
#include "tests/emulators/proxmox/vm_options.h"

namespace fediversity::emulators {

using Privileges = std::set<std::string, std::less<>>;

struct Token {
  std::string secret;
  bool separated = true;  // has rights of its own, which never exceed those of its user
};

struct User {
  std::string password;
  std::map<std::string, Token> tokens = {};
};

struct AclEntry {
  std::string path;
  std::string who;  // a user or "user!token"
  std::string role;
  bool propagate = true;
};

struct Ticket {
  std::string text;
  std::string csrf;
};

// Users, tokens, roles and who may do what. Not thread-safe.
class AccessControl {
 public:
  explicit AccessControl(Version version);

  // Who sent the request, or the 401 that refuses it. `writes` asks for the CSRF token where a ticket is used.
  struct Outcome {
    std::optional<Identity> who;
    std::string refusal;
  };
  Outcome Authenticate(const std::string& authorization, const std::string& cookie, const std::string& csrf,
                       bool writes, std::int64_t now) const;
  // A new ticket for a user whose password fits; the ticket itself is a password, too.
  std::optional<Ticket> Login(const std::string& user, const std::string& password, std::int64_t now);

  // What someone may do at a path such as "/vms/100"; `pool` is that of the VM or storage, or "".
  Privileges At(const Identity& who, std::string_view path, std::string_view pool) const;
  // Every path that is named in a right of theirs, besides the well-known ones.
  std::vector<std::string> KnownPaths(const Identity& who) const;

  // The privileges of a role, or nothing.
  const Privileges* Role(const std::string& name) const;

  std::map<std::string, User> users;
  std::vector<AclEntry> acl;
  std::map<std::string, Privileges> roles;

 private:
  Privileges AtFor(const std::string& who, std::string_view path) const;

  std::string key_;  // signs tickets
};

}  // namespace fediversity::emulators

#endif  // FEDIVERSITY_TESTS_EMULATORS_PROXMOX_ACCESS_H_
