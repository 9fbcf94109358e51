#include "tests/emulators/proxmox/access.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "provider/base/text.h"

namespace fediversity::emulators {
namespace {

constexpr std::int64_t kTicketLifetime = 7200;  // seconds

constexpr std::string_view kAll =
    "Datastore.Allocate Datastore.AllocateSpace Datastore.AllocateTemplate Datastore.Audit Group.Allocate Mapping.Audit "
    "Mapping.Modify Mapping.Use Permissions.Modify Pool.Allocate Pool.Audit Realm.Allocate Realm.AllocateUser "
    "SDN.Allocate SDN.Audit SDN.Use Sys.AccessNetwork Sys.Audit Sys.Console Sys.Incoming Sys.Modify Sys.PowerMgmt "
    "Sys.Syslog User.Modify VM.Allocate VM.Audit VM.Backup VM.Clone VM.Config.CDROM VM.Config.CPU VM.Config.Cloudinit "
    "VM.Config.Disk VM.Config.HWType VM.Config.Memory VM.Config.Network VM.Config.Options VM.Console VM.Migrate "
    "VM.PowerMgmt VM.Snapshot VM.Snapshot.Rollback";
constexpr std::string_view kOnlyNine =
    "VM.GuestAgent.Audit VM.GuestAgent.FileRead VM.GuestAgent.FileSystemMgmt VM.GuestAgent.FileWrite "
    "VM.GuestAgent.Unrestricted VM.Replicate";
constexpr std::string_view kOnlyEight = "VM.Monitor";

Privileges Words(std::string_view text) {
  auto const words = SplitList(text);
  return {words.begin(), words.end()};
}

std::string Sign(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  std::string encoded(EVP_ENCODE_LENGTH(EVP_MAX_MD_SIZE), '\0');
  int const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), digest.data(),
                                   static_cast<int>(length));
  encoded.resize(static_cast<std::size_t>(size));
  encoded.erase(encoded.find_last_not_of('=') + 1);
  return encoded;
}

std::string Hexadecimal(std::int64_t time) {
  char text[32];
  std::snprintf(text, sizeof(text), "%08llX", static_cast<unsigned long long>(time));
  return text;
}

Privileges Intersection(const Privileges& left, const Privileges& right) {
  Privileges both;
  std::ranges::set_intersection(left, right, std::inserter(both, both.end()));
  return both;
}

}  // namespace

AccessControl::AccessControl(Version version) : key_(32, '\0') {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key_.data()), static_cast<int>(key_.size())) != 1)
    std::abort();
  bool const nine = version == Version::kNine;
  Privileges all = Words(kAll);
  all.merge(Words(nine ? kOnlyNine : kOnlyEight));
  auto const choose = [&all](auto chosen) {
    Privileges some;
    std::ranges::copy_if(all, std::inserter(some, some.end()), chosen);
    return some;
  };
  roles["Administrator"] = all;
  roles["NoAccess"] = {};
  roles["PVEAdmin"] = choose([](const std::string& name) {
    return name != "Permissions.Modify" && name != "Sys.Modify" && name != "Sys.PowerMgmt" &&
           name != "Realm.Allocate" && name != "SDN.Allocate" && name != "Sys.AccessNetwork" &&
           name != "Sys.Incoming";
  });
  roles["PVEAuditor"] = choose([](const std::string& name) { return name.ends_with(".Audit"); });
  roles["PVEVMAdmin"] = choose([](const std::string& name) { return name.starts_with("VM."); });
  roles["PVEVMUser"] = choose([](const std::string& name) {
    static const Privileges kNames = {"VM.Audit",
                                      "VM.Backup",
                                      "VM.Config.CDROM",
                                      "VM.Config.Cloudinit",
                                      "VM.Console",
                                      "VM.PowerMgmt",
                                      "VM.GuestAgent.Audit",
                                      "VM.GuestAgent.FileRead",
                                      "VM.GuestAgent.FileWrite",
                                      "VM.GuestAgent.FileSystemMgmt"};
    return kNames.contains(name);
  });
  roles["PVETemplateUser"] = {"VM.Audit", "VM.Clone"};
  roles["PVEDatastoreAdmin"] = choose([](const std::string& name) { return name.starts_with("Datastore."); });
  roles["PVEDatastoreUser"] = {"Datastore.AllocateSpace", "Datastore.Audit"};
  roles["PVEPoolAdmin"] = {"Pool.Allocate", "Pool.Audit"};
  roles["PVEPoolUser"] = {"Pool.Audit"};
  roles["PVESDNUser"] = {"SDN.Audit", "SDN.Use"};
  roles["PVEMappingUser"] = {"Mapping.Audit", "Mapping.Use"};
  users["root@pam"] = {};
}

AccessControl::Outcome AccessControl::Authenticate(const std::string& authorization,
                                                   const std::string& cookie, const std::string& csrf,
                                                   bool writes, std::int64_t now) const {
  constexpr std::string_view kScheme = "PVEAPIToken=";
  constexpr std::string_view kCookie = "PVEAuthCookie=";
  std::string const refusal = "Authentication failed!";
  if (authorization.starts_with(kScheme)) {
    std::string const value = authorization.substr(kScheme.size());
    auto const bang = value.find('!');
    auto const equals = value.find('=', bang == std::string::npos ? 0 : bang);
    if (bang == std::string::npos || equals == std::string::npos) return {.refusal = refusal};
    Identity const who{value.substr(0, bang), value.substr(bang + 1, equals - bang - 1)};
    auto const user = users.find(who.user);
    if (user == users.end()) return {.refusal = refusal};
    auto const token = user->second.tokens.find(who.token);
    if (token == user->second.tokens.end() || token->second.secret != value.substr(equals + 1)) {
      return {.refusal = refusal};
    }
    return {.who = who};
  }
  auto const start = cookie.find(kCookie);
  if (start == std::string::npos) return {.refusal = "No ticket"};
  std::string const raw =
      cookie.substr(start + kCookie.size(), cookie.find(';', start) - start - kCookie.size());
  std::string ticket;
  for (std::size_t at = 0; at < raw.size(); ++at) {  // browsers and clients send it percent-encoded
    if (raw[at] == '%' && at + 2 < raw.size()) {
      ticket += static_cast<char>(std::stoi(raw.substr(at + 1, 2), nullptr, 16));
      at += 2;
    } else {
      ticket += raw[at];
    }
  }
  auto const mark = ticket.find("::");
  if (!ticket.starts_with("PVE:") || mark == std::string::npos) return {.refusal = refusal};
  std::string const plain = ticket.substr(0, mark);
  auto const last = plain.rfind(':');
  std::int64_t const made = std::strtoll(plain.c_str() + last + 1, nullptr, 16);
  if (ticket.substr(mark + 2) != Sign(key_, plain) || now - made > kTicketLifetime)
    return {.refusal = refusal};
  Identity const who{.user = plain.substr(4, last - 4)};
  if (writes) {
    auto const colon = csrf.find(':');
    bool const fits = colon != std::string::npos &&
                      csrf.substr(colon + 1) == Sign(key_, Cat({csrf.substr(0, colon), ":", who.user}));
    if (!fits) return {.refusal = "Permission denied - invalid csrf token"};
  }
  return {.who = who};
}

std::optional<Ticket> AccessControl::Login(const std::string& user, const std::string& password,
                                           std::int64_t now) {
  auto const found = users.find(user);
  if (found == users.end()) return std::nullopt;
  bool const by_password = !found->second.password.empty() && found->second.password == password;
  bool const by_ticket = Authenticate("", "PVEAuthCookie=" + password, "", false, now).who.has_value() &&
                         password.starts_with("PVE:" + user + ":");
  if (!by_password && !by_ticket) return std::nullopt;
  std::string const time = Hexadecimal(now);
  std::string const plain = Cat({"PVE:", user, ":", time});
  return Ticket{.text = plain + "::" + Sign(key_, plain),
                .csrf = Cat({time, ":", Sign(key_, Cat({time, ":", user}))})};
}

Privileges AccessControl::AtFor(const std::string& who, std::string_view path) const {
  Privileges found;
  for (std::size_t end = 0;; end = std::min(path.find('/', end + 1), path.size())) {
    std::string_view const prefix = end == 0 ? std::string_view("/") : path.substr(0, end);
    bool named = false;
    Privileges here;
    for (const AclEntry& entry : acl) {
      if (entry.who != who || entry.path != prefix || (!entry.propagate && prefix != path)) continue;
      named = true;
      if (const Privileges* const role = Role(entry.role)) here.insert(role->begin(), role->end());
    }
    if (named) found = std::move(here);  // what a deeper path says replaces what a shorter one said
    if (end == path.size() || path == "/") break;
  }
  return found;
}

Privileges AccessControl::At(const Identity& who, std::string_view path, std::string_view pool) const {
  auto const rights = [&](const std::string& name) {
    Privileges found = name == "root@pam" ? roles.at("Administrator") : AtFor(name, path);
    if (!pool.empty()) found.merge(AtFor(name, Cat({"/pool/", pool})));
    return found;
  };
  Privileges const of_user = rights(who.user);
  if (who.token.empty()) return of_user;
  auto const user = users.find(who.user);
  if (user == users.end()) return {};
  auto const token = user->second.tokens.find(who.token);
  if (token == user->second.tokens.end()) return {};
  return token->second.separated ? Intersection(of_user, rights(who.Name())) : of_user;
}

std::vector<std::string> AccessControl::KnownPaths(const Identity& who) const {
  std::set<std::string> paths = {"/",     "/access", "/access/groups", "/nodes",
                                 "/pool", "/sdn",    "/storage",       "/vms"};
  for (const AclEntry& entry : acl) paths.insert(entry.path);
  std::erase_if(paths, [&](const std::string& path) { return At(who, path, "").empty(); });
  return {paths.begin(), paths.end()};
}

const Privileges* AccessControl::Role(const std::string& name) const {
  auto const found = roles.find(name);
  return found == roles.end() ? nullptr : &found->second;
}

}  // namespace fediversity::emulators
